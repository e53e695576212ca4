import type { SerializedError } from "@deepwright/core";
import type { SuiteResult } from "../results/result.js";

/** One suite on one data set (or on one partition of it): a verdict, or why there is none. */
export interface TestedData {
  /** Name of the suite; the file's where the suite could not be read. */
  readonly suite: string;
  /** Suite file relative to where the tests were started, with `/`; `null` for a suite of a program. */
  readonly file: string | null;
  /** What was tested, as people write it: a path, a table, a query. */
  readonly data: string;
  readonly engine: "duckdb" | "postgres" | "spark" | null;
  /** `null`: all of the data. */
  readonly partition: string | null;
  readonly durationMs: number;
  /** `null` where there is no verdict. */
  readonly result: SuiteResult | null;
  /** Why there is no verdict; else `null`. */
  readonly error: SerializedError | null;
  /** Where the rows went that were split by the verdict; `null` where they were not. */
  readonly quarantine: QuarantinedRows | null;
}

/** Good rows and bad rows of one test, and where they lie. */
export interface QuarantinedRows {
  readonly good: string;
  readonly bad: string;
  readonly goodCount: number;
  readonly badCount: number;
  /** Ids of failed expectations that no single row breaks. */
  readonly undivided: readonly string[];
}

/** What reports are made of. */
export interface TestReport {
  readonly tests: readonly TestedData[];
}

export interface TestSummary {
  /** Every suite has a verdict and passed. */
  readonly passed: boolean;
  readonly suites: number;
  readonly failedSuites: number;
  /** Suites without a verdict. */
  readonly erroredSuites: number;
  readonly checks: number;
  /** By severity. */
  readonly failedChecks: { readonly error: number; readonly warning: number; readonly info: number };
}

/** Counts over all suites of a report. */
export function summarize({ tests }: TestReport): TestSummary {
  const results = tests.flatMap(({ result }) => (result === null ? [] : [result]));
  const sum = (of: (result: SuiteResult) => number): number => results.reduce((total, result) => total + of(result), 0);
  const failedSuites = results.filter(({ passed }) => !passed).length;
  const erroredSuites = tests.length - results.length;
  return {
    passed: failedSuites === 0 && erroredSuites === 0,
    suites: tests.length,
    failedSuites,
    erroredSuites,
    checks: sum(({ results: checks }) => checks.length),
    failedChecks: {
      error: sum(({ failed }) => failed.error),
      warning: sum(({ failed }) => failed.warning),
      info: sum(({ failed }) => failed.info),
    },
  };
}

/** `ratings (2026-01-05, duckdb)`: a name that tells tests of one suite apart. */
export function testName({ suite, partition, engine }: TestedData): string {
  const more = [partition, engine].filter((part) => part !== null);
  return more.length === 0 ? suite : `${suite} (${more.join(", ")})`;
}
