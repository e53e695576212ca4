import { DeepwrightError } from "@deepwright/core";

/**
 * The disk refuses to take logs.
 *
 * @param trouble what the system said
 * @param effect what became of the call, as a clause
 */
export function spoolNotWritable(directory: string, trouble: unknown, effect: string): DeepwrightError {
  return new DeepwrightError({
    code: "SPOOL_NOT_WRITABLE",
    kind: "unavailable",
    expected: `a folder ${JSON.stringify(directory)} that can be written`,
    got: trouble instanceof Error ? trouble.message : String(trouble),
    todo: `Free or mount the disk, or give another folder with --store file:PATH or DEEPWRIGHT_DIRECTORY; ${effect}.`,
    ...(trouble instanceof Error ? { cause: trouble } : {}),
  });
}
