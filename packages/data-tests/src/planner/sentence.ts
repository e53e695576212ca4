import { plural, show } from "../expectations/words.js";
import type { Decision } from "./check.js";

/** "Expected "price" to be at least 0: 3 of 1,000 rows are not." */
export function sentenceOf(expected: string, decision: Decision, unit: "row" | "figure"): string {
  if (decision.passed) return `As expected: ${expected}.`;
  const { failing, considered, reason, observed } = decision;
  if (reason !== undefined) return `Expected ${expected}: ${reason}.`;
  if (unit === "row" && failing !== undefined && considered !== undefined) {
    const percent = considered === 0 ? "" : ` (${Number(((failing / considered) * 100).toPrecision(3))} %)`;
    return `Expected ${expected}: ${failing.toLocaleString("en-US")} of ${plural(considered, "row")}${percent} ${failing === 1 ? "is" : "are"} not.`;
  }
  return `Expected ${expected}: it is ${show(observed)}.`;
}
