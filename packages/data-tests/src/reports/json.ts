import { stringifyJson } from "@deepwright/core";
import type { CellValue } from "@deepwright/engines";
import type { ExpectationResult } from "../results/result.js";
import { plainValue } from "./cell-text.js";
import { summarize, type TestReport } from "./test-report.js";

/** The report as plain JSON with a summary; integers beyond 2^53, NaN and infinities in values of the data are texts. */
export function jsonReport(report: TestReport): Readonly<Record<string, unknown>> {
  return {
    ...summarize(report),
    tests: report.tests.map(({ result, ...test }) => ({
      ...test,
      result: result && { ...result, results: result.results.map(plainResult) },
    })),
  };
}

/** {@link jsonReport} as one document. */
export function jsonText(report: TestReport): string {
  return `${stringifyJson(jsonReport(report), 2)}\n`;
}

/** A result whose values of the data are plain JSON. */
function plainResult(result: ExpectationResult): Readonly<Record<string, unknown>> {
  return {
    ...result,
    observed: plainValue(result.observed),
    sample: result.sample.map((row) => plainValue(row as CellValue)),
  };
}
