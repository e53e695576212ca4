#!/usr/bin/env node
// `npm run case -- NAME [--data DIR] [--full]`: runs one of the case studies from raw data to its report.
import { buildPackages } from "../src/setup/build.mjs";
import { Failure, runScript } from "../src/setup/failure.mjs";
import { installDependencies } from "../src/setup/install.mjs";
import { requireNode } from "../src/setup/node-version.mjs";
import { builtProgram, programPackage } from "../src/setup/programs.mjs";
import { startService } from "../src/setup/service.mjs";

await runScript(async () => {
  requireNode();
  const parameters = process.argv.slice(2);
  if (parameters.length === 0)
    throw new Failure("Expected the name of a case, got nothing.", "Write `npm run case -- est`.");
  await installDependencies();
  await buildPackages([programPackage("cases")]);
  // Paths that the user gives are relative to where npm was called.
  const cwd = process.env.INIT_CWD ?? process.cwd();
  const service = startService(process.execPath, [builtProgram("cases"), ...parameters], { cwd, stdio: "inherit" });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(signal, () => service.stop());
  return service.ended;
});
