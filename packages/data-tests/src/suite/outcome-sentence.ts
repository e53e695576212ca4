import type { CellValue } from "@deepwright/engines";
import { cellText, shorten } from "../reports/cell-text.js";

/** What came of an expectation about things that are counted. */
export interface CountedOutcome {
  readonly passed: boolean;
  readonly observed: CellValue;
  readonly considered?: number;
  readonly failing?: number;
  /** What is counted, in one word; absent where the outcome is one figure. */
  readonly unit?: string;
  readonly reason?: string;
}

/** `Expected "t2m" to be between 220 and 320: 3 of 1,000 elements (0.3 %) are not.` */
export function outcomeSentence(expected: string, outcome: CountedOutcome): string {
  if (outcome.passed) return `As expected: ${expected}.`;
  const { failing, considered, unit, reason, observed } = outcome;
  if (reason !== undefined) return `Expected ${expected}: ${reason}.`;
  if (unit === undefined || failing === undefined || considered === undefined) {
    return `Expected ${expected}: it is ${shorten(cellText(observed), 200)}.`;
  }
  const percent = considered === 0 ? "" : ` (${Number(((failing / considered) * 100).toPrecision(3))} %)`;
  const things = `${considered.toLocaleString("en-US")} ${considered === 1 ? unit : pluralOf(unit)}`;
  return `Expected ${expected}: ${failing.toLocaleString("en-US")} of ${things}${percent} ${failing === 1 ? "is" : "are"} not.`;
}

const pluralOf = (unit: string): string => (unit.endsWith("y") ? `${unit.slice(0, -1)}ies` : `${unit}s`);
