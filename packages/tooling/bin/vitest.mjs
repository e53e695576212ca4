#!/usr/bin/env node
// Runs the package's tests with the settings that all packages share and leaves the counts in test-summary.json.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const configuration = fileURLToPath(new URL("../vitest.config.mjs", import.meta.url));
rmSync("test-summary.json", { force: true });
const result = spawnSync(
  "vitest",
  [
    "run",
    "--config",
    configuration,
    "--root",
    process.cwd(),
    "--reporter=default",
    "--reporter=json",
    "--outputFile.json=test-summary.json",
    ...process.argv.slice(2),
  ],
  { stdio: "inherit", shell: process.platform === "win32" },
);
process.exit(result.status ?? 1);
