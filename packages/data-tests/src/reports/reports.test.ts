import { spawnSync } from "node:child_process";
import type { CellValue } from "@deepwright/engines";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { kindNames } from "../expectations/catalogue.js";
import type { ExpectationResult } from "../results/result.js";
import { githubAnnotations } from "./github-annotations.js";
import { htmlReport } from "./html.js";
import { jsonText } from "./json.js";
import { junitXml, xmlText } from "./junit.js";
import { markdownReport } from "./markdown.js";
import { sarif } from "./sarif.js";
import { terminalText } from "./terminal.js";
import { summarize, type TestedData, type TestReport } from "./test-report.js";

/** Text that tries to break out of every format, too. */
const nasty = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom(
    "<script>alert(1)</script>",
    "]]>",
    '" onload="x',
    "a|b\n- @someone",
    "::error::x",
    "\u001b[31m",
    "%0A",
    "\0",
    "\ud800",
  ),
);
const cell: fc.Arbitrary<CellValue> = fc.oneof(
  nasty,
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt(),
  fc.uint8Array({ maxLength: 4 }),
  fc.array(fc.integer(), { maxLength: 3 }),
  fc.record({ inner: fc.double() }),
);

const check: fc.Arbitrary<ExpectationResult> = fc
  .record({
    id: nasty,
    kind: fc.constantFrom(...kindNames),
    columns: fc.array(nasty, { maxLength: 2 }),
    severity: fc.constantFrom("error" as const, "warning" as const, "info" as const),
    owner: fc.option(nasty),
    because: fc.option(nasty),
    passed: fc.boolean(),
    expected: nasty,
    observed: cell,
    considered: fc.option(fc.nat()),
    failing: fc.option(fc.nat()),
    sample: fc.array(fc.dictionary(nasty, cell, { maxKeys: 3 }), { maxLength: 3 }),
    fault: fc.constant(null),
    sentence: nasty,
  })
  .map((each) => (each.passed ? { ...each, sample: [] } : each));

const tested: fc.Arbitrary<TestedData> = fc
  .record({
    suite: nasty,
    file: fc.option(nasty),
    data: nasty,
    engine: fc.constantFrom("duckdb" as const, "postgres" as const, "spark" as const),
    partition: fc.option(nasty),
    durationMs: fc.nat(),
    checks: fc.option(fc.array(check, { minLength: 1, maxLength: 4 })),
    message: nasty,
  })
  .map(({ checks, message, ...head }) => {
    const count = (severity: string): number =>
      (checks ?? []).filter((each) => !each.passed && each.severity === severity).length;
    const failed = { error: count("error"), warning: count("warning"), info: count("info") };
    const shape = { suite: head.suite, rowCount: 3, columnCount: 2, statementCount: 1, startedAtMs: 0 };
    const error = {
      code: "ENGINE_UNAVAILABLE",
      kind: "unavailable" as const,
      message,
      expected: "",
      got: "",
      todo: "",
      retryable: true,
      details: {},
    };
    return checks === null
      ? { ...head, result: null, error, quarantine: null }
      : {
          ...head,
          result: { ...shape, passed: failed.error === 0, failed, results: checks },
          error: null,
          quarantine: null,
        };
  });
const reports: fc.Arbitrary<TestReport> = fc.record({ tests: fc.array(tested, { maxLength: 3 }) });

const unescaped = (text: string): string =>
  text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");

const failedOf = ({ tests }: TestReport) =>
  tests.flatMap(({ result }) => (result?.results ?? []).filter(({ passed }) => !passed));

describe("JUnit XML", () => {
  it("keeps every text that XML can hold", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const written = xmlText(text);
        expect(written).not.toMatch(/[<>"\n\r\t]/);
        const isHeld = (code: number): boolean =>
          [9, 10, 13].includes(code) ||
          (code >= 32 && !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff);
        const kept = [...text].map((each) => (isHeld(each.codePointAt(0) ?? 0) ? each : "\ufffd"));
        expect(unescaped(written)).toBe(kept.join(""));
      }),
    );
  });

  it("counts tests, failures and errors as the report does", () => {
    fc.assert(
      fc.property(reports, (report) => {
        const [, tests, failures, errors] =
          /<testsuites name="deepwright" tests="(\d+)" failures="(\d+)" errors="(\d+)"/.exec(junitXml(report)) ?? [];
        const { checks, failedChecks, erroredSuites } = summarize(report);
        expect([tests, failures, errors].map(Number)).toEqual([
          checks + erroredSuites,
          failedChecks.error,
          erroredSuites,
        ]);
      }),
    );
  });

  const hasPython = spawnSync("python3", ["--version"]).status === 0;
  it.skipIf(!hasPython)(
    `is well formed${hasPython ? "" : " (skipped: no python3)"}`,
    () => {
      const documents = fc.sample(reports, { numRuns: 100, seed: 4 }).map(junitXml);
      const script =
        "import json,sys,xml.etree.ElementTree as e\nfor d in json.load(sys.stdin):\n r=e.fromstring(d.encode())\n n=len(r.findall('.//testcase'))\n assert n==int(r.get('tests')),n\nprint('ok')";
      const { stdout, stderr } = spawnSync("python3", ["-c", script], {
        input: JSON.stringify(documents),
        encoding: "utf8",
      });
      expect(stdout + stderr).toBe("ok\n");
    },
    30_000,
  );
});

/** What of SARIF 2.1.0 is written, as sections 3.13 to 3.60 of the standard want it; nothing else is allowed. */
const message = z.strictObject({ text: z.string().min(1) });
const sarifSchema = z.strictObject({
  $schema: z.url(),
  version: z.literal("2.1.0"),
  runs: z.tuple([
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.string().min(1),
          version: z.string().optional(),
          rules: z.array(z.strictObject({ id: z.string().min(1), shortDescription: message })),
        }),
      }),
      columnKind: z.enum(["unicodeCodePoints", "utf16CodeUnits"]),
      invocations: z.array(z.strictObject({ executionSuccessful: z.boolean() })),
      results: z.array(
        z.strictObject({
          ruleId: z.string(),
          ruleIndex: z.int().min(0),
          level: z.enum(["error", "warning", "note"]),
          message,
          locations: z.array(
            z.strictObject({
              physicalLocation: z
                .strictObject({
                  artifactLocation: z.strictObject({ uri: z.string().regex(/^(?:[\w.~!'()*-]|%[0-9A-F]{2}|\/)*$/) }),
                  region: z.strictObject({ startLine: z.literal(1) }),
                })
                .optional(),
              logicalLocations: z.array(z.strictObject({ fullyQualifiedName: z.string() })),
            }),
          ),
          partialFingerprints: z.record(z.string(), z.string().min(1)),
          properties: z.record(z.string(), z.unknown()).optional(),
        }),
      ),
    }),
  ]),
});

describe("SARIF", () => {
  it("is as the standard wants it, with a result for each failed check", () => {
    fc.assert(
      fc.property(reports, (report) => {
        const [run] = sarifSchema.parse(JSON.parse(sarif(report, { version: "1.0.0" }))).runs;
        expect(run.results).toHaveLength(failedOf(report).length + summarize(report).erroredSuites);
        const { rules } = run.tool.driver;
        for (const { ruleId, ruleIndex } of run.results) expect(rules[ruleIndex]?.id).toBe(ruleId);
        expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
      }),
    );
  });

  it("gives the same alert the same fingerprint, whatever rows failed", () => {
    const [first] = fc.sample(
      tested.filter(({ result }) => result?.results.some(({ passed }) => !passed) ?? false),
      {
        numRuns: 1,
        seed: 5,
      },
    ) as [TestedData];
    const prints = (test: TestedData): unknown =>
      (JSON.parse(sarif({ tests: [test] })) as z.infer<typeof sarifSchema>).runs[0].results.map(
        ({ partialFingerprints }) => partialFingerprints,
      );
    const { result } = first;
    const later = {
      ...first,
      result: result && { ...result, results: result.results.map((each) => ({ ...each, sentence: "x", sample: [] })) },
    };
    expect(prints(later)).toEqual(prints(first));
    expect(prints({ ...first, file: "other.suite.yaml" })).not.toEqual(prints(first));
  });
});

describe("HTML", () => {
  it("escapes everything that comes from data and suites", () => {
    fc.assert(
      fc.property(reports, (report) => {
        const html = htmlReport(report);
        const body = html.slice(html.indexOf("<body>"));
        const known =
          /<\/?(?:body|html|h1|h2|p|b|table|tr|th|td|section|div|details|summary|ul|li|code)(?: (?:class|colspan)="[a-z0-9 ]*")*>/g;
        expect(body.replace(known, "")).not.toMatch(/[<>"']/);
      }),
    );
  });

  it("stays below 300 KB with 1,000 failed checks and 100 failing rows each, and names every check", () => {
    const results = Array.from({ length: 1000 }, (_, index) => ({
      id: `between:column${index}`,
      kind: "between",
      columns: [`column${index}`],
      severity: "error" as const,
      owner: "sales & co",
      because: "b".repeat(500),
      passed: false,
      expected: "",
      observed: 1,
      considered: 100,
      failing: 100,
      sample: Array.from({ length: 100 }, (_, row) => ({
        id: row,
        text: "<&>é漢".repeat(100),
        wide: "x".repeat(1000),
      })),
      fault: null,
      sentence: `Expected "column${index}" to be between 1 and 2: ${"é<".repeat(300)}.`,
    }));
    const shape = { suite: "wide", rowCount: 1, columnCount: 1, statementCount: 1, startedAtMs: 0 };
    const result = { ...shape, passed: false, failed: { error: 1000, warning: 0, info: 0 }, results };
    const test = {
      suite: "wide",
      file: "wide.suite.yaml",
      data: "wide.csv",
      engine: "duckdb",
      partition: null,
      durationMs: 1,
    } as const;
    const html = htmlReport({ tests: [{ ...test, result, error: null, quarantine: null }] });
    expect(Buffer.byteLength(html)).toBeLessThan(300_000);
    expect(Buffer.byteLength(html)).toBeGreaterThan(100_000);
    expect(results.filter(({ columns }) => !html.includes(`${columns[0]}&quot;`))).toEqual([]);

    const few = { ...result, failed: { error: 3, warning: 0, info: 0 }, results: results.slice(0, 3) };
    const small = htmlReport({ tests: [{ ...test, result: few, error: null, quarantine: null }] });
    expect(small.split("<tr>").length).toBeGreaterThan(300);
    const many = Array.from({ length: 3000 }, (_, index) => ({
      ...test,
      suite: `suite ${index}`,
      result,
      error: null,
      quarantine: null,
    }));
    expect(Buffer.byteLength(htmlReport({ tests: many.slice(0, 300) }))).toBeLessThan(300_000);
    expect(Buffer.byteLength(htmlReport({ tests: many.map((each) => ({ ...each, result: few })) }))).toBeLessThan(
      300_000,
    );
  }, 60_000);
});

describe("text", () => {
  it("of a terminal holds no control character of the data, and ends with the counts", () => {
    fc.assert(
      fc.property(reports, (report) => {
        const text = terminalText(report, { width: 60 });
        expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
        const { checks } = summarize(report);
        expect(text.trimEnd().split("\n").at(-1)).toContain(`${checks} checks`);
      }),
    );
  });

  it("of annotations is one command a line", () => {
    fc.assert(
      fc.property(reports, (report) => {
        const lines = githubAnnotations(report).split("\n").slice(0, -1);
        expect(lines).toHaveLength(failedOf(report).length + summarize(report).erroredSuites);
        for (const line of lines)
          expect(line).toMatch(/^::(?:error|warning|notice) (?:file=[^:,\r]*,line=1,)?title=[^:,\r]*::/u);
      }),
    );
  });

  it("of Markdown holds no HTML, no mention, and a row for each suite, within what GitHub takes", () => {
    fc.assert(
      fc.property(reports, (report) => {
        const text = markdownReport(report);
        expect(text).not.toMatch(/[<>]/);
        expect(text).not.toMatch(/@[a-z\d]/i);
        expect(text.length).toBeLessThan(65_536);
        expect(text.split("\n").filter((line) => line.startsWith("| "))).toHaveLength(report.tests.length + 2);
      }),
    );
  });

  it("of JSON is one document, with every value of the data", () => {
    fc.assert(
      fc.property(reports, (report) => {
        const parsed = JSON.parse(jsonText(report)) as { tests: unknown[]; passed: boolean };
        expect(parsed.tests).toHaveLength(report.tests.length);
        expect(parsed.passed).toBe(summarize(report).passed);
      }),
    );
  });
});
