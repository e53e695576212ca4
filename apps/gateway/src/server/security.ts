import type { FastifyInstance } from "fastify";
import type { Doorkeeper } from "./doorkeeper.js";

/** No scripts, no frames, nothing from elsewhere; styles only the overview's own, by hash. */
function contentSecurityPolicy(styleHash: string): string {
  return `default-src 'none'; style-src '${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

const openPaths: ReadonlySet<string> = new Set(["/health", "/ready"]);

/** Checks every request at the door and sets the headers that every answer carries. */
export function mountSecurity(server: FastifyInstance, doorkeeper: Doorkeeper, styleHash: string): void {
  const policy = contentSecurityPolicy(styleHash);
  server.addHook("onRequest", (request, reply, done) => {
    reply.headers({
      "content-security-policy": policy,
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "cross-origin-resource-policy": "same-origin",
      "cache-control": "no-store",
    });
    const { method, url } = request.raw;
    const path = (url ?? "/").split("?", 1)[0] ?? "/";
    try {
      doorkeeper.check(request.headers, { open: openPaths.has(path), reads: method === "GET" || method === "HEAD" });
      done();
    } catch (error) {
      done(error as Error);
    }
  });
}
