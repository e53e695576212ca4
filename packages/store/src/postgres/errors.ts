import { DeepwrightError, isDeepwrightError } from "@deepwright/core";
import { databaseError } from "../errors/database-error.js";

/** Types an error of `pg`: the server's own by its SQLSTATE, a broken connection as unavailable. */
export function postgresError(error: unknown): Error {
  if (isDeepwrightError(error)) return error;
  if (!(error instanceof Error)) return new Error(String(error));
  const fields = error as Error &
    Partial<Record<"code" | "severity" | "constraint" | "table" | "column" | "position", string>>;
  if (fields.severity !== undefined) {
    const { code: C, constraint: n, table: t, column: c, position: P } = fields;
    return databaseError({ C, n, t, c, P, M: error.message });
  }
  // The driver itself gives up before the server can refuse: there is no password, or the server did not prove its own.
  if (error.message.startsWith("SASL")) {
    return new DeepwrightError({
      code: "STORE_ACCESS_DENIED",
      kind: "not-allowed",
      expected: "a password that the Postgres server takes",
      got: error.message.includes("must be a") ? "none" : "another one",
      todo: "Put it into the address (postgres://user:password@host/database) or into PGPASSWORD.",
      cause: error,
    });
  }
  return new DeepwrightError({
    code: "STORE_UNAVAILABLE",
    kind: "unavailable",
    expected: "a connection to the Postgres server",
    got: fields.code ?? error.message,
    todo: "Check the address and that the server runs.",
    cause: error,
  });
}

export function missingPg(cause: unknown): DeepwrightError {
  return new DeepwrightError({
    code: "PEER_DEPENDENCY_MISSING",
    expected: "the package pg for a postgres: store",
    got: "none installed",
    todo: "Install it with `npm install pg`.",
    cause,
  });
}
