#!/usr/bin/env node
// `npm start`: installs, builds, starts the gateway on the embedded database, runs the est case against it and stays.
import { buildPackages } from "../src/setup/build.mjs";
import { Failure, runScript } from "../src/setup/failure.mjs";
import { installDependencies } from "../src/setup/install.mjs";
import { requireNode } from "../src/setup/node-version.mjs";
import { builtProgram, hasProgram, programPackage } from "../src/setup/programs.mjs";
import { startService } from "../src/setup/service.mjs";
import { root } from "../src/setup/workspace.mjs";
import { startGateway } from "../src/start/gateway.mjs";

await runScript(async () => {
  requireNode();
  await installDependencies();
  const hasCases = hasProgram("cases");
  await buildPackages([programPackage("gateway"), ...(hasCases ? [programPackage("cases")] : [])]);

  /** @type {Promise<"interrupted">} */
  const interrupted = new Promise((resolve) => {
    for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
      process.on(signal, () => resolve("interrupted"));
    }
  });
  const gateway = startGateway(process.argv.slice(2));
  const running = [gateway];
  const gatewayEnded = gateway.ended.then((exitCode) => ({ exitCode }));
  try {
    const address = await Promise.race([gateway.address, gatewayEnded, interrupted]);
    if (address === "interrupted") return 0;
    if (typeof address !== "string") {
      throw new Failure(
        `The gateway ended with ${address.exitCode} before it listened.`,
        "Read its message above; another port or store is chosen with `npm start -- --port 0 --store file:DIRECTORY`.",
      );
    }
    if (hasCases) {
      process.stdout.write("\n> Case est: find why the valuation model got worse\n");
      const est = startService(process.execPath, [builtProgram("cases"), "est", "--store", address], {
        cwd: root,
        stdio: ["ignore", "inherit", "inherit"],
      });
      running.unshift({ ...est, address: gateway.address });
      const ended = await Promise.race([est.ended, gatewayEnded, interrupted]);
      if (ended === "interrupted") return 0;
      if (typeof ended === "number" && ended !== 0) {
        process.stderr.write(`\nThe case ended with ${ended}; the gateway goes on.\n`);
      }
    } else {
      process.stdout.write("\nThis version has no case studies yet; the gateway runs without one.\n");
    }
    process.stdout.write(`\nDeepwright runs at ${address}. Ctrl-C ends it.\n`);
    const last = await Promise.race([gatewayEnded, interrupted]);
    if (last === "interrupted") return 0;
    process.stderr.write(`\nThe gateway ended with ${last.exitCode}.\n`);
    return 1;
  } finally {
    for (const service of running) await service.stop();
  }
});
