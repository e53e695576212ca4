import type { ExpectationResult, Severity } from "../results/result.js";
import { rowText, shorten } from "./cell-text.js";
import { summarize, type TestedData, type TestReport, testName } from "./test-report.js";

export interface TerminalOptions {
  /** Whether escape codes may be written. Default: false. */
  readonly color?: boolean;
  /** Columns of the terminal, at least 40. Default: 100. */
  readonly width?: number;
  /** Failing rows to show of an expectation. Default: 3. */
  readonly rows?: number;
}

/** What failed, with some failing rows, and one line for each suite. */
export function terminalText(report: TestReport, options: TerminalOptions = {}): string {
  const width = Math.max(40, options.width ?? 100);
  const paint = painter(options.color ?? false);
  const lines: string[] = [];
  for (const test of report.tests) {
    lines.push(headOf(test, width, paint));
    if (test.error !== null) lines.push(...cut([`  ${test.error.message} [${test.error.code}]`], 4 * width));
    for (const each of test.result?.results ?? []) {
      if (!each.passed) lines.push(...failureLines(each, width, options.rows ?? 3, paint));
    }
  }
  lines.push(summaryLine(report, paint));
  return `${lines.join("\n")}\n`;
}

type Paint = ReturnType<typeof painter>;

function painter(color: boolean) {
  const code =
    (open: number, close: number) =>
    (text: string): string =>
      color ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return { bold: code(1, 22), dim: code(2, 22), red: code(31, 39), green: code(32, 39), yellow: code(33, 39) };
}

function headOf(test: TestedData, width: number, paint: Paint): string {
  const { result } = test;
  const name = oneLine(testName(test));
  if (result === null) return `${paint.red("NO VERDICT")} ${paint.bold(name)}`;
  const failed = result.results.filter(({ passed }) => !passed).length;
  const word = result.passed ? paint.green("passed") : paint.red("FAILED");
  const counts = `${result.results.length} checks, ${failed} failed, ${result.rowCount.toLocaleString("en-US")} rows, ${result.statementCount} statements, ${(test.durationMs / 1000).toFixed(2)} s`;
  return `${word} ${paint.bold(shorten(name, width))} ${paint.dim(counts)}`;
}

const marks: Readonly<Record<Severity, string>> = { error: "x", warning: "!", info: "i" };

function failureLines(each: ExpectationResult, width: number, rows: number, paint: Paint): string[] {
  const color = each.severity === "error" ? paint.red : paint.yellow;
  const lines = [`  ${color(marks[each.severity])} ${shorten(oneLine(each.sentence), 4 * width)}`];
  const more = [each.because, each.owner && `owner: ${each.owner}`].filter((text) => typeof text === "string");
  if (more.length > 0) lines.push(paint.dim(shorten(`    ${oneLine(more.join("; "))}`, width)));
  for (const row of each.sample.slice(0, rows)) lines.push(paint.dim(shorten(`    ${oneLine(rowText(row))}`, width)));
  return lines;
}

function summaryLine(report: TestReport, paint: Paint): string {
  const { passed, suites, failedSuites, erroredSuites, checks, failedChecks } = summarize(report);
  const parts = [
    `${suites} ${suites === 1 ? "suite" : "suites"}`,
    `${failedSuites} failed`,
    ...(erroredSuites > 0 ? [`${erroredSuites} without a verdict`] : []),
    `${checks} checks`,
    `${failedChecks.error} errors`,
    `${failedChecks.warning} warnings`,
    ...(failedChecks.info > 0 ? [`${failedChecks.info} remarks`] : []),
  ];
  return (passed ? paint.green : paint.red)(parts.join(", "));
}

const cut = (lines: readonly string[], width: number): string[] => lines.map((line) => shorten(oneLine(line), width));

/** Text of others on one line: control characters, which could change a terminal, are shown. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) =>
    /\p{Cc}/u.test(character) ? JSON.stringify(character).slice(1, -1) : "\ufffd",
  );
}
