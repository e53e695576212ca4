import { deliverContinuously } from "@deepwright/lineage/recorder";
import type { Command } from "commander";
import type { CliCommand } from "../command.js";
import type { CliContext } from "../context.js";

export const command: CliCommand = {
  configure(program: Command, cli: CliContext): void {
    program
      .option("--follow", "go on until Ctrl-C")
      .action((options: { readonly follow?: boolean }) => (options.follow ? follow(cli) : deliverOnce(cli)));
  },
};

async function deliverOnce(cli: CliContext): Promise<void> {
  const location = await cli.location();
  const [{ openLineage }, { deliverSpool }] = await Promise.all([
    import("@deepwright/lineage"),
    import("@deepwright/lineage/recorder"),
  ]);
  const lineage = await openLineage(location.uri);
  try {
    const summary = await deliverSpool(location, lineage.runs, { signal: cli.signal });
    cli.print(summary, () => `${summary.deliveredEvents} events delivered, ${summary.liveSources} runs go on`);
  } finally {
    await lineage.close();
  }
}

async function follow(cli: CliContext): Promise<void> {
  const location = await cli.location();
  const { openLineage } = await import("@deepwright/lineage");
  await deliverContinuously(location, {
    open: () => openLineage(location.uri),
    lingerMs: Number.POSITIVE_INFINITY,
    signal: cli.signal,
    onTrouble: (message) => cli.note(`deepwright: ${message}`),
  });
}
