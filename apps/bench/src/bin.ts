#!/usr/bin/env node
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Benchmark, Row } from "./benchmark.js";
import { replaceSections, section } from "./report.js";

/** Loaded one by one, so that a benchmark that is not asked for costs nothing. */
const benchmarks: Readonly<Record<string, () => Promise<Benchmark>>> = {
  ingest: async () => (await import("./benchmarks/ingest.js")).ingestBenchmark,
  search: async () => (await import("./benchmarks/search.js")).searchBenchmark,
  "recorder-log": async () => (await import("./benchmarks/recorder-log.js")).recorderLogBenchmark,
  diff: async () => (await import("./benchmarks/diff.js")).diffBenchmark,
  walk: async () => (await import("./benchmarks/walk.js")).walkBenchmark,
  overhead: async () => (await import("./benchmarks/overhead.js")).overheadBenchmark,
  "graphql-list": async () => (await import("./benchmarks/graphql-list.js")).graphqlListBenchmark,
  chaos: async () => (await import("./benchmarks/chaos.js")).chaosBenchmark,
  "data-tests": async () => (await import("./benchmarks/data-tests.js")).dataTestsBenchmark,
  "data-history": async () => (await import("./benchmarks/data-history.js")).dataHistoryBenchmark,
  prove: async () => (await import("./benchmarks/prove.js")).proveBenchmark,
};

const usage = `npm run bench -- [NAME ...] [--rounds N] [--quick] [--write docs/benchmarks.md]
names: ${Object.keys(benchmarks).join(", ")}`;

async function runOne(benchmark: Benchmark, rounds: number, quick: boolean): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "deepwright-bench-"));
  const cleanUps: (() => Promise<void> | void)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const say = (line: string): void => void process.stderr.write(`${benchmark.name}: ${line}\n`);
    return await benchmark.run({ folder, rounds, quick, say, defer: (cleanUp) => cleanUps.push(cleanUp) });
  } finally {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: "string", default: "5" },
      quick: { type: "boolean", default: false },
      write: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(benchmarks);
  const unknown = names.find((name) => !Object.hasOwn(benchmarks, name));
  const rounds = Number(values.rounds);
  if (values.help || unknown !== undefined || !(Number.isInteger(rounds) && rounds > 0)) {
    process.stderr.write(`${usage}\n`);
    return values.help ? 0 : 2;
  }
  const day = new Date().toISOString().slice(0, 10);
  const sections = new Map<string, string>();
  let failed = 0;
  for (const name of names) {
    try {
      const benchmark = await benchmarks[name]?.();
      if (benchmark) sections.set(name, section(name, await runOne(benchmark, rounds, values.quick), day));
    } catch (error) {
      failed += 1;
      process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  process.stdout.write([...sections.values()].join("\n"));
  if (values.write) {
    const document = await readFile(values.write, "utf8");
    await writeFile(values.write, replaceSections(document, sections, Object.keys(benchmarks)));
  }
  return failed > 0 ? 1 : 0;
}

process.exitCode = await main();
