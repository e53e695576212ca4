import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { folderPartitions, openFolderStateStore, updateHistory } from "@deepwright/data-tests";
import { openEngine } from "@deepwright/engines";
import type { Benchmark } from "../benchmark.js";
import { partitionedTable } from "../data-tests/table.js";
import { measureUsage } from "../data-tests/usage.js";
import { formatFigure, median } from "../measure/statistics.js";

const days = 365;

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
    const partitions = await folderPartitions(data);
    const all = { name: "all", source: { kind: "file", path: join(data, "**/*.parquet") }, content: null } as const;
    const cpuOf = async (work: () => Promise<unknown>): Promise<number> =>
      (await measureUsage(async () => ({ passed: Boolean(await work()), checks: 0 }))).cpuSeconds;
    const ratios: number[] = [];
    const seconds: { oneDay: number[]; year: number[] } = { oneDay: [], year: [] };
    for (let round = 0; round < context.rounds; round++) {
      const store = await openFolderStateStore(join(context.folder, `history-${round}`));
      await updateHistory(engine, store, partitions.slice(0, -1));
      const oneDay = await cpuOf(async () => updateHistory(engine, store, await folderPartitions(data)));
      const whole = await openFolderStateStore(join(context.folder, `whole-${round}`));
      const year = await cpuOf(() => updateHistory(engine, whole, [all]));
      seconds.oneDay.push(oneDay);
      seconds.year.push(year);
      ratios.push(year / oneDay);
    }
    const ratio = median(ratios);
    return [
      {
        what: `states of one new day of ${days} (${formatFigure(rowCount)} x 20 in all), the list of days included`,
        asked: "<= 1/200 of the CPU of the full scan",
        measured: `${formatFigure(median(seconds.oneDay))} s CPU = 1/${formatFigure(ratio)}`,
        beside: `${formatFigure(median(seconds.year))} s CPU`,
        reached: ratio >= 200,
      },
    ];
  },
};
