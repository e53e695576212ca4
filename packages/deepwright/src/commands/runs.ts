import { DeepwrightError } from "@deepwright/core";
import type { RunSearch } from "@deepwright/lineage";
import type { Command } from "commander";
import type { CliCommand } from "../command.js";
import type { CliContext } from "../context.js";
import { renderTable } from "../render-table.js";
import { formatTime, metricsInBrief, oneLine, runDuration } from "../render-values.js";

interface RunsOptions {
  readonly project?: string;
  readonly limit: string;
  readonly after?: string;
  readonly filter?: string;
  readonly sort?: string;
  readonly descending?: boolean;
  readonly archived?: boolean;
  readonly proofs?: boolean;
}

export const command: CliCommand = {
  configure(program: Command, cli: CliContext): void {
    program
      .argument("[words...]", "words in name, note, tags or command")
      .option("--project <name>", "only runs of this project")
      .option("--limit <count>", "1 to 1000", "20")
      .option("--after <cursor>", "the page behind this cursor")
      .option("--filter <text>", "such as: metric.mae < 70000 and config.arguments/--shuffle = true")
      .option("--sort <metric>", "by the last value of a metric, smallest first (default: newest first)")
      .option("--descending", "largest first")
      .option("--archived", "archived runs too")
      .option("--proofs", "re-runs of `why --prove` too")
      .action((words: string[], options: RunsOptions) => list(words, options, cli));
  },
};

async function list(words: readonly string[], options: RunsOptions, cli: CliContext): Promise<void> {
  const search = await searchOf(words, options);
  const lineage = await cli.openLineage();
  const page = await lineage.runs.searchRuns(search);
  if (options.sort !== undefined && page.items.every(({ metrics }) => metrics[options.sort ?? ""] === undefined)) {
    cli.note(`deepwright: no run here has the metric ${JSON.stringify(options.sort)}.`);
  }
  cli.print(page, () => {
    if (page.items.length === 0) {
      const isSearch = search.filter !== undefined || search.project !== undefined || search.after !== undefined;
      return isSearch ? "No run matches." : "No runs yet. Record one: deepwright run -- python train.py";
    }
    const isMixed = new Set(page.items.map((run) => run.project)).size > 1;
    const rows = page.items.map((run) => [
      run.id.slice(0, 13),
      ...(isMixed ? [oneLine(run.project)] : []),
      oneLine(run.name),
      run.status,
      formatTime(run.startedAtMs),
      runDuration(run),
      metricsInBrief(run, 3),
    ]);
    const head = ["RUN", ...(isMixed ? ["PROJECT"] : []), "NAME", "STATUS", "STARTED", "TOOK", "METRICS"];
    const table = renderTable(head, rows, cli.width);
    return page.hasNextPage ? `${table}\nMore: --after ${page.endCursor}` : table;
  });
}

async function searchOf(words: readonly string[], options: RunsOptions): Promise<RunSearch> {
  const first = Number(options.limit);
  if (!Number.isInteger(first) || first < 1 || first > 1000) {
    throw new DeepwrightError({
      code: "INVALID_LIMIT",
      expected: "--limit from 1 to 1000",
      got: JSON.stringify(options.limit),
      todo: "Give a whole number, and use --after for the next page.",
    });
  }
  const filters = [];
  if (words.length > 0) filters.push({ text: words.join(" ") });
  if (options.filter !== undefined) {
    const { parseRunFilter } = await import("@deepwright/lineage");
    filters.push(parseRunFilter(options.filter));
  }
  return {
    first,
    ...(options.project === undefined ? {} : { project: options.project }),
    ...(options.after === undefined ? {} : { after: options.after }),
    ...(filters.length === 0 ? {} : { filter: { and: filters } }),
    ...(options.sort === undefined
      ? {}
      : {
          order: {
            by: "metric",
            metric: options.sort,
            aggregate: "last",
            direction: options.descending ? "descending" : "ascending",
          },
        }),
    ...(options.archived ? { includeArchived: true } : {}),
    ...(options.proofs ? { purposes: ["user", "proof"] } : {}),
  };
}
