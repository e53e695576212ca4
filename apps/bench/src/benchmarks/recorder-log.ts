import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { startRun } from "@deepwright/lineage/recorder";
import type { Benchmark, BenchmarkContext, Row } from "../benchmark.js";
import { freePort } from "../measure/server-process.js";
import { formatFigure, median, quantile } from "../measure/statistics.js";
import { startGatewayProcess } from "../peers/deepwright.js";

interface LogFigures {
  /** Milliseconds. */
  readonly p99: number;
  readonly pointsPerSecond: number;
}

/** Logs ten metrics a call, as a training loop would, and times every call. */
async function logTo(store: string, folder: string, calls: number): Promise<LogFigures> {
  mkdirSync(folder, { recursive: true });
  const recorder = startRun({ store, project: "bench", name: "log", root: folder, workingDirectory: folder });
  const values = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`metric_${index}`, 0]));
  const latencies = new Float64Array(calls);
  const begin = performance.now();
  for (let call = 0; call < calls; call++) {
    for (const name of Object.keys(values)) values[name] = Math.sin(call);
    const start = performance.now();
    recorder.log(values, { step: call });
    latencies[call] = performance.now() - start;
    // A training loop gives the event loop a turn between steps.
    if (call % 1000 === 999) await new Promise((resolve) => setImmediate(resolve));
  }
  const seconds = (performance.now() - begin) / 1000;
  await recorder.finish();
  return { p99: quantile(Array.from(latencies), 0.99), pointsPerSecond: (calls * 10) / seconds };
}

/** A server that takes connections and never answers. */
async function silentServer(context: BenchmarkContext): Promise<string> {
  const server = createServer(() => undefined).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  context.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}

/** Time of `log()` with ten metrics a call, while the server answers, hangs, or is away. */
export const recorderLogBenchmark: Benchmark = {
  name: "recorder-log",
  async run(context) {
    const gateway = await startGatewayProcess(context.folder);
    context.defer(() => gateway.stop());
    const servers = {
      "the server up": gateway.url,
      "the server slow": await silentServer(context),
      "the server dead": `http://127.0.0.1:${await freePort()}`,
    };
    const calls = context.quick ? 2000 : 50_000;
    const rows: Row[] = [];
    const rates: number[] = [];
    for (const [state, url] of Object.entries(servers)) {
      const figures: LogFigures[] = [];
      for (let round = 0; round < context.rounds; round++) {
        figures.push(await logTo(url, join(context.folder, `${state.replaceAll(" ", "-")}-${round}`), calls));
      }
      rates.push(...figures.map((figure) => figure.pointsPerSecond));
      const p99 = median(figures.map((figure) => figure.p99));
      rows.push({
        what: `log() with 10 metrics, ${state}, 99th percentile`,
        asked: "<= 1 ms",
        measured: `${formatFigure(p99)} ms`,
        beside: "",
        reached: p99 <= 1,
      });
    }
    const rate = median(rates);
    rows.push({
      what: "points into the log, 10 a call",
      asked: ">= 200,000 points/s",
      measured: `${formatFigure(rate)} points/s`,
      beside: "",
      reached: rate >= 200_000,
    });
    return rows;
  },
};
