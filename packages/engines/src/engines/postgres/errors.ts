import { type DeepwrightError, isDeepwrightError, toDeepwrightError } from "@deepwright/core";
import {
  accessDenied,
  engineUnavailable,
  memoryExceeded,
  queryFailed,
  queryInvalid,
  tableMissing,
} from "../../errors.js";

/** Errors by SQLSTATE (appendix A of Postgres' manual), or by the code of Node's socket. */
export function toEngineError(error: unknown): DeepwrightError {
  if (isDeepwrightError(error)) return error;
  if (!(error instanceof Error)) return toDeepwrightError(error);
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const message = error.message || code;
  if (code === "42P01") return tableMissing(message, error);
  if (code === "42501" || code.startsWith("28")) return accessDenied(message, error);
  if (code === "3D000" || /^(08|57P)/.test(code) || /^E[A-Z]+$/.test(code)) return engineUnavailable(message, error);
  if (code === "53200") return memoryExceeded(message, error);
  if (code.startsWith("53") || code.startsWith("58")) return engineUnavailable(message, error);
  if (/^(42|0A|26|34)/.test(code)) return queryInvalid(message, error);
  if (/^[0-9A-Z]{5}$/.test(code) && !code.startsWith("XX")) return queryFailed(message, error);
  if (/Connection terminated|timeout exceeded when trying to connect|The server does not support SSL/.test(message)) {
    return engineUnavailable(message, error);
  }
  return toDeepwrightError(error);
}

/** True for the error of a query that was canceled. */
export function isCanceled(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === "57014";
}
