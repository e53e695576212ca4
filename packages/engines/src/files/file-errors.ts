import { type DeepwrightError, isDeepwrightError, toDeepwrightError } from "@deepwright/core";
import { engineUnavailable, fileMissing, fileUnreadable } from "../errors.js";

/** An error of `node:fs` as a typed one that names the file. */
export function toFileError(path: string, error: unknown): DeepwrightError {
  if (isDeepwrightError(error)) return error;
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR" || code === "ENAMETOOLONG") return fileMissing(path, error);
  if (code === "EACCES" || code === "EPERM") return fileUnreadable(path, "permission denied", error);
  if (code === "EISDIR") return fileUnreadable(path, "a folder", error);
  if (code !== undefined) return engineUnavailable(`${code} while reading ${JSON.stringify(path)}`, error);
  return toDeepwrightError(error);
}
