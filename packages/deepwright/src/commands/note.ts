import type { Command } from "commander";
import type { CliCommand } from "../command.js";
import type { CliContext } from "../context.js";
import { resolveRun } from "../resolve-run.js";

interface NoteOptions {
  readonly project?: string;
}

export const command: CliCommand = {
  configure(program: Command, cli: CliContext): void {
    program
      .argument("<run>", "id, start of an id, name, or `latest`")
      .argument("[text]", 'the new note; "" takes it away; left out, the note is shown')
      .option("--project <name>", "of which `latest` or a name is meant")
      .action(async (reference: string, text: string | undefined, { project }: NoteOptions) => {
        const { runs } = await cli.openLineage();
        const found = await resolveRun(runs, reference, project, cli);
        const run = text === undefined ? found : await runs.setNote({ id: found.id, note: text });
        // Other control characters than line breaks could change the terminal.
        cli.print(run, () => run.note.replace(/[^\P{Cc}\n\t]/gu, "�"));
      });
  },
};
