import type { Run } from "@deepwright/lineage";
import type { Command } from "commander";
import type { CliCommand } from "../command.js";
import type { CliContext } from "../context.js";
import { oneLine } from "../render-values.js";
import { resolveRun } from "../resolve-run.js";

interface ArchiveOptions {
  readonly project?: string;
  readonly restore?: boolean;
}

export const command: CliCommand = {
  configure(program: Command, cli: CliContext): void {
    program
      .argument("<runs...>", "ids, starts of ids, names, or `latest`")
      .option("--restore", "bring them back")
      .option("--project <name>", "of which `latest` or a name is meant")
      .action(async (references: string[], { project, restore }: ArchiveOptions) => {
        const { runs } = await cli.openLineage();
        // All are found before the first is changed, so that a misspelled one changes nothing.
        const found: Run[] = [];
        for (const reference of references) found.push(await resolveRun(runs, reference, project, cli));
        const changed: Run[] = [];
        for (const { id } of found) changed.push(await runs.archiveRun({ id, archived: restore !== true }));
        const done = restore ? "restored" : "archived";
        cli.print(changed, () => changed.map((run) => `${done} ${run.id} ${oneLine(run.name)}`).join("\n"));
      });
  },
};
