import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Benchmark } from "../benchmark.js";
import { formatFigure, interleave, median } from "../measure/statistics.js";

function milliseconds(command: string, parameters: readonly string[], workingDirectory: string): number {
  const start = performance.now();
  const result = spawnSync(command, parameters, { cwd: workingDirectory, stdio: "ignore" });
  if (result.status !== 0) throw new Error(`${command} ${parameters.join(" ")} ended with ${result.status}`);
  return performance.now() - start;
}

/** What `deepwright run` adds to a command that does nothing, and how fast the command line starts. */
export const overheadBenchmark: Benchmark = {
  name: "overhead",
  async run(context) {
    const bin = join(dirname(createRequire(import.meta.url).resolve("deepwright")), "bin.js");
    const folder = join(context.folder, "project");
    mkdirSync(folder);
    const store = `file:${join(context.folder, "store")}`;
    const run = [bin, "run", "--quiet", "--store", store, "--", "true"];
    // The first run makes the store.
    milliseconds(process.execPath, run, folder);
    const results = await interleave(context.rounds * 3, {
      bare: async () => milliseconds("true", [], folder),
      node: async () => milliseconds(process.execPath, ["-e", "0"], folder),
      version: async () => milliseconds(process.execPath, [bin, "--version"], folder),
      run: async () => milliseconds(process.execPath, run, folder),
    });
    const overhead = median(results.run) - median(results.bare);
    const version = median(results.version);
    const node = `node itself starts in ${formatFigure(median(results.node))} ms`;
    return [
      {
        what: "what `deepwright run -- true` adds",
        asked: "<= 300 ms",
        measured: `${formatFigure(overhead)} ms`,
        beside: node,
        reached: overhead <= 300,
      },
      {
        what: "`deepwright --version`",
        asked: "<= 150 ms",
        measured: `${formatFigure(version)} ms`,
        beside: node,
        reached: version <= 150,
      },
    ];
  },
};
