import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { folderPartitions, openFolderStateStore, updateHistory } from "@deepwright/data-tests";
import { openEngine } from "@deepwright/engines";
import type { Benchmark } from "../benchmark.js";
import { partitionedTable } from "../data-tests/table.js";
import { usageOf } from "../data-tests/usage.js";
import { formatFigure, median, medianRatio } from "../measure/statistics.js";

const days = 365;
const program = fileURLToPath(new URL("../data-tests/program.js", import.meta.url));

/** One new day of a year whose other days are known, against reading the whole year. */
export const dataHistoryBenchmark: Benchmark = {
  name: "data-history",
  async run(context) {
    const rowCount = days * (context.quick ? 1000 : 30_000);
    const data = join(context.folder, "data");
    const engine = await openEngine({ kind: "duckdb" });
    context.defer(() => engine.close());
    context.say(`writing ${formatFigure(rowCount)} rows in ${days} days`);
    await engine.query(partitionedTable(data, rowCount));
    if ((await readdir(data)).length !== days) throw new Error(`expected ${days} days`);
    const known = join(context.folder, "known");
    context.say("reading the days before the last");
    await updateHistory(engine, await openFolderStateStore(known), (await folderPartitions(data)).slice(0, -1));
    const measured = (mode: string, states: string) => usageOf(process.execPath, [program, mode, data, states]);
    const results = { oneDay: [] as number[], year: [] as number[] };
    for (let round = 0; round < context.rounds; round++) {
      const states = join(context.folder, `known-${round}`);
      await cp(known, states, { recursive: true });
      results.oneDay.push((await measured("new-days", states)).cpuSeconds);
      results.year.push((await measured("whole", join(context.folder, `whole-${round}`))).cpuSeconds);
    }
    const ratio = medianRatio(results.year, results.oneDay);
    return [
      {
        what: `states of one new day of ${days} (${formatFigure(rowCount)} x 20 in all), the list of days included`,
        asked: "<= 1/200 of the CPU of the full scan",
        measured: `${formatFigure(median(results.oneDay))} s CPU = 1/${formatFigure(ratio)}`,
        beside: `${formatFigure(median(results.year))} s CPU`,
        reached: ratio >= 200,
      },
    ];
  },
};
