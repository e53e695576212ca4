#!/usr/bin/env node
// `npm test`: everything, from a fresh clone. `npm test -- NAME...` runs the gates whose name contains one of the words.
import { chooseGates } from "../src/gates/choose-gates.mjs";
import { formatAndLint } from "../src/gates/format-and-lint.mjs";
import { runGates } from "../src/gates/run-gates.mjs";
import { Failure, runScript } from "../src/setup/failure.mjs";
import { installDependencies } from "../src/setup/install.mjs";
import { requireNode } from "../src/setup/node-version.mjs";

await runScript(async () => {
  try {
    requireNode();
    await installDependencies();
  } catch (error) {
    if (error instanceof Failure) process.on("exit", () => process.stdout.write("\n0 passed, 1 failed\n"));
    throw error;
  }
  // The gates' own dependencies are there from here on.
  const [{ types }, { imports }, { unused }, { tests }, { packages }, { release }] = await Promise.all([
    import("../src/gates/types.mjs"),
    import("../src/gates/imports.mjs"),
    import("../src/gates/unused.mjs"),
    import("../src/gates/tests.mjs"),
    import("../src/gates/packages.mjs"),
    import("../src/gates/release.mjs"),
  ]);
  const gates = chooseGates([formatAndLint, types, imports, unused, tests, packages, release], process.argv.slice(2));
  return runGates(gates, (text) => process.stdout.write(text));
});
