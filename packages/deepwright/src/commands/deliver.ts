import { DeepwrightError, isDeepwrightError } from "@deepwright/core";
import {
  deliverContinuously,
  pendingDelivery,
  retryRefused,
  type StoreLocation,
  storeTrouble,
} from "@deepwright/lineage/recorder";
import type { Command } from "commander";
import type { CliCommand } from "../command.js";
import type { CliContext } from "../context.js";
import { refusedRemark, withRemainder } from "../delivery-state.js";

interface DeliverOptions {
  readonly follow?: boolean;
  readonly refused?: boolean;
}

export const command: CliCommand = {
  configure(program: Command, cli: CliContext): void {
    program
      .option("--follow", "go on until Ctrl-C")
      .option("--refused", "also send again what the store refused before")
      .action((options: DeliverOptions) => deliver(options, cli));
  },
};

async function deliver(options: DeliverOptions, cli: CliContext): Promise<void> {
  const location = await cli.location();
  const retriedSources = options.refused ? retryRefused(location) : 0;
  if (options.follow) await follow(location, cli);
  else await deliverOnce(location, retriedSources, cli);
}

async function deliverOnce(location: StoreLocation, retriedSources: number, cli: CliContext): Promise<void> {
  const [{ openLineage }, { deliverSpool }] = await Promise.all([
    import("@deepwright/lineage"),
    import("@deepwright/lineage/recorder"),
  ]);
  try {
    if (pendingDelivery(location).events > 0) {
      // A process that tries again and again has the right to deliver; waiting for it would tell nothing.
      const trouble = await storeTrouble(location);
      if (trouble !== undefined) throw trouble;
    }
    const lineage = await openLineage(location);
    try {
      const summary = await deliverSpool(location, lineage.runs, { signal: cli.signal });
      const left = pendingDelivery(location);
      if (left.endedRuns > 0 && !cli.signal.aborted) throw stillWaiting();
      cli.print(
        { ...summary, retriedSources, remainingEvents: left.events },
        () => `${summary.deliveredEvents} events delivered, ${summary.liveSources} runs go on`,
      );
      if (left.refusedSources > 0) cli.note(`deepwright: ${refusedRemark(location, left.refusedSources)}`);
    } finally {
      await lineage.close();
    }
  } catch (error) {
    throw isDeepwrightError(error) ? withRemainder(error as DeepwrightError, location) : error;
  }
}

function stillWaiting(): DeepwrightError {
  return new DeepwrightError({
    code: "DELIVERY_PENDING",
    kind: "unavailable",
    expected: "the process that is delivering to come to an end",
    got: "one that is still at it",
    todo: "Try again later.",
  });
}

async function follow(location: StoreLocation, cli: CliContext): Promise<void> {
  const { openLineage } = await import("@deepwright/lineage");
  await deliverContinuously(location, {
    open: () => openLineage(location),
    lingerMs: Number.POSITIVE_INFINITY,
    signal: cli.signal,
    onTrouble: (message) => cli.note(`deepwright: ${message}`),
  });
  if (!cli.signal.aborted) cli.note("deepwright: another process delivers to this store already.");
}
