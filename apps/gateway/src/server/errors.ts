import { DeepwrightError, isDeepwrightError } from "@deepwright/core";
import type { FastifyError, FastifyInstance } from "fastify";
import { publicError, type ReportDefect } from "../graphql/errors.js";

/** @param expected the end of the sentence "expected ..." */
export function invalidRequest(expected: string, got = "another body"): DeepwrightError {
  return new DeepwrightError({
    code: "INVALID_REQUEST",
    expected,
    got,
    todo: "See the documentation of the gateway for the shape of requests.",
  });
}

/** What Fastify itself refuses, as the typed error that clients get. */
function fromFastify(error: FastifyError): DeepwrightError | undefined {
  if (error.code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    return new DeepwrightError({
      code: "BODY_TOO_LARGE",
      expected: "a smaller request",
      got: "a body over the limit",
      todo: "Split the request, or raise the limit in the configuration.",
    });
  }
  if (error.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE")
    return invalidRequest("content type application/json", "another");
  const status = error.statusCode ?? 500;
  return status >= 400 && status < 500 ? invalidRequest("a well-formed request", "one that can't be read") : undefined;
}

/** Status of the codes that HTTP has a better one for than the kind of the error. */
const statuses: Readonly<Record<string, number>> = { BODY_TOO_LARGE: 413, UNAUTHENTICATED: 401 };

export const statusOf = (error: DeepwrightError): number => statuses[error.code] ?? error.httpStatus;

/** Every failure outside GraphQL leaves as `{ error: ... }` in the one shape; stacks and SQL stay inside. */
export function mountErrors(server: FastifyInstance, report: ReportDefect): void {
  server.setErrorHandler((error: FastifyError, _request, reply) => {
    const known = isDeepwrightError(error) ? error : fromFastify(error);
    const shown = publicError(known ?? error, report);
    if (shown.code === "UNAUTHENTICATED")
      void reply.header("www-authenticate", 'Bearer realm="deepwright", Basic realm="deepwright"');
    return reply
      .code(statusOf(shown))
      .type("application/json; charset=utf-8")
      .send(JSON.stringify({ error: shown.toJSON() }));
  });
  server.setNotFoundHandler((request, reply) => {
    const error = new DeepwrightError({
      code: "ROUTE_NOT_FOUND",
      kind: "not-found",
      expected: "a path of the gateway: /, /graphql, /rpc/:service/:method, /health, /ready",
      got: JSON.stringify(`${request.method} ${request.url.split("?", 1)[0]?.slice(0, 100)}`),
      todo: "Correct the address.",
    });
    return reply
      .code(404)
      .type("application/json; charset=utf-8")
      .send(JSON.stringify({ error: error.toJSON() }));
  });
}
