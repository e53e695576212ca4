import { type DeepwrightError, isDeepwrightError, toDeepwrightError } from "@deepwright/core";
import {
  accessDenied,
  engineUnavailable,
  fileInvalid,
  fileMissing,
  fileUnreadable,
  memoryExceeded,
  queryFailed,
  queryInvalid,
  tableMissing,
} from "../../errors.js";

/**
 * DuckDB's errors are told apart by the words before the first colon of their message ("Binder Error: ..."), which its
 * manual lists and its client gives no other way to see.
 */
export function toEngineError(error: unknown): DeepwrightError {
  if (isDeepwrightError(error)) return error;
  if (!(error instanceof Error)) return toDeepwrightError(error);
  const message = error.message;
  const kind = /^(?:Failed to [\w ]+: )?([\w ]+?) Error: /.exec(message)?.[1] ?? "";
  const fileError = toFileError(message, error);
  if (fileError !== null) return fileError;
  switch (kind) {
    case "Catalog":
      return /Catalog Error: (Table|View) /.test(message) ? tableMissing(message, error) : queryInvalid(message, error);
    case "Parser":
    case "Syntax":
    case "Binder":
    case "Not implemented":
    case "Parameter Not Resolved":
      return queryInvalid(message, error);
    case "Out of Memory":
      return memoryExceeded(message, error);
    case "Permission":
      return accessDenied(message, error);
    case "IO":
    case "Connection":
      return engineUnavailable(message, error);
    case "INTERNAL":
    case "FATAL":
      return toDeepwrightError(error);
    default:
      return kind === "" ? toDeepwrightError(error) : queryFailed(message, error);
  }
}

/** True for the error of a query that was interrupted. */
export function isInterrupt(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("INTERRUPT Error");
}

/** True where a CSV or JSON file holds a value of another type than its first rows had. */
export function isSampleTooSmall(error: unknown): boolean {
  if (!isDeepwrightError(error) || error.code !== "DATA_FILE_INVALID" || !(error.cause instanceof Error)) return false;
  return /Error when converting column|JSON transform error/.test(error.cause.message);
}

function toFileError(message: string, cause: Error): DeepwrightError | null {
  const missing = /No files found that match the pattern "([\s\S]*?)"/.exec(message);
  if (missing) return fileMissing(missing[1] ?? "", cause);
  const denied = /Cannot open file "([\s\S]*?)": (Permission denied|Operation not permitted)/.exec(message);
  if (denied) return fileUnreadable(denied[1] ?? "", (denied[2] ?? "").toLowerCase(), cause);
  const absent = /Cannot open file "([\s\S]*?)": No such file or directory/.exec(message);
  if (absent) return fileMissing(absent[1] ?? "", cause);
  if (/CSV Error on Line: \d+/.test(message) || /Error when sniffing file/.test(message)) {
    const line = /CSV Error on Line: (\d+)/.exec(message)?.[1];
    const file = /^ *file ?= ?(.*)$/m.exec(message)?.[1] ?? /Error when sniffing file "([\s\S]*?)"/.exec(message)?.[1];
    return fileInvalid({
      file: file ?? null,
      line: line === undefined ? null : Number(line),
      reason: csvReason(message),
      cause,
    });
  }
  const json = /JSON(?: value)? in file "([\s\S]*?)", at byte (\d+) in (?:line|record\/value) (\d+): ([^\n]*)/.exec(
    message,
  );
  if (json)
    return fileInvalid({ file: json[1] ?? null, line: Number(json[3]), reason: trimSentence(json[4] ?? ""), cause });
  const parquet = /(?:file|File) ['"]([\s\S]*?)['"]/.exec(message);
  if (
    /parquet|magic bytes|thrift|corrupt/i.test(message) &&
    /^(Invalid Input|IO|Invalid|Serialization) ?Error|TProtocolException/.test(message)
  ) {
    return fileInvalid({
      file: parquet?.[1] ?? null,
      line: null,
      reason: trimSentence(message.split("\n")[0] ?? ""),
      cause,
    });
  }
  return null;
}

function csvReason(message: string): string {
  const lines = message.split("\n");
  const start = lines.findIndex((line) => line.startsWith("Original Line:"));
  const reason = (start < 0 ? lines[0] : lines[start + 1]) ?? "";
  return trimSentence(reason);
}

function trimSentence(text: string): string {
  return text
    .replace(/^[\w ]+ Error: /, "")
    .trim()
    .replace(/[.\s]+$/, "")
    .slice(0, 300);
}
