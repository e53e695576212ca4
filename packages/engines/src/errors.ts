import { DeepwrightError } from "@deepwright/core";

/** An optional peer is absent. `packageName` is what to install. */
export function engineNotInstalled(packageName: string, purpose: string, cause: unknown): DeepwrightError {
  return new DeepwrightError({
    code: "ENGINE_NOT_INSTALLED",
    expected: `the package ${packageName}, which ${purpose} needs`,
    got: "no such package",
    todo: `Run \`npm install ${packageName}\`.`,
    details: { package: packageName },
    cause,
  });
}

export function engineClosed(): DeepwrightError {
  return new DeepwrightError({
    code: "ENGINE_CLOSED",
    kind: "conflict",
    expected: "an open engine",
    got: "one that was closed",
    todo: "Open another one with openEngine().",
  });
}

export function capabilityMissing(engine: string, capability: string, todo: string): DeepwrightError {
  return new DeepwrightError({
    code: "CAPABILITY_MISSING",
    expected: `an engine that ${capability}`,
    got: engine,
    todo,
    details: { engine },
  });
}

export function fileMissing(path: string, cause?: unknown): DeepwrightError {
  return new DeepwrightError({
    code: "DATA_FILE_MISSING",
    kind: "not-found",
    expected: "an existing data file, folder or pattern",
    got: JSON.stringify(path),
    todo: "Check the path; a pattern must match at least one file.",
    details: { file: path },
    cause,
  });
}

export function fileUnreadable(path: string, reason: string, cause?: unknown): DeepwrightError {
  return new DeepwrightError({
    code: "DATA_FILE_UNREADABLE",
    kind: "not-allowed",
    expected: `to be allowed to read ${JSON.stringify(path)}`,
    got: reason,
    todo: "Give this user the right to read the file.",
    details: { file: path },
    cause,
  });
}

/** The content of a file is not what its format asks for. `line` counts from 1. */
export function fileInvalid(options: {
  readonly file: string | null;
  readonly line: number | null;
  readonly reason: string;
  readonly cause?: unknown;
}): DeepwrightError {
  const { file, line, reason, cause } = options;
  const place = line === null ? "" : ` in line ${line}`;
  return new DeepwrightError({
    code: "DATA_FILE_INVALID",
    expected: file === null ? "a readable data file" : `${JSON.stringify(file)} to be a readable data file`,
    got: `${reason}${place}`,
    todo: "Repair or rewrite the file, or give its format if the ending is misleading.",
    details: { file, line },
    cause,
  });
}

export function fileChanged(path: string): DeepwrightError {
  return new DeepwrightError({
    code: "DATA_FILE_CHANGED",
    kind: "conflict",
    retryable: true,
    expected: `${JSON.stringify(path)} to stay as it is while it is read`,
    got: "another size or modification time at the end than at the start",
    todo: "Wait until the writer has finished, then read again.",
    details: { file: path },
  });
}

/** A parser, binder or catalog refused the statement. `message` is the engine's own, without a stack. */
export function queryInvalid(message: string, cause: unknown): DeepwrightError {
  return new DeepwrightError({
    code: "QUERY_INVALID",
    expected: "a statement in the engine's dialect over columns and tables that exist",
    got: firstLines(message),
    todo: "Correct the statement.",
    cause,
  });
}

export function tableMissing(message: string, cause: unknown): DeepwrightError {
  return new DeepwrightError({
    code: "TABLE_MISSING",
    kind: "not-found",
    expected: "a table or view that exists",
    got: firstLines(message),
    todo: "Check the name and the schema; quoted names are case-sensitive.",
    cause,
  });
}

export function columnMissing(name: string, columns: readonly string[]): DeepwrightError {
  return new DeepwrightError({
    code: "COLUMN_MISSING",
    kind: "not-found",
    expected: `one of the columns ${columns.map((column) => JSON.stringify(column)).join(", ")}`,
    got: JSON.stringify(name),
    todo: "Name a column of the data.",
    details: { column: name, columns },
  });
}

/** The statement was right and failed on the data: a conversion, a division, a constraint. */
export function queryFailed(message: string, cause: unknown): DeepwrightError {
  return new DeepwrightError({
    code: "QUERY_FAILED",
    expected: "every value to allow the computation",
    got: firstLines(message),
    todo: "Look at the value that is named, or guard the expression against it.",
    cause,
  });
}

export function memoryExceeded(message: string, cause: unknown): DeepwrightError {
  return new DeepwrightError({
    code: "MEMORY_LIMIT_EXCEEDED",
    kind: "unavailable",
    retryable: false,
    expected: "the query to fit into the memory limit, spilling what can be spilled",
    got: firstLines(message),
    todo: "Raise memoryLimit, lower threads, or stream the result instead of asking for it at once.",
    cause,
  });
}

export function engineUnavailable(message: string, cause: unknown): DeepwrightError {
  return new DeepwrightError({
    code: "ENGINE_UNAVAILABLE",
    kind: "unavailable",
    expected: "the database to answer",
    got: firstLines(message),
    todo: "Check that it runs and that its address is right, then try again.",
    cause,
  });
}

export function accessDenied(message: string, cause: unknown): DeepwrightError {
  return new DeepwrightError({
    code: "ENGINE_ACCESS_DENIED",
    kind: "not-allowed",
    expected: "a user that may do this",
    got: firstLines(message),
    todo: "Check user and password, or ask for the right.",
    cause,
  });
}

function firstLines(message: string): string {
  return message
    .trim()
    .split("\n")
    .slice(0, 3)
    .join(" ")
    .replace(/\s+/g, " ")
    .replace(/[.!?]+$/, "")
    .slice(0, 400);
}
