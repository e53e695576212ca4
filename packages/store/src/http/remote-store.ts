import { DeepwrightError, parseJson, type SerializedError, stringifyJson } from "@deepwright/core";
import type { RemoteStore } from "../store.js";

const timeoutMs = 60_000;

function unavailable(uri: string, got: string, cause?: unknown): DeepwrightError {
  return new DeepwrightError({
    code: "SERVER_UNAVAILABLE",
    kind: "unavailable",
    expected: `a Deepwright gateway at ${uri}`,
    got,
    todo: "Check the address and that the gateway runs; what was recorded stays on this machine until it answers.",
    cause,
  });
}

/** What a header can carry. Anything else would end as an error of the transport, again and again. */
function checkToken(token: string): void {
  if (/^[\x21-\x7e]+$/.test(token)) return;
  throw new DeepwrightError({
    code: "INVALID_TOKEN",
    expected: "a token of printable ASCII characters without spaces",
    got: "another one",
    todo: "Set DEEPWRIGHT_TOKEN to the token with which the gateway was started.",
  });
}

/** The error that the gateway sent, or one that says what came instead. */
function answerError(uri: string, status: number, text: string): DeepwrightError {
  try {
    const { error } = parseJson<{ error?: SerializedError }>(text);
    if (error && typeof error.code === "string") return DeepwrightError.fromJSON(error);
  } catch {
    // No JSON: a proxy, or another server.
  }
  if (status !== 401 && status !== 403) return unavailable(uri, `status ${status}`);
  return new DeepwrightError({
    code: "STORE_ACCESS_DENIED",
    kind: "not-allowed",
    expected: `the right to use ${uri}`,
    got: `status ${status} of something before the gateway`,
    todo: "Check the address, and what the proxy before the gateway asks for.",
  });
}

/** A gateway. Nothing is sent before the first call. @throws DeepwrightError `INVALID_TOKEN` */
export function remoteStore(address: string, token?: string): RemoteStore {
  if (token) checkToken(token);
  const base = new URL(address.endsWith("/") ? address : `${address}/`);
  base.username = "";
  base.password = "";
  const uri = base.href.replace(/\/$/, "");
  return {
    kind: "http",
    uri,
    async call<Result>(service: string, method: string, input: unknown): Promise<Result> {
      const target = new URL(`rpc/${encodeURIComponent(service)}/${encodeURIComponent(method)}`, base);
      let status = 0;
      let text = "";
      try {
        // A redirect would carry the token to wherever it points.
        const answer = await fetch(target, {
          method: "POST",
          redirect: "error",
          headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
          body: stringifyJson(input ?? {}),
          signal: AbortSignal.timeout(timeoutMs),
        });
        status = answer.status;
        text = await answer.text();
      } catch (error) {
        const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
        throw unavailable(uri, cause instanceof Error ? cause.message || cause.name : "no answer", error);
      }
      if (status < 200 || status >= 300) throw answerError(uri, status, text);
      return (text === "" ? undefined : parseJson(text)) as Result;
    },
    close: () => Promise.resolve(),
  };
}
