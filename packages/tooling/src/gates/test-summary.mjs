/**
 * The part of vitest's JSON report that is read here, with the exit code of the run.
 *
 * @typedef {object} TestSummary
 * @property {number} exitCode
 * @property {{ name: string, status: string, message: string, assertionResults: { fullName: string, status: string }[] }[]} testResults
 */

/**
 * Counts one package's tests. A file that could not be loaded and a run that failed without a failed test (an
 * unhandled rejection, say) count as one failure each.
 *
 * @param {string} name of the package
 * @param {TestSummary | undefined} summary `undefined`: the package left none
 * @returns {{ passed: number, failed: number, skipped: string[], failures: string[] }}
 */
export function countTests(name, summary) {
  if (!summary) return { passed: 0, failed: 1, skipped: [], failures: [`${name}: left no test-summary.json`] };
  let passed = 0;
  const skipped = [];
  const failures = [];
  for (const file of summary.testResults) {
    const failuresBefore = failures.length;
    for (const { fullName, status } of file.assertionResults) {
      if (status === "passed") passed += 1;
      else if (status === "failed") failures.push(`${name}: ${fullName}`);
      else skipped.push(`${name}: ${fullName}`);
    }
    if (file.status === "failed" && failures.length === failuresBefore)
      failures.push(`${name}: ${file.name}: ${file.message}`);
  }
  if (summary.exitCode !== 0 && failures.length === 0) {
    failures.push(`${name}: its tests passed but the run ended with ${summary.exitCode}`);
  }
  return { passed, failed: failures.length, skipped, failures };
}
