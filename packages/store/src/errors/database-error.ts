import { DeepwrightError, type ErrorKind } from "@deepwright/core";

interface Meaning {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly expected: string;
  readonly todo: string;
  readonly retryable?: boolean;
}

const again = "Run the transaction again.";
/** By SQLSTATE, or by its first two characters (PostgreSQL documentation, appendix A). */
const meanings: Record<string, Meaning> = {
  "08": {
    code: "STORE_UNAVAILABLE",
    kind: "unavailable",
    expected: "a connection to the database",
    todo: "Try again; check that the server runs.",
  },
  "22": {
    code: "INVALID_VALUE",
    kind: "usage",
    expected: "a value that the column's type can hold",
    todo: "Correct the value.",
  },
  "23505": {
    code: "UNIQUE_VIOLATION",
    kind: "conflict",
    expected: "a row that does not exist yet",
    todo: "Choose another key, or update the row that is there.",
  },
  "23": {
    code: "CONSTRAINT_VIOLATION",
    kind: "conflict",
    expected: "a row that the table's constraints allow",
    todo: "Write the rows that it refers to first, and fill in what must be there.",
  },
  "25P02": {
    code: "TRANSACTION_ABORTED",
    kind: "conflict",
    expected: "a transaction without a failed statement",
    todo: again,
  },
  "25006": {
    code: "STORE_READ_ONLY",
    kind: "not-allowed",
    expected: "a database that can be written",
    todo: "Use the primary server, or a role that may write.",
  },
  "28": {
    code: "STORE_ACCESS_DENIED",
    kind: "not-allowed",
    expected: "a user and password that the database accepts",
    todo: "Correct the user or the password of the address.",
  },
  "3D000": {
    code: "DATABASE_NOT_FOUND",
    kind: "not-found",
    expected: "the name of a database on that server",
    todo: "Create the database, or correct the name in the address.",
  },
  "40": {
    code: "TRANSACTION_CONFLICT",
    kind: "conflict",
    expected: "no other transaction on the same rows",
    todo: again,
    retryable: true,
  },
  "42501": {
    code: "STORE_ACCESS_DENIED",
    kind: "not-allowed",
    expected: "the right to do this in the database",
    todo: "Grant the right to the role, or use another role.",
  },
  "42": {
    code: "INVALID_SQL",
    kind: "internal",
    expected: "a statement that the database understands",
    todo: "Correct the statement, and check that all migrations were applied.",
  },
  "53100": {
    code: "DISK_FULL",
    kind: "unavailable",
    expected: "room on the database's disk",
    todo: "Free some space and try again.",
  },
  "53": {
    code: "STORE_UNAVAILABLE",
    kind: "unavailable",
    expected: "memory, disk and connections left in the database",
    todo: "Try again later.",
  },
  "55P03": {
    code: "TRANSACTION_CONFLICT",
    kind: "conflict",
    expected: "no other transaction on the same rows",
    todo: again,
    retryable: true,
  },
  "57014": {
    code: "STATEMENT_CANCELLED",
    kind: "unavailable",
    expected: "the statement to end in time",
    todo: "Try again, or raise the statement timeout.",
  },
  "57": {
    code: "STORE_UNAVAILABLE",
    kind: "unavailable",
    expected: "a running database",
    todo: "Try again when the server is up.",
  },
};
const unknown: Meaning = {
  code: "DATABASE_ERROR",
  kind: "internal",
  expected: "the database to run the statement",
  todo: "Look up the SQLSTATE in the details.",
};

/**
 * The typed error for an error of Postgres. `details.sqlState`, `constraint`, `table` and `column` say what it was about;
 * neither the statement nor values of rows are in it.
 *
 * @param fields fields of the ErrorResponse message by their letter
 */
export function databaseError(fields: Readonly<Record<string, string | undefined>>): DeepwrightError {
  const sqlState = fields.C ?? "XX000";
  const meaning = meanings[sqlState] ?? meanings[sqlState.slice(0, 2)] ?? unknown;
  const named = { constraint: fields.n, table: fields.t, column: fields.c, position: fields.P };
  const details = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined && value !== ""));
  return new DeepwrightError({ ...meaning, got: fields.M ?? "an error", details: { sqlState, ...details } });
}
