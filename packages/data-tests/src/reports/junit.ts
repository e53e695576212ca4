import type { ExpectationResult } from "../results/result.js";
import { rowText, shorten } from "./cell-text.js";
import { type TestedData, type TestReport, testName } from "./test-report.js";

/** Rows that a failure shows, and characters of one text. */
const most = { rows: 20, text: 2000 };

/**
 * JUnit XML as CI systems read it: a `testsuite` for each suite, a `testcase` for each expectation. A failed expectation of
 * severity `error` is a `failure`; others that failed pass with a `system-out`, so that they are seen and do not break a
 * build. A suite without a verdict is an `error`.
 *
 * Format: the Jenkins xunit plugin's junit-10.xsd.
 *
 * @example
 * ```ts
 * console.log(junitXml({ tests: [] }));
 * // <?xml version="1.0" encoding="UTF-8"?>
 * // <testsuites name="deepwright" tests="0" failures="0" errors="0" time="0.000"></testsuites>
 * ```
 */
export function junitXml({ tests }: TestReport): string {
  const suites = tests.map(suiteXml);
  const sum = (of: (suite: Counted) => number): number => suites.reduce((total, suite) => total + of(suite), 0);
  const time = tests.reduce((total, { durationMs }) => total + durationMs, 0);
  const counts = `tests="${sum((suite) => suite.tests)}" failures="${sum((suite) => suite.failures)}" errors="${sum((suite) => suite.errors)}"`;
  const inner = suites.map(({ xml }) => `\n${xml}`).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="deepwright" ${counts} time="${seconds(time)}">${inner}${inner === "" ? "" : "\n"}</testsuites>\n`;
}

interface Counted {
  readonly xml: string;
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
}

function suiteXml(test: TestedData): Counted {
  const { result, error } = test;
  const name = xmlText(testName(test));
  const file = test.file === null ? "" : ` file="${xmlText(test.file)}"`;
  const head = (tests: number, failures: number, errors: number, more = ""): string =>
    `  <testsuite name="${name}" tests="${tests}" failures="${failures}" errors="${errors}" skipped="0" time="${seconds(test.durationMs)}"${more}${file}>`;
  if (result === null) {
    const message = error === null ? "no verdict" : error.message;
    const xml = [
      head(1, 0, 1),
      `    <testcase name="${xmlText(test.data)}" classname="${name}" time="0.000"${file}>`,
      `      <error message="${xmlText(shorten(message, most.text))}" type="${xmlText(error?.code ?? "NO_VERDICT")}"></error>`,
      "    </testcase>",
      "  </testsuite>",
    ].join("\n");
    return { xml, tests: 1, failures: 0, errors: 1 };
  }
  const timestamp = ` timestamp="${new Date(result.startedAtMs).toISOString().slice(0, 19)}"`;
  const cases = result.results.map((each) => caseXml(each, name, file));
  const xml = [
    head(result.results.length, result.failed.error, 0, timestamp),
    "    <properties>",
    property("data", test.data),
    property("rows", String(result.rowCount)),
    property("columns", String(result.columnCount)),
    property("statements", String(result.statementCount)),
    "    </properties>",
    ...cases,
    "  </testsuite>",
  ].join("\n");
  return { xml, tests: result.results.length, failures: result.failed.error, errors: 0 };
}

const property = (name: string, value: string): string => `      <property name="${name}" value="${xmlText(value)}"/>`;

function caseXml(each: ExpectationResult, suite: string, file: string): string {
  const open = `    <testcase name="${xmlText(each.id)}" classname="${suite}" time="0.000"${file}`;
  if (each.passed) return `${open}/>`;
  const details = xmlText(shorten(failureText(each), 50 * most.text));
  const body =
    each.severity === "error"
      ? `      <failure message="${xmlText(shorten(each.sentence, most.text))}" type="${xmlText(each.fault ?? each.kind)}">${details}</failure>`
      : `      <system-out>${each.severity}: ${details}</system-out>`;
  return `${open}>\n${body}\n    </testcase>`;
}

function failureText(each: ExpectationResult): string {
  const lines = [each.sentence];
  if (each.because !== null) lines.push(`because: ${each.because}`);
  if (each.owner !== null) lines.push(`owner: ${each.owner}`);
  for (const row of each.sample.slice(0, most.rows)) lines.push(`  ${rowText(row)}`);
  if (each.sample.length > most.rows) lines.push(`  and ${each.sample.length - most.rows} more`);
  return lines.join("\n");
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);

/**
 * Text for XML 1.0, in attributes too. Characters that XML 1.0 can't hold even as references (section 2.2) become U+FFFD;
 * white space that attributes would change becomes a reference.
 */
export function xmlText(text: string): string {
  let escaped = "";
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    if (character === "&") escaped += "&amp;";
    else if (character === "<") escaped += "&lt;";
    else if (character === ">") escaped += "&gt;";
    else if (character === '"') escaped += "&quot;";
    else if (code === 9 || code === 10 || code === 13) escaped += `&#${code};`;
    else if (code < 0x20 || (code >= 0xd800 && code <= 0xdfff) || code === 0xfffe || code === 0xffff)
      escaped += "\ufffd";
    else escaped += character;
  }
  return escaped;
}
