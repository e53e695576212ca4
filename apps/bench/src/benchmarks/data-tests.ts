import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { formatBytes } from "@deepwright/core";
import type { Benchmark, BenchmarkContext, Row } from "../benchmark.js";
import {
  greatExpectationsProgram,
  greatExpectationsVersion,
  panderaProgram,
  panderaVersion,
} from "../data-tests/peers.js";
import { writeTable } from "../data-tests/table.js";
import { type Usage, usageOf } from "../data-tests/usage.js";
import { formatFigure, median } from "../measure/statistics.js";
import { pythonProgram } from "../peers/python.js";

const program = fileURLToPath(new URL("../data-tests/program.js", import.meta.url));
const ours = (path: string) => () => usageOf(process.execPath, [program, "suite", path]);
const floor = (path: string) => () => usageOf(process.execPath, [program, "floor", path]);

async function takeTurns<Name extends string>(
  rounds: number,
  contenders: Readonly<Record<Name, () => Promise<Usage>>>,
): Promise<Record<Name, Usage[]>> {
  const names = Object.keys(contenders) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, [] as Usage[]])) as Record<Name, Usage[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) results[name].push(await contenders[name]());
  }
  return results;
}

const cpu = (usages: readonly Usage[]): number => median(usages.map((usage) => usage.cpuSeconds));
const peak = (usages: readonly Usage[]): number => median(usages.map((usage) => usage.peakBytes));
const described = (usages: readonly Usage[]): string =>
  `${formatFigure(cpu(usages))} s CPU, ${formatFigure(median(usages.map((usage) => usage.wallSeconds)))} s, ${formatBytes(peak(usages))}`;
const cpuRatio = (left: readonly Usage[], right: readonly Usage[]): number =>
  median(left.map((usage, round) => usage.cpuSeconds / (right[round]?.cpuSeconds ?? Number.NaN)));

async function againstFloor(context: BenchmarkContext, path: string, rowCount: number): Promise<Row[]> {
  const results = await takeTurns(context.rounds, { floor: floor(path), ours: ours(path) });
  const ratio = cpuRatio(results.ours, results.floor);
  const megabytes = peak(results.ours) / 2 ** 20;
  return [
    {
      what: `40 exact expectations on ${formatFigure(rowCount)} x 20 of Parquet, against \`min\` of each column`,
      asked: "<= 2.0 x CPU, <= 400 MB",
      measured: `${described(results.ours)} = ${formatFigure(ratio)} x`,
      beside: described(results.floor),
      reached: ratio <= 2 && megabytes <= 400,
    },
  ];
}

async function againstPeers(context: BenchmarkContext, path: string, rowCount: number): Promise<Row[]> {
  const python = pythonProgram("data-tests", "python", [
    `great_expectations==${greatExpectationsVersion}`,
    `pandera[polars]==${panderaVersion}`,
    "pyarrow",
  ]);
  const what = `40 expectations on ${formatFigure(rowCount)} x 20 of Parquet, read included`;
  const peers = [
    {
      name: `Great Expectations ${greatExpectationsVersion} (pandas)`,
      text: greatExpectationsProgram,
      cpu: 1 / 12,
      memory: 1 / 4,
    },
    { name: `pandera ${panderaVersion} on polars`, text: panderaProgram, cpu: 1, memory: 0.4 },
  ];
  if (python === null) {
    return peers.map(({ name }) => ({
      what,
      asked: `against ${name}`,
      measured: "",
      beside: "it can't be installed here",
      reached: null,
    }));
  }
  const rows: Row[] = [];
  for (const { name, text, cpu: mostCpu, memory: mostMemory } of peers) {
    context.say(name);
    const results = await takeTurns(context.rounds, {
      peer: () => usageOf(python, ["-c", text, path]),
      ours: ours(path),
    });
    const [checks] = results.peer.map((usage) => usage.checks);
    if (checks !== 40) throw new Error(`${name} ran ${checks} checks in place of 40`);
    const cpuShare = cpuRatio(results.ours, results.peer);
    const memoryShare = peak(results.ours) / peak(results.peer);
    rows.push({
      what,
      asked: `<= ${formatFigure(mostCpu)} x CPU and <= ${formatFigure(mostMemory)} x memory of ${name}`,
      measured: `${described(results.ours)} = ${formatFigure(cpuShare)} x CPU, ${formatFigure(memoryShare)} x memory`,
      beside: described(results.peer),
      reached: cpuShare <= mostCpu && memoryShare <= mostMemory,
    });
  }
  return rows;
}

async function tenTimesAsMuch(context: BenchmarkContext, rowCount: number): Promise<Row[]> {
  const folder = join(context.folder, "many");
  mkdirSync(folder);
  context.say(`writing ${formatFigure(10 * rowCount)} rows`);
  for (let part = 0; part < 10; part++) {
    await writeTable(join(folder, `part-${part}.parquet`), part * rowCount, (part + 1) * rowCount);
  }
  const results = await takeTurns(1, {
    one: ours(join(folder, "part-0.parquet")),
    ten: ours(join(folder, "*.parquet")),
  });
  const ratio = cpuRatio(results.ten, results.one);
  const memory = peak(results.ten) / peak(results.one);
  return [
    {
      what: `the same on ${formatFigure(10 * rowCount)} rows in 10 files, against ${formatFigure(rowCount)}`,
      asked: "linear (10 x CPU), same memory",
      measured: `${described(results.ten)} = ${formatFigure(ratio)} x CPU, ${formatFigure(memory)} x memory`,
      beside: described(results.one),
      reached: ratio <= 12 && memory <= 1.25,
    },
  ];
}

/** Forty exact expectations beside the floor, the peers, and ten times as much data. */
export const dataTestsBenchmark: Benchmark = {
  name: "data-tests",
  async run(context) {
    const rowCount = context.quick ? 100_000 : 10_000_000;
    const large = join(context.folder, "large.parquet");
    const small = join(context.folder, "small.parquet");
    context.say(`writing ${formatFigure(rowCount)} rows`);
    await writeTable(large, 0, rowCount);
    await writeTable(small, 0, rowCount / 10);
    return [
      ...(await againstFloor(context, large, rowCount)),
      ...(await againstPeers(context, small, rowCount / 10)),
      ...(await tenTimesAsMuch(context, rowCount)),
    ];
  },
};
