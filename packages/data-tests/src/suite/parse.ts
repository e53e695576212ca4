import { parse } from "yaml";
import { suiteInvalid } from "../errors.js";
import { checkSuite, type Suite } from "./suite.js";

/**
 * Reads a suite from JSON or YAML (of which JSON is a part).
 *
 * @example
 * ```ts
 * const suite = parseSuite("name: sales\nexpectations:\n  - { kind: notNull, column: price }\n");
 * console.log(suite.expectations.length); // 1
 * ```
 * @throws DeepwrightError `SUITE_INVALID`
 */
export function parseSuite(text: string): Suite {
  let value: unknown;
  try {
    // Aliases could make a small text huge.
    value = parse(text, { maxAliasCount: 0 });
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    throw suiteInvalid("a suite in JSON or YAML", reason.replace(/[:.\s]+$/, ""), "Correct the text.");
  }
  return checkSuite(value);
}
