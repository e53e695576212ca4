import { existsSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { runCommand } from "../setup/command.mjs";
import { constructionNotes, finishedPackages } from "../setup/workspace.mjs";
import { countTests } from "./test-summary.mjs";

/** Each package's vitest runs two workers by itself. */
const concurrency = Math.max(1, Math.floor(availableParallelism() / 2));

/** @type {import("./gate.mjs").Gate} */
export const tests = {
  name: "tests",
  async run() {
    const tested = finishedPackages().filter(({ manifest }) => manifest.scripts?.test);
    for (const { folder } of tested) rmSync(join(folder, "test-summary.json"), { force: true });
    const parameters = [
      "--continue=dependencies-successful",
      `--concurrency=${concurrency}`,
      ...tested.map(({ name }) => `--filter=${name}`),
      "--output-logs=errors-only",
    ];
    await runCommand("turbo", ["run", "test", ...parameters], { show: true });
    let passed = 0;
    /** @type {string[]} */
    const skipped = [];
    /** @type {string[]} */
    const failures = [];
    const notes = [];
    for (const { name, folder } of tested) {
      const file = join(folder, "test-summary.json");
      const result = countTests(name, existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined);
      passed += result.passed;
      skipped.push(...result.skipped);
      failures.push(...result.failures);
      notes.push(`${name}: ${result.passed} passed, ${result.failed} failed, ${result.skipped.length} skipped`);
    }
    const construction = constructionNotes();
    notes.push(...skipped.map((test) => `skipped: ${test}`), ...construction);
    return { passed, failed: failures.length, skipped: skipped.length + construction.length, failures, notes };
  },
};
