import { DeepwrightError } from "@deepwright/core";
import type { Command } from "commander";
import type { CliCommand } from "../command.js";
import type { CliContext } from "../context.js";
import { parsePairs } from "../parse-pairs.js";
import { oneLine } from "../render-values.js";
import { resolveRun } from "../resolve-run.js";

interface TagOptions {
  readonly project?: string;
  readonly remove: readonly string[];
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

export const command: CliCommand = {
  configure(program: Command, cli: CliContext): void {
    program
      .argument("<run>", "id, start of an id, name, or `latest`")
      .argument("[tags...]", "such as role=baseline")
      .option("--remove <key>", "take a tag away (repeatable)", collect, [])
      .option("--project <name>", "of which `latest` or a name is meant")
      .action((reference: string, tags: string[], options: TagOptions) => tag(reference, tags, options, cli));
  },
};

async function tag(reference: string, tags: readonly string[], options: TagOptions, cli: CliContext): Promise<void> {
  const changes = { ...Object.fromEntries(options.remove.map((key) => [key, null])), ...parsePairs(tags) };
  if (Object.keys(changes).length === 0) {
    throw new DeepwrightError({
      code: "INVALID_TAG",
      expected: "at least one tag such as team=risk, or --remove KEY",
      got: "none",
      todo: "Name the tags behind the run.",
    });
  }
  const { runs } = await cli.openLineage();
  const { id } = await resolveRun(runs, reference, options.project, cli);
  const run = await runs.setTags({ id, tags: changes });
  cli.print(run, () => {
    const shown = Object.entries(run.tags).map(([key, value]) => `${oneLine(key)}=${oneLine(value)}`);
    return `${run.id}: ${shown.length === 0 ? "no tags" : shown.join(", ")}`;
  });
}
