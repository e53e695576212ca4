import { seconds } from "../setup/steps.mjs";

/**
 * Runs gates one after another, also behind a failed one, and prints for each its name, counts and time.
 *
 * @param {readonly import("./gate.mjs").Gate[]} gates
 * @param {(text: string) => void} write
 * @returns {Promise<number>} exit code: 1 when anything failed
 */
export async function runGates(gates, write) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  const summary = [];
  for (const { name, run } of gates) {
    write(`> ${name}\n`);
    const start = performance.now();
    const result = await run().catch(
      /** @returns {import("./gate.mjs").GateResult} */
      (error) => ({
        passed: 0,
        failed: 1,
        failures: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
      }),
    );
    const skipped = result.skipped ?? 0;
    total.passed += result.passed;
    total.failed += result.failed;
    total.skipped += skipped;
    const line = `${counts({ ...result, skipped })} in ${seconds(performance.now() - start)}`;
    summary.push(`  ${result.failed > 0 ? "failed" : "ok    "}  ${name}: ${line}`);
    for (const note of result.notes ?? []) write(`  ${note}\n`);
    for (const failure of result.failed > 0 ? (result.failures ?? []) : []) write(`${indent(failure)}\n`);
    write(`  ${line}\n`);
  }
  write(`\n${summary.join("\n")}\n\n${counts(total)}\n`);
  return total.failed > 0 ? 1 : 0;
}

/** @param {{ passed: number, failed: number, skipped: number }} result */
function counts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** @param {string} text */
function indent(text) {
  return text.replace(/^/gm, "    ");
}
