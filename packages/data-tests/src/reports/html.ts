import type { CellValue } from "@deepwright/engines";
import type { ExpectationResult } from "../results/result.js";
import { cellText, shorten } from "./cell-text.js";
import { style } from "./html-style.js";
import { summarize, type TestedData, type TestReport, testName } from "./test-report.js";

/** Characters of a text, numbers of things, and bytes of a part, so that the file stays below 300 KB whatever is in it. */
const limits = { cell: 40, columns: 8, rows: 100 };
const budgets = { document: 270_000, suites: 60_000 };
/** Bytes that are kept for each failed check when passed ones are listed. */
const keptForCheck = 1000;

/**
 * All suites as one HTML file of its own: no script, nothing loaded from elsewhere, light and dark, below 300 KB. Failing checks
 * come first and share the space left for their failing rows evenly. All text of the data is escaped.
 */
export function htmlReport(report: TestReport): string {
  const { passed, suites, failedSuites, erroredSuites, checks, failedChecks } = summarize(report);
  const without = erroredSuites === 0 ? "" : `, <b class="bad">${erroredSuites} without a verdict</b>`;
  const head = `<h1 class="${passed ? "good" : "bad"}">Data tests ${passed ? "passed" : "failed"}</h1>
<p>${suites} suites, ${failedSuites} failed${without}; ${checks} checks, ${failedChecks.error} errors, ${failedChecks.warning} warnings, ${failedChecks.info} remarks.</p>`;
  const overview = `<table><tr><th>suite<th>data<th>rows<th>checks<th>errors<th>warnings<th>verdict</tr>${within(
    report.tests.map(suiteRow),
    budgets.suites,
    (count) => `<tr><td colspan="7" class="soft">and ${count} more</tr>`,
  )}</table>`;
  const used = Buffer.byteLength(head) + Buffer.byteLength(overview) + Buffer.byteLength(style);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Data tests ${passed ? "passed" : "failed"}</title><style>${style}</style></head>
<body>${head}${overview}${details(report.tests, budgets.document - used)}</body></html>
`;
}

function suiteRow(test: TestedData): string {
  const { result } = test;
  const verdict = result === null ? "no verdict" : result.passed ? "passed" : "failed";
  const counts = result
    ? [result.rowCount.toLocaleString("en-US"), result.results.length, result.failed.error, result.failed.warning]
    : ["", "", "", ""];
  const cells = [text(testName(test), 120), text(test.data, 200), ...counts];
  return `<tr>${cells.map((cell) => `<td>${cell}`).join("")}<td class="${verdict === "passed" ? "good" : "bad"}">${verdict}</tr>`;
}

function details(tests: readonly TestedData[], budget: number): string {
  const order = { error: 0, warning: 1, info: 2 };
  const failing = tests.map(
    ({ result }) =>
      result?.results.filter((each) => !each.passed).sort((a, b) => order[a.severity] - order[b.severity]) ?? [],
  );
  const failedCount = failing.reduce((total, { length }) => total + length, 0);
  let left = budget;
  let waiting = failedCount;
  const parts: string[] = [];
  const add = (part: string): boolean => {
    const bytes = Buffer.byteLength(part);
    if (bytes > left) return false;
    left -= bytes;
    parts.push(part);
    return true;
  };
  for (const [index, test] of tests.entries()) {
    const failed = failing[index] ?? [];
    const passedChecks = test.result?.results.filter((each) => each.passed) ?? [];
    const title = `<h2>${text(testName(test), 120)}</h2>`;
    const error =
      test.error === null
        ? ""
        : `<p class="bad">${text(test.error.message, 1000)} <code>${text(test.error.code, 60)}</code></p>`;
    if (!add(title + error)) break;
    for (const each of failed) {
      // An even share of what is left, so that early checks do not take the space of later ones.
      const part = failedCheck(each, left / waiting);
      waiting -= 1;
      add(part);
    }
    if (passedChecks.length > 0) {
      const space = Math.max(0, Math.min(20_000, left - waiting * keptForCheck));
      const items = within(
        passedChecks.map((each) => `<li>${text(each.sentence, 160)}`),
        space,
        (count) => `<li class="soft">and ${count} more`,
      );
      add(`<details><summary>${passedChecks.length} checks passed</summary><ul>${items}</ul></details>`);
    }
  }
  return parts.join("");
}

/** Characters of sentence and remark, from generous to scarce. */
const lengths = [
  { sentence: 300, remark: 300 },
  { sentence: 160, remark: 120 },
  { sentence: 120, remark: 0 },
  { sentence: 60, remark: 0 },
] as const;

/** The check within its share of the space: first its sentence, then what fits of its failing rows. */
function failedCheck(each: ExpectationResult, share: number): string {
  const notes = [each.because, each.owner && `owner: ${each.owner}`].filter((note) => typeof note === "string");
  for (const { sentence, remark } of lengths) {
    const note = notes.length === 0 || remark === 0 ? "" : `<p class="soft">${text(notes.join("; "), remark)}</p>`;
    const head = `<section class="${each.severity}"><p><b>${each.severity}</b> ${text(each.sentence, sentence)}</p>${note}`;
    const left = share - Buffer.byteLength(head) - Buffer.byteLength("</section>");
    if (left >= 0) return `${head}${rowTable(each.sample, left)}</section>`;
  }
  return `<p class="bad">${text(each.id, 40)}</p>`;
}

function rowTable(rows: readonly Readonly<Record<string, CellValue>>[], budget: number): string {
  if (rows.length === 0) return "";
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const shown = columns.slice(0, limits.columns);
  const more = columns.length > shown.length ? `<th class="soft">${columns.length - shown.length} more columns` : "";
  const head = `<table><tr>${shown.map((column) => `<th>${text(column, limits.cell)}`).join("")}${more}</tr>`;
  const written = rows
    .slice(0, limits.rows)
    .map(
      (row) => `<tr>${shown.map((column) => `<td>${text(cellText(row[column] ?? null), limits.cell)}`).join("")}</tr>`,
    );
  const space = budget - Buffer.byteLength(head) - 100;
  if (space < Buffer.byteLength(written[0] ?? ""))
    return `<p class="soft">${rows.length} failing rows are left out</p>`;
  const kept = within(written, space, () => "");
  const count = kept.split("<tr>").length - 1;
  const rest = rows.length > count ? `<p class="soft">and ${rows.length - count} more of the sample</p>` : "";
  return `<div class="rows">${head}${kept}</table></div>${rest}`;
}

/** Joins items until the budget is spent and says how many are left out. */
function within(items: readonly string[], budget: number, more: (count: number) => string): string {
  let used = 0;
  let shown = 0;
  while (shown < items.length) {
    used += Buffer.byteLength(items[shown] as string);
    if (used > budget) break;
    shown += 1;
  }
  return items.slice(0, shown).join("") + (shown < items.length ? more(items.length - shown) : "");
}

/** Text of others: cut, on one line, escaped for HTML and its attributes. */
function text(value: string, limit: number): string {
  return shorten(value.slice(0, 4 * limit + 4).replace(/[\p{Cc}\u2028\u2029]+/gu, " "), limit)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;")
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}
