import { type DeepwrightError, isDeepwrightError, toDeepwrightError } from "@deepwright/core";
import type { ServiceError } from "@grpc/grpc-js";
import type { DataSource } from "../../engine.js";
import {
  accessDenied,
  engineUnavailable,
  fileInvalid,
  fileMissing,
  memoryExceeded,
  queryFailed,
  queryInvalid,
  tableMissing,
} from "../../errors.js";

/** Codes of gRPC's "Status codes and their use" that say something about the server and not about the statement. */
const grpc = { cancelled: 1, deadlineExceeded: 4, permissionDenied: 7, unavailable: 14, unauthenticated: 16 };

/**
 * Errors by gRPC status, then by Spark's condition (`[TABLE_OR_VIEW_NOT_FOUND] ... SQLSTATE: 42P01`, "Error Conditions" of
 * Spark's manual), which also stands inside the message of a failed task.
 */
export function toEngineError(error: unknown): DeepwrightError {
  if (isDeepwrightError(error)) return error;
  if (!isServiceError(error)) return toDeepwrightError(error);
  const message = error.details;
  if (error.code === grpc.unavailable || error.code === grpc.deadlineExceeded || error.code === grpc.cancelled) {
    return engineUnavailable(message, error);
  }
  if (error.code === grpc.permissionDenied || error.code === grpc.unauthenticated) return accessDenied(message, error);
  const conditions = [...message.matchAll(/\[([A-Z][A-Z0-9_]*(?:\.[A-Z0-9_]+)*)\]/g)].map(([, name]) => name as string);
  const state = /SQLSTATE: ([0-9A-Z]{5})/.exec(message)?.[1] ?? "";
  const has = (name: string): boolean => conditions.some((found) => found === name || found.startsWith(`${name}.`));
  if (has("PATH_NOT_FOUND")) return fileMissing(pathOf(message), error);
  if (has("FAILED_READ_FILE") || has("MALFORMED_RECORD_IN_PARSING") || /is not a Parquet file/.test(message)) {
    return fileInvalid({ file: fileOf(message), line: null, reason: firstSentence(message), cause: error });
  }
  // Spark cuts the message of a failed task before its cause; the frame of the stack tells which step failed.
  if (/\breadParquetFooters/.test(message)) {
    return fileInvalid({ file: null, line: null, reason: unreadableFooter, cause: error });
  }
  if (has("CANNOT_READ_FILE_FOOTER") || has("UNABLE_TO_INFER_SCHEMA") || /Could not read footer/.test(message)) {
    return fileInvalid({ file: fileOf(message), line: null, reason: firstSentence(message), cause: error });
  }
  if (/^Input (?:path does not exist|Pattern )|Relative path in absolute URI/.test(message)) {
    return fileInvalid({ file: fileOf(message), line: null, reason: firstSentence(message), cause: error });
  }
  if (has("TABLE_OR_VIEW_NOT_FOUND")) return tableMissing(message, error);
  if (has("INVALID_HANDLE")) return engineUnavailable(message, error);
  if (/OutOfMemoryError|spark\.driver\.maxResultSize/.test(message)) return memoryExceeded(message, error);
  if (state.startsWith("42") || state.startsWith("0A") || has("PARSE_SYNTAX_ERROR"))
    return queryInvalid(message, error);
  if (/SparkContext was shut down|Connect server is stopp|cannot be launched/i.test(message)) {
    return engineUnavailable(message, error);
  }
  if (state !== "" || /Job aborted|SparkException|ArithmeticException/.test(message))
    return queryFailed(message, error);
  return toDeepwrightError(error);
}

const unreadableFooter = "a Parquet file whose footer can't be read";

/** Runs `work` on a source; where the error of a bad file names none, the source's path does. */
export async function namingFile<Result>(source: DataSource, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (source.kind !== "file" || !isDeepwrightError(error) || error.code !== "DATA_FILE_INVALID") throw error;
    if (error.details?.file !== null || !isServiceError(error.cause)) throw error;
    const { details } = error.cause;
    const reason = /\breadParquetFooters/.test(details) ? unreadableFooter : firstSentence(details);
    throw fileInvalid({ file: source.path, line: null, reason, cause: error.cause });
  }
}

/** True for the error of a query that was interrupted. */
export function isInterrupt(error: unknown): boolean {
  return (
    isServiceError(error) &&
    (error.code === grpc.cancelled || /OPERATION_CANCELED|operation has been cancell?ed/i.test(error.details))
  );
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "details" in error && typeof error.details === "string" && "code" in error;
}

function pathOf(message: string): string {
  return withoutScheme(/Path does not exist: ([\s\S]*?)\. SQLSTATE/.exec(message)?.[1] ?? "");
}

function fileOf(message: string): string | null {
  const found = /(?:while reading file|footer for file:?|file:?) ((?:\w+:)?\/[^\n]*?)(?:\.? SQLSTATE|\. |: |$)/m.exec(
    message,
  );
  return found?.[1] === undefined ? null : withoutScheme(found[1]);
}

const withoutScheme = (path: string): string => path.replace(/^file:(?:\/\/(?=\/))?/, "");

function firstSentence(message: string): string {
  return (message.split("\n")[0] ?? "").replace(/\s*SQLSTATE: \w+/, "").slice(0, 300);
}
