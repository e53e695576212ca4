#!/usr/bin/env node
// `npm start`: installs, builds, starts the gateway on the embedded database, runs the est case against it and stays.
import { buildPackages } from "../src/setup/build.mjs";
import { runScript } from "../src/setup/failure.mjs";
import { installDependencies } from "../src/setup/install.mjs";
import { requireNode } from "../src/setup/node-version.mjs";
import { builtProgram, programs } from "../src/setup/programs.mjs";
import { startService } from "../src/setup/service.mjs";
import { root } from "../src/setup/workspace.mjs";
import { startGateway } from "../src/start/gateway.mjs";

await runScript(async () => {
  requireNode();
  await installDependencies();
  await buildPackages(Object.values(programs).map(({ packageName }) => packageName));

  /** @type {{ stop(): Promise<void> }[]} */
  const running = [];
  /** @type {Promise<"interrupted">} */
  const interrupted = new Promise((resolve) => {
    for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
      process.on(signal, () => resolve("interrupted"));
    }
  });
  try {
    const started = await Promise.race([startGateway(process.argv.slice(2)), interrupted]);
    if (started === "interrupted") return 130;
    const { address, service: gateway } = started;
    running.unshift(gateway);

    process.stdout.write("\n> Case est: find why the valuation model got worse\n");
    const est = startService(process.execPath, [builtProgram("cases"), "est", "--store", address], {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
    });
    running.unshift(est);
    const ended = await Promise.race([est.ended, gateway.ended.then(() => "gateway-ended"), interrupted]);
    if (ended === "interrupted") return 0;
    if (ended !== 0 && ended !== "gateway-ended")
      process.stderr.write(`\nThe case ended with ${ended}; the gateway goes on.\n`);

    process.stdout.write(`\nDeepwright runs at ${address}. Ctrl-C ends it.\n`);
    const last = await Promise.race([gateway.ended, interrupted]);
    if (last === "interrupted") return 0;
    process.stderr.write(`\nThe gateway ended with ${last}.\n`);
    return 1;
  } finally {
    for (const service of running) await service.stop();
  }
});
