import type { Command } from "commander";
import type { CliCommand } from "../command.js";
import type { CliContext } from "../context.js";
import { renderTable } from "../render-table.js";
import { oneLine } from "../render-values.js";

export const command: CliCommand = {
  configure(program: Command, cli: CliContext): void {
    program.action(async () => {
      const { runs } = await cli.openLineage();
      const projects = await runs.projects();
      cli.print(projects, () => {
        if (projects.length === 0) return "No projects yet. Record a run: deepwright run -- python train.py";
        const rows = projects.map(({ name, runCount, proofRunCount }) => [
          oneLine(name),
          String(runCount),
          String(proofRunCount),
        ]);
        return renderTable(["PROJECT", "RUNS", "PROOF RE-RUNS"], rows, cli.width);
      });
    });
  },
};
