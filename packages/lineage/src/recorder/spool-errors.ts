import { DeepwrightError, type ErrorKind } from "@deepwright/core";

const elsewhere = "another folder with --store file:PATH or DEEPWRIGHT_DIRECTORY";
const notAllowed: readonly [ErrorKind, string] = ["not-allowed", `Give ${elsewhere}, one that you may write to`];
const noFolder: readonly [ErrorKind, string] = ["usage", `Give the path of a folder, or ${elsewhere}`];

/** By the system's error: whose fault it is, and what to do. */
const known: Readonly<Record<string, readonly [ErrorKind, string]>> = {
  EACCES: notAllowed,
  EPERM: notAllowed,
  EROFS: notAllowed,
  ENOTDIR: noFolder,
  EEXIST: noFolder,
};

/**
 * The disk refuses to take logs.
 *
 * @param trouble what the system said
 * @param effect what became of the call, as a clause
 */
export function spoolNotWritable(directory: string, trouble: unknown, effect: string): DeepwrightError {
  const code = trouble instanceof Error && "code" in trouble ? String(trouble.code) : "";
  const [kind, todo] = known[code] ?? (["unavailable", `Free or mount the disk, or give ${elsewhere}`] as const);
  return new DeepwrightError({
    code: "SPOOL_NOT_WRITABLE",
    kind,
    expected: `a folder ${JSON.stringify(directory)} that can be written`,
    got: trouble instanceof Error ? trouble.message : String(trouble),
    todo: `${todo}; ${effect}.`,
    ...(trouble instanceof Error ? { cause: trouble } : {}),
  });
}
