import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { DeepwrightError } from "@deepwright/core";
import { type GatewayConfig, isLoopback } from "../config/config.js";

/** Decides who may come in: the name by which the gateway is called, the page that calls, and the token. */
export interface Doorkeeper {
  /** Whether an `Authorization` header carries the token; always when there is none. Takes equal time for every wrong one. */
  admits(authorization: string | undefined): boolean;
  /** @throws DeepwrightError `HOST_NOT_ALLOWED`, `ORIGIN_NOT_ALLOWED`, `UNAUTHENTICATED` */
  check(headers: IncomingHttpHeaders, options: { readonly open: boolean; readonly reads: boolean }): void;
  /** The status line that refuses a WebSocket; `undefined` admits it to the handshake, which asks for the token. */
  refusesUpgrade(headers: IncomingHttpHeaders): string | undefined;
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** `[::1]:4000` -> `[::1]`, `localhost:4000` -> `localhost`. */
const nameOf = (host: string): string => host.toLowerCase().replace(/:\d+$/, "");

/** The token of a bearer header, or the password of a basic one, which browsers can ask a person for. */
function tokenOf(authorization: string): string {
  const [scheme = "", value = ""] = authorization.split(" ", 2);
  if (scheme.toLowerCase() === "bearer") return value;
  if (scheme.toLowerCase() !== "basic") return "";
  const decoded = Buffer.from(value, "base64").toString();
  return decoded.slice(decoded.indexOf(":") + 1);
}

function refuse(code: string, expected: string, got: string, todo: string): DeepwrightError {
  return new DeepwrightError({ code, kind: "not-allowed", expected, got, todo });
}

/** Makes the doorkeeper of a configuration. */
export function createDoorkeeper(config: GatewayConfig): Doorkeeper {
  const secret = config.token === undefined ? undefined : digest(config.token);
  const allowed = new Set(config.allowedHosts.map((name) => name.toLowerCase()));
  // A page of the internet whose name was made to point at this computer (DNS rebinding) calls us by that name.
  const checksHost = isLoopback(config.host) || allowed.size > 0;
  const knowsHost = (host: string | undefined): boolean =>
    !checksHost || (host !== undefined && (isLoopback(nameOf(host)) || allowed.has(nameOf(host))));
  /** Browsers name the page that calls; programs do not. */
  const knowsOrigin = ({ origin, host }: IncomingHttpHeaders): boolean =>
    origin === undefined ||
    (host !== undefined && origin.toLowerCase().replace(/^https?:\/\//, "") === host.toLowerCase());
  const admits = (authorization: string | undefined): boolean =>
    secret === undefined || timingSafeEqual(digest(tokenOf(authorization ?? "")), secret);
  return {
    admits,
    check(headers, { open, reads }) {
      if (!knowsHost(headers.host)) {
        throw refuse(
          "HOST_NOT_ALLOWED",
          "a Host header that names this gateway",
          JSON.stringify((headers.host ?? "").slice(0, 100)),
          "Call it as localhost, or add the name to allowedHosts.",
        );
      }
      if (!reads && !knowsOrigin(headers)) {
        throw refuse(
          "ORIGIN_NOT_ALLOWED",
          "a request of a page of this gateway",
          JSON.stringify((headers.origin ?? "").slice(0, 100)),
          "Call the gateway from its own pages or from a program.",
        );
      }
      if (!open && !admits(headers.authorization)) {
        throw refuse(
          "UNAUTHENTICATED",
          "the header Authorization: Bearer with the gateway's token",
          headers.authorization === undefined ? "none" : "another one",
          "Set DEEPWRIGHT_TOKEN to the token with which the gateway was started.",
        );
      }
    },
    refusesUpgrade(headers) {
      return knowsHost(headers.host) && knowsOrigin(headers) ? undefined : "403 Forbidden";
    },
  };
}
