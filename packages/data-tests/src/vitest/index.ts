/** Entry `@deepwright/data-tests/vitest`: importing it teaches vitest's `expect` to test data. */

import { expect } from "vitest";
import { terminalText } from "../reports/terminal.js";
import type { Suite } from "../suite/suite.js";
import { type PassSuiteOptions, testData } from "./test-data.js";

export type { PlainRow, RowValue } from "./rows-table.js";
export type { PassSuiteOptions, TestData } from "./test-data.js";

interface DataMatchers<Result> {
  /**
   * Runs a suite on rows, a file or a source; fails with the expectations that failed and some of their failing rows. Must be
   * awaited.
   *
   * @example
   * ```ts
   * await expect([{ price: 3 }]).toPassSuite(defineSuite({ name: "s", expectations: [{ kind: "positive", column: "price" }] }));
   * ```
   */
  toPassSuite(suite: Suite, options?: PassSuiteOptions): Promise<Result>;
}

declare module "vitest" {
  // biome-ignore lint/suspicious/noExplicitAny: a merged interface must repeat the type parameters of vitest's own
  interface Matchers<T = any> extends DataMatchers<T> {}
}

/** The matchers themselves, for an `expect` that is not the one that `vitest` exports: `expect.extend(dataMatchers)`. */
export const dataMatchers = {
  async toPassSuite(data: unknown, suite: Suite, options?: PassSuiteOptions) {
    const result = await testData(data, suite, options);
    return {
      pass: result.passed,
      message: () => {
        if (result.passed) return `Expected data that breaks the suite ${JSON.stringify(suite.name)}; it passes.`;
        const place = { file: null, data: "", engine: null, partition: null, durationMs: 0 };
        const test = { ...place, suite: suite.name, result, error: null, quarantine: null };
        return terminalText({ tests: [test] }).trimEnd();
      },
    };
  },
};

expect.extend(dataMatchers);
