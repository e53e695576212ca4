import { createHash, randomUUID } from "node:crypto";
import { join } from "node:path";
import { joinPath, newId, type RunId } from "@deepwright/core";
import { openLineage } from "@deepwright/lineage";
import type { Benchmark } from "../benchmark.js";
import { formatFigure, median } from "../measure/statistics.js";
import { runStart } from "./ingest.js";

function blobId(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}

/** Comparing two runs of a large project by what differs, and how the time grows with the differences. */
export const diffBenchmark: Benchmark = {
  name: "diff",
  async run(context) {
    const fileCount = context.quick ? 1000 : 50_000;
    const packageCount = context.quick ? 100 : 2000;
    const lineage = await openLineage(`file:${join(context.folder, "store")}`);
    context.defer(() => lineage.close());
    const sourceId = randomUUID();
    let next = 1;
    const record = async (changed: number): Promise<RunId> => {
      const runId = newId<"run">();
      const files = Object.fromEntries(
        Array.from({ length: fileCount }, (_, index) => [
          joinPath("files", `source/folder_${index % 500}/module_${index}.py`),
          // Half of the differences are files, half packages.
          blobId(index * 2 < changed ? `changed ${index}` : `${index}`),
        ]),
      );
      const packages = Object.fromEntries(
        Array.from({ length: packageCount }, (_, index) => [
          joinPath("packages", "python", `package-${index}`),
          index * 2 < changed ? "2.0.0" : "1.0.0",
        ]),
      );
      const events = [
        runStart(runId, `changed-${changed}`),
        { type: "component", runId, component: "source", entries: files },
        { type: "component", runId, component: "platform", entries: packages },
        { type: "run-end", runId, status: "finished", endedAtMs: 1, exitCode: 0, signal: null },
      ] as const;
      await lineage.runs.ingest({ sourceId, firstSequence: next, events });
      next += events.length;
      return runId;
    };
    const before = await record(0);
    const times: Record<number, number> = {};
    for (const changed of [20, 200, 2000]) {
      if (changed > fileCount) continue;
      const after = await record(changed);
      const values: number[] = [];
      for (let round = 0; round < context.rounds * 3 + 1; round++) {
        const start = performance.now();
        const { differences } = await lineage.runs.compareComponents({ before, after });
        values.push(performance.now() - start);
        if (differences.length !== changed) throw new Error(`${differences.length} differences instead of ${changed}`);
      }
      times[changed] = median(values.slice(1));
    }
    const few = times[20] ?? Number.NaN;
    return [
      {
        what: `diff of two runs with ${formatFigure(fileCount)} files and ${formatFigure(packageCount)} packages each, 20 differences (PGlite)`,
        asked: "<= 100 ms, cost grows with the differences",
        measured: `${formatFigure(few)} ms`,
        beside: Object.entries(times)
          .map(([count, time]) => `${count} differences: ${formatFigure(time)} ms`)
          .join(", "),
        reached: few <= 100,
      },
    ];
  },
};
