import type { CellValue } from "@deepwright/engines";
import type { ExpectationResult } from "../results/result.js";
import { cellText, shorten } from "./cell-text.js";
import { summarize, type TestReport, testName } from "./test-report.js";

/** GitHub cuts comments at 65,536 characters and job summaries at 1 MiB. */
const limits = { document: 60_000, rows: 5, cell: 60, columns: 12 };

/** A report for a pull request, a job summary or a chat: a table of the suites, and what failed below it. */
export function markdownReport(report: TestReport): string {
  const { passed, suites, failedSuites, erroredSuites, checks } = summarize(report);
  const without = erroredSuites === 0 ? "" : `, ${erroredSuites} without a verdict`;
  const lines = [
    `## Data tests ${passed ? "passed" : "failed"}`,
    "",
    `${suites} suites, ${failedSuites} failed${without}, ${checks} checks.`,
    "",
    "| suite | data | rows | checks | errors | warnings |",
    "| --- | --- | ---: | ---: | ---: | ---: |",
  ];
  for (const test of report.tests) {
    const { result } = test;
    const counts = result
      ? [result.rowCount.toLocaleString("en-US"), result.results.length, result.failed.error, result.failed.warning]
      : ["", "", "no verdict", ""];
    lines.push(`| ${[testName(test), test.data, ...counts].map((cell) => markdownText(String(cell))).join(" | ")} |`);
  }
  const sections = report.tests.flatMap((test) => {
    const failed = test.result?.results.filter(({ passed: holds }) => !holds) ?? [];
    if (failed.length === 0 && test.error === null) return [];
    const head = `\n### ${markdownText(testName(test))}\n`;
    const error = test.error === null ? [] : [`- **${test.error.code}**: ${markdownText(test.error.message)}\n`];
    return [head, ...error, ...failed.map(failureText)];
  });
  let text = `${lines.join("\n")}\n`;
  for (const [index, section] of sections.entries()) {
    if (text.length + section.length > limits.document) {
      return `${text}\n${sections.length - index} more parts are left out.\n`;
    }
    text += section;
  }
  return text;
}

function failureText(each: ExpectationResult): string {
  const mark = each.severity === "error" ? "**error**" : each.severity;
  const because = each.because === null ? "" : ` (${markdownText(each.because)})`;
  const owner = each.owner === null ? "" : ` Owner: ${markdownText(each.owner)}.`;
  const head = `- ${mark} ${markdownText(each.id)}: ${markdownText(each.sentence)}${because}${owner}\n`;
  return each.sample.length === 0 ? head : `${head}${rowTable(each.sample.slice(0, limits.rows))}`;
}

function rowTable(rows: readonly Readonly<Record<string, CellValue>>[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].slice(0, limits.columns);
  const line = (cells: readonly string[]): string =>
    `  | ${cells.map((cell) => markdownText(shorten(cell, limits.cell))).join(" | ")} |\n`;
  const body = rows.map((row) => line(columns.map((column) => cellText(row[column] ?? null)))).join("");
  return `\n${line(columns)}  |${" --- |".repeat(columns.length)}\n${body}\n`;
}

/** Text as Markdown shows it, also in a cell of a table: on one line, no markup, no HTML, no mention of anybody. */
function markdownText(text: string): string {
  return shorten(text, 2000)
    .replace(/\s+/gu, " ")
    .replace(/\p{Cc}/gu, "\ufffd")
    .replace(/[&<>]/g, (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[character] as string)
    .replace(/[\\`*_{}[\]()#!|~$]/g, "\\$&")
    .replace(/@(?=[a-z\d])/gi, "@\u200b")
    .replace(/:\/\//g, ":\u200b//");
}
