import { DeepwrightError } from "@deepwright/core";

/** The process that had the database open is gone; whether the statement took effect is not known. */
export const ownerGone = (cause?: unknown): DeepwrightError =>
  new DeepwrightError({
    code: "STORE_OWNER_GONE",
    kind: "unavailable",
    expected: "the process that has the database open to answer",
    got: "its end",
    todo: "Look whether the change was made, or repeat it if it may be made twice; the store has opened the database again.",
    cause,
  });

export const storeClosed = (): DeepwrightError =>
  new DeepwrightError({
    code: "STORE_CLOSED",
    kind: "conflict",
    expected: "an open store",
    got: "one that was closed",
    todo: "Open the store again with openStore.",
  });

export const transactionEnded = (): DeepwrightError =>
  new DeepwrightError({
    code: "TRANSACTION_ENDED",
    kind: "conflict",
    expected: "a transaction that is still open",
    got: "one that was committed or rolled back",
    todo: "Await every statement inside the transaction's function.",
  });

export const transactionTimedOut = (seconds: number): DeepwrightError =>
  new DeepwrightError({
    code: "TRANSACTION_TIMED_OUT",
    kind: "conflict",
    expected: `a statement of the open transaction at least every ${seconds} seconds`,
    got: "none, so it was rolled back",
    todo: "Keep other work out of transactions, and inside one use the transaction's executor, never the store's.",
    retryable: true,
  });

export const transactionAborted = (): DeepwrightError =>
  new DeepwrightError({
    code: "TRANSACTION_ABORTED",
    kind: "conflict",
    expected: "a transaction without a failed statement",
    got: "one that the database rolled back at its commit",
    todo: "Let the error of the failed statement end the transaction's function.",
  });

/** A file system refused something; `what` is the end of "expected …". */
export function fileSystemError(error: unknown, what: string): DeepwrightError {
  const systemCode = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  const meanings: Record<string, [string, "not-allowed" | "unavailable" | "usage", string]> = {
    EACCES: ["STORE_ACCESS_DENIED", "not-allowed", "Choose a directory that you may write to."],
    EPERM: ["STORE_ACCESS_DENIED", "not-allowed", "Choose a directory that you may write to."],
    EROFS: ["STORE_READ_ONLY", "not-allowed", "Choose a directory on a disk that can be written."],
    ENOSPC: ["DISK_FULL", "unavailable", "Free some space and try again."],
    EDQUOT: ["DISK_FULL", "unavailable", "Free some space and try again."],
    ENOTDIR: ["INVALID_STORE_URI", "usage", "Give the path of a directory."],
    EEXIST: ["INVALID_STORE_URI", "usage", "Give the path of a directory."],
    ENAMETOOLONG: ["INVALID_STORE_URI", "usage", "Give a shorter path."],
  };
  const [code, kind, todo] = meanings[systemCode] ?? [
    "STORE_UNAVAILABLE",
    "unavailable",
    "Check the disk and try again.",
  ];
  return new DeepwrightError({ code, kind, expected: what, got: `the error ${systemCode}`, todo, cause: error });
}
