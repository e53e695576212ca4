import { writeFile } from "node:fs/promises";
import { DeepwrightError } from "@deepwright/core";

/** @throws DeepwrightError with the given code */
export async function writeTextFile(file: string, text: string, code = "FILE_NOT_WRITTEN"): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new DeepwrightError({
      code,
      kind: "unavailable",
      expected: `to write ${file}`,
      got: error instanceof Error ? error.message : String(error),
      todo: "Name a file in a folder that exists and that you may write to.",
      cause: error,
    });
  }
}
