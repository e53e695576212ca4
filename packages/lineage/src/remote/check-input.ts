import { DeepwrightError, type JsonValue, stringifyJson } from "@deepwright/core";
import type { z } from "zod";

/** Checks the input of a method where it comes in. @throws DeepwrightError `INVALID_INPUT` */
export function checkInput(schema: z.ZodType, value: unknown, method: string): unknown {
  try {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const issue = result.error.issues[0];
    throw invalidInput(method, issue ? `${issue.message} at ${issue.path.join(".") || "its top"}` : "another shape");
  } catch (error) {
    // Nesting so deep that the check itself ran out of stack.
    if (error instanceof RangeError) throw invalidInput(method, "one that is nested too deeply");
    throw error;
  }
}

function invalidInput(method: string, got: string): DeepwrightError {
  return new DeepwrightError({
    code: "INVALID_INPUT",
    expected: `the input of ${method}`,
    got,
    todo: "Correct the input; the service types of @deepwright/lineage describe it.",
    details: { method },
  });
}

/** Refuses text with a NUL byte anywhere in an input. @throws DeepwrightError `TEXT_WITH_NUL` */
export function refuseNulWithin(value: unknown, method: string): void {
  const text = stringifyJson(value as JsonValue) as string | undefined;
  // A NUL is written \u0000; an even number of backslashes before it would be escaped ones.
  if (text === undefined || !/(?<!\\)(?:\\\\)*\\u0000/.test(text)) return;
  throw new DeepwrightError({
    code: "TEXT_WITH_NUL",
    expected: `the input of ${method} without a NUL byte`,
    got: "one with it",
    todo: "Remove the NUL byte; binary content belongs into a file.",
  });
}
