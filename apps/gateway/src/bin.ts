#!/usr/bin/env node
import { toDeepwrightError } from "@deepwright/core";
import { parseCommandLine, usage } from "./config/arguments.js";
import { parseConfig, printConfig } from "./config/config.js";
import { startGateway } from "./start-gateway.js";

async function main(): Promise<void> {
  const { action, config } = parseCommandLine(process.argv.slice(2), process.env);
  if (action === "help") {
    process.stdout.write(`${usage}\n`);
    return;
  }
  if (action === "print-config") {
    process.stdout.write(`${printConfig(parseConfig(config))}\n`);
    return;
  }
  const gateway = await startGateway(config);
  process.stdout.write(`${gateway.url}\n`);
  const stop = (): void => {
    gateway.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

function fail(error: unknown): never {
  const typed = toDeepwrightError(error);
  process.stderr.write(`${typed.code}: ${typed.message}\n`);
  process.exit(typed.exitCode);
}

main().catch(fail);
