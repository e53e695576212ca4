import { randomUUID } from "node:crypto";
import { newId, type RunId, stringifyJson } from "@deepwright/core";
import type { IngestReceipt, LineageEvent, MetricsEvent, RunStartEvent } from "@deepwright/lineage";
import type { Benchmark, BenchmarkContext, Row } from "../benchmark.js";
import { type JsonClient, jsonClient } from "../measure/json-client.js";
import type { ServerProcess } from "../measure/server-process.js";
import { formatFigure, interleave, median, medianRatio } from "../measure/statistics.js";
import { startGatewayProcess } from "../peers/deepwright.js";
import { type MlflowApi, type MlflowPoint, mlflowApi } from "../peers/mlflow-api.js";
import { fasttrackmlVersion, mlflowVersion, startFasttrackml, startMlflow } from "../peers/servers.js";

const metricNames = Array.from({ length: 10 }, (_, index) => `metric_${index}`);
const batchSize = 1000;
const startMs = Date.UTC(2026, 0, 1);

/** What one client does against a server; both give work per second. */
interface Contender {
  logPoints(batches: number): Promise<number>;
  createRuns(count: number): Promise<number>;
  readonly server: ServerProcess;
}

async function perSecond(count: number, work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return count / ((performance.now() - start) / 1000);
}

function mlflowPoints(batch: number): MlflowPoint[] {
  return Array.from({ length: batchSize }, (_, index) => ({
    key: metricNames[index % 10] as string,
    value: Math.sin(batch * batchSize + index),
    timestamp: startMs + batch * 1000 + index,
    step: batch * 100 + Math.floor(index / 10),
  }));
}

async function mlflowContender(server: ServerProcess, context: BenchmarkContext): Promise<Contender> {
  const client = jsonClient(server.url);
  context.defer(() => client.close());
  const api: MlflowApi = mlflowApi(client);
  const experiment = await api.createExperiment("bench");
  let runs = 0;
  return {
    server,
    async logPoints(batches) {
      const run = await api.createRun(experiment, `points-${runs++}`, startMs);
      const bodies = Array.from({ length: batches }, (_, batch) => mlflowPoints(batch));
      return perSecond(batches * batchSize, async () => {
        for (const points of bodies) await api.logBatch(run, points);
      });
    },
    createRuns: (count) =>
      perSecond(count, async () => {
        for (let index = 0; index < count; index++) await api.createRun(experiment, `run-${runs++}`, startMs);
      }),
  };
}

export function runStart(runId: RunId, name: string): RunStartEvent {
  return {
    type: "run-start",
    runId,
    project: "bench",
    name,
    command: ["python", "train.py"],
    startedAtMs: startMs,
    location: { host: "bench", processId: 1, root: "/bench", workingDirectory: "/bench" },
    purpose: "user",
  };
}

function metricsEvent(runId: RunId, batch: number): MetricsEvent {
  const points = mlflowPoints(batch);
  return {
    type: "metrics",
    runId,
    names: metricNames,
    nameIndexes: points.map((_, index) => index % 10),
    steps: points.map((point) => point.step),
    timesMs: points.map((point) => point.timestamp),
    values: points.map((point) => point.value),
  };
}

/** One client with a log of its own that waits for each receipt before it sends the next batch. */
export function ingestClient(client: JsonClient): { send(events: readonly LineageEvent[]): Promise<void> } {
  const sourceId = randomUUID();
  let next = 1;
  return {
    async send(events) {
      const answer = await client.post("/rpc/runs/ingest", stringifyJson({ sourceId, firstSequence: next, events }));
      next += events.length;
      const receipt = JSON.parse(answer) as IngestReceipt;
      if (receipt.acknowledgedThrough !== next - 1)
        throw new Error(`acknowledged ${receipt.acknowledgedThrough}, sent ${next - 1}`);
    },
  };
}

function deepwrightContender(server: ServerProcess, context: BenchmarkContext): Contender {
  const client = jsonClient(server.url);
  context.defer(() => client.close());
  const log = ingestClient(client);
  return {
    server,
    async logPoints(batches) {
      const runId = newId<"run">();
      await log.send([runStart(runId, "points")]);
      const events = Array.from({ length: batches }, (_, batch) => metricsEvent(runId, batch));
      return perSecond(batches * batchSize, async () => {
        for (const event of events) await log.send([event]);
      });
    },
    createRuns: (count) =>
      perSecond(count, async () => {
        for (let index = 0; index < count; index++) await log.send([runStart(newId<"run">(), `run-${index}`)]);
      }),
  };
}

async function contenders(context: BenchmarkContext): Promise<Record<string, Contender>> {
  const gateway = await startGatewayProcess(context.folder);
  context.defer(() => gateway.stop());
  const result: Record<string, Contender> = { deepwright: deepwrightContender(gateway, context) };
  for (const [name, start] of [
    ["FastTrackML", startFasttrackml],
    ["MLflow", startMlflow],
  ] as const) {
    context.say(`starting ${name}`);
    const server = await start(context.folder);
    if (server === null) continue;
    context.defer(() => server.stop());
    result[name] = await mlflowContender(server, context);
  }
  return result;
}

function compare(
  what: string,
  unit: string,
  results: Readonly<Record<string, readonly number[]>>,
  asked: readonly (readonly [peer: string, version: string, factor: number])[],
): Row[] {
  const ours = results.deepwright ?? [];
  return asked.map(([peer, version, factor]): Row => {
    const theirs = results[peer];
    const ratio = theirs ? medianRatio(ours, theirs) : Number.NaN;
    return {
      what,
      asked: `>= ${factor} x ${peer} ${version}`,
      measured: `${formatFigure(median(ours))} ${unit}${theirs ? ` = ${formatFigure(ratio)} x` : ""}`,
      beside: theirs ? `${formatFigure(median(theirs))} ${unit}` : `${peer} can't be installed here`,
      reached: theirs ? ratio >= factor : null,
    };
  });
}

/** Points and new runs a second through the gateway, one client, every answer waited for. */
export const ingestBenchmark: Benchmark = {
  name: "ingest",
  async run(context) {
    const all = await contenders(context);
    const pointCandidates: Record<string, () => Promise<number>> = {};
    const runCandidates: Record<string, () => Promise<number>> = {};
    for (const [name, contender] of Object.entries(all)) {
      // A slow server gets less work, not more time: rates compare all the same.
      const scale = (name === "MLflow" ? 0.1 : 1) * (context.quick ? 0.1 : 1);
      await contender.logPoints(5);
      await contender.createRuns(20);
      pointCandidates[name] = () => contender.logPoints(Math.ceil(100 * scale));
      runCandidates[name] = () => contender.createRuns(Math.ceil(1000 * scale));
    }
    const points = await interleave(context.rounds, pointCandidates);
    const runs = await interleave(context.rounds, runCandidates);
    return [
      ...compare(`points logged through the gateway, batches of ${batchSize}, one client`, "points/s", points, [
        ["FastTrackML", fasttrackmlVersion, 2],
        ["MLflow", mlflowVersion, 15],
      ]),
      ...compare("runs created, one client", "runs/s", runs, [["FastTrackML", fasttrackmlVersion, 1]]),
    ];
  },
};
