import { DeepwrightError, isDeepwrightError, type SerializedError } from "@deepwright/core";
import { GraphQLError, type GraphQLFormattedError } from "graphql";

/** Where defects are written down, with what a user needs to report them. */
export type ReportDefect = (error: unknown) => void;

/** Codes by which Apollo and our limits mark what the client did wrong; their messages hold nothing of ours. */
const clientCodes: ReadonlySet<unknown> = new Set([
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "PERSISTED_QUERY_NOT_FOUND",
  "PERSISTED_QUERY_NOT_SUPPORTED",
  "BAD_USER_INPUT",
  "BAD_REQUEST",
  "OPERATION_RESOLUTION_FAILURE",
  "QUERY_TOO_LARGE",
  "QUERY_TOO_COSTLY",
]);

/** The error under the wrappers that executors put around what a resolver or scalar threw. */
function rootOf(error: unknown): unknown {
  let current = error;
  for (let depth = 0; depth < 8; depth++) {
    if (isDeepwrightError(current) || !(current instanceof Error)) return current;
    const inner: unknown = "originalError" in current ? current.originalError : undefined;
    if (inner === undefined || inner === null) return current;
    current = inner;
  }
  return current;
}

/** What stands in the place of a defect. Never holds the message, SQL or stack. */
function maskedError(): DeepwrightError {
  return new DeepwrightError({
    code: "INTERNAL_ERROR",
    kind: "internal",
    expected: "the request to succeed",
    got: "a defect of the gateway",
    todo: "The details are in the gateway's log; report them.",
  });
}

function extensionsOf(error: SerializedError): Record<string, unknown> {
  const { message: _, ...extensions } = error;
  return extensions;
}

/** The typed error that a client may see in place of what was thrown; defects are reported and masked. */
export function publicError(error: unknown, report: ReportDefect): DeepwrightError {
  if (isDeepwrightError(error) && error.kind !== "internal") return error;
  report(error);
  return maskedError();
}

/** Apollo gives some of its own refusals a status but no code. */
function isClientStatus(error: unknown): boolean {
  if (!(error instanceof GraphQLError) || error.originalError) return false;
  const { http } = error.extensions as { readonly http?: { readonly status?: number } };
  return http?.status !== undefined && http.status >= 400 && http.status < 500;
}

/** Shapes an error of a GraphQL response: typed failures with their parts, the client's mistakes, or a masked defect. */
export function formatGraphqlError(
  formatted: GraphQLFormattedError,
  error: unknown,
  report: ReportDefect,
): GraphQLFormattedError {
  const root = rootOf(error);
  const place = {
    ...(formatted.path ? { path: formatted.path } : {}),
    ...(formatted.locations ? { locations: formatted.locations } : {}),
  };
  if (!isDeepwrightError(root)) {
    const client = root instanceof GraphQLError || root === error;
    if (client && (clientCodes.has(formatted.extensions?.code) || isClientStatus(error))) {
      const { stacktrace: _, ...extensions } = formatted.extensions ?? {};
      return { message: formatted.message, ...place, extensions };
    }
  }
  const typed = publicError(root, report).toJSON();
  return { message: typed.message, ...place, extensions: extensionsOf(typed) };
}
