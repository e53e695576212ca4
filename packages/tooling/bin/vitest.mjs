#!/usr/bin/env node
// Runs the package's tests with the settings that all packages share and leaves the counts in test-summary.json.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const summaryFile = "test-summary.json";
const configuration = fileURLToPath(new URL("../vitest.config.mjs", import.meta.url));
rmSync(summaryFile, { force: true });
const result = spawnSync(
  "vitest",
  [
    "run",
    ...["--config", configuration, "--root", process.cwd()],
    ...["--reporter=default", "--reporter=json", `--outputFile.json=${summaryFile}`],
    ...process.argv.slice(2),
  ],
  { stdio: ["ignore", "inherit", "inherit"], shell: process.platform === "win32" },
);
const exitCode = result.status ?? 1;
if (existsSync(summaryFile)) {
  // Errors outside of a test (an unhandled rejection, say) show in the exit code only.
  const summary = JSON.parse(readFileSync(summaryFile, "utf8"));
  writeFileSync(summaryFile, JSON.stringify({ ...summary, exitCode }));
}
process.exit(exitCode);
