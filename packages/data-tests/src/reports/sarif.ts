import { sha256 } from "@deepwright/core";
import { catalogue, type KindName } from "../expectations/catalogue.js";
import type { ExpectationResult } from "../results/result.js";
import { rowsText, shorten } from "./cell-text.js";
import { type TestedData, type TestReport, testName } from "./test-report.js";

const limits = { message: 2000, rows: 5 };

/** Rule of suites without a verdict. */
const noVerdict = "noVerdict";

export interface SarifOptions {
  /** Version of the program that made the report, such as `1.2.3`. */
  readonly version?: string;
}

/**
 * SARIF 2.1.0 (OASIS standard of 27 March 2020) as code scanning reads it: a rule for each kind of expectation, a result for each
 * expectation that failed, at its suite file. Fingerprints stay the same from run to run, so an alert is not opened twice.
 *
 * @returns one JSON document
 */
export function sarif({ tests }: TestReport, { version }: SarifOptions = {}): string {
  const rules = new Map<string, object>();
  const results = tests.flatMap((test) => resultsOf(test, rules));
  const ruleIndexes = new Map([...rules.keys()].map((id, index) => [id, index]));
  const document = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: { name: "Deepwright data tests", ...(version && { version }), rules: [...rules.values()] },
        },
        columnKind: "unicodeCodePoints",
        invocations: [{ executionSuccessful: tests.every(({ result }) => result !== null) }],
        results: results.map((result) => ({ ...result, ruleIndex: ruleIndexes.get(result.ruleId) ?? -1 })),
      },
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

interface SarifResult {
  readonly ruleId: string;
  readonly [key: string]: unknown;
}

const levels = { error: "error", warning: "warning", info: "note" } as const;

function resultsOf(test: TestedData, rules: Map<string, object>): SarifResult[] {
  const name = testName(test);
  if (test.result === null) {
    rules.set(noVerdict, ruleOf(noVerdict, "a verdict on the data"));
    const message = `${name}: ${test.error?.message ?? "no verdict"}`;
    return [
      {
        ruleId: noVerdict,
        level: "error",
        message: { text: shorten(message, limits.message) },
        ...locationOf(test, test.data),
        ...fingerprintOf(test, noVerdict),
      },
    ];
  }
  return test.result.results
    .filter(({ passed }) => !passed)
    .map((each) => {
      rules.set(each.kind, ruleOf(each.kind, catalogue[each.kind as KindName]?.expects ?? each.kind));
      return {
        ruleId: each.kind,
        level: levels[each.severity],
        message: { text: shorten(messageOf(name, each), limits.message) },
        ...locationOf(test, each.columns.length === 0 ? test.data : `${test.data}.${each.columns.join(", ")}`),
        ...fingerprintOf(test, each.id),
        properties: {
          expectation: each.id,
          data: test.data,
          ...(each.owner !== null && { owner: each.owner }),
          ...(each.failing !== null && { failingRows: each.failing }),
          ...(each.considered !== null && { consideredRows: each.considered }),
        },
      };
    });
}

const ruleOf = (id: string, expects: string): object => ({
  id,
  shortDescription: { text: shorten(`Expects ${expects}.`, 1000) },
});

function messageOf(name: string, each: ExpectationResult): string {
  const rows = rowsText(each.sample, limits.rows);
  return `${name}: ${each.sentence}${each.because === null ? "" : ` (${each.because})`}${rows === "" ? "" : ` ${rows}`}`;
}

function locationOf(test: TestedData, logicalName: string): object {
  const logicalLocations = [{ fullyQualifiedName: shorten(logicalName, 500) }];
  // Code scanning shows only results that have a place in a file.
  const physicalLocation = test.file !== null && {
    physicalLocation: { artifactLocation: { uri: relativeUri(test.file) }, region: { startLine: 1 } },
  };
  return { locations: [{ ...physicalLocation, logicalLocations }] };
}

function fingerprintOf(test: TestedData, id: string): object {
  const parts = [test.file ?? "", test.suite, test.engine ?? "", test.partition ?? "", id];
  return { partialFingerprints: { "deepwrightExpectation/v1": sha256(JSON.stringify(parts)) } };
}

/** A relative path as a URI reference (RFC 3986, section 4.2): segments are encoded, and a colon in the first is no scheme. */
const relativeUri = (path: string): string =>
  path
    .replace(/\p{Surrogate}/gu, "\ufffd")
    .split("/")
    .map(encodeURIComponent)
    .join("/");
