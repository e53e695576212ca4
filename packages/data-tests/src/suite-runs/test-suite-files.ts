import type { TestedData, TestReport } from "../reports/test-report.js";
import { openSuiteRunner, type SuiteRunnerOptions } from "./open-suite-runner.js";

export interface TestSuiteFilesOptions extends SuiteRunnerOptions {
  /** Told each suite's verdict as it comes. */
  readonly onTested?: (test: TestedData) => void;
}

/**
 * Tests the data of suite files, one after the other, on one engine.
 *
 * @param paths absolute paths, as `findSuiteFiles` gives them
 * @returns a verdict, or the reason why there is none, for each of them
 * @throws DeepwrightError where the engine can't be opened
 */
export async function testSuiteFiles(paths: readonly string[], options: TestSuiteFilesOptions): Promise<TestReport> {
  const runner = await openSuiteRunner(options);
  const tests: TestedData[] = [];
  try {
    for (const path of paths) {
      options.signal?.throwIfAborted();
      const { test } = await runner.testFile(path);
      tests.push(test);
      options.onTested?.(test);
    }
  } finally {
    await runner.close();
  }
  return { tests };
}
