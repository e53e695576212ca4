/**
 * @typedef {object} GateResult
 * @property {number} passed
 * @property {number} failed
 * @property {number} [skipped]
 * @property {readonly string[]} [notes] shown always
 * @property {readonly string[]} [failures] shown when something failed
 */

/**
 * One thing that `npm test` checks.
 *
 * @typedef {object} Gate
 * @property {string} name short, as it stands in the summary
 * @property {() => Promise<GateResult>} run never throws for a failed check
 */

/**
 * The result of a gate that is one command.
 *
 * @param {import("../setup/command.mjs").CommandResult} result
 * @returns {GateResult}
 */
export function commandGate(result) {
  return result.exitCode === 0
    ? { passed: 1, failed: 0 }
    : { passed: 0, failed: 1, failures: [result.output.trim() || `exit code ${result.exitCode}`] };
}
