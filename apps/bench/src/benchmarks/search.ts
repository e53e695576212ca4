import { newId, type RunId, seededRng } from "@deepwright/core";
import type { LineageEvent, MetricHistory, Page, Run } from "@deepwright/lineage";
import { startPostgres } from "@deepwright/tooling/testing";
import pg from "pg";
import type { Benchmark, BenchmarkContext, Row } from "../benchmark.js";
import { type JsonClient, jsonClient } from "../measure/json-client.js";
import { formatFigure, interleave, median, medianRatio } from "../measure/statistics.js";
import { startGatewayProcess } from "../peers/deepwright.js";
import { mlflowApi } from "../peers/mlflow-api.js";
import { mlflowVersion, startMlflow } from "../peers/servers.js";
import { ingestClient, runStart } from "./ingest.js";

const metricNames = ["loss", "accuracy", "mae", "rmse", "auc"];
const historyName = "history";
const startMs = Date.UTC(2026, 0, 1);

interface Sizes {
  readonly runs: number;
  readonly points: number;
}

async function fillDeepwright(client: JsonClient, sizes: Sizes): Promise<RunId> {
  const log = ingestClient(client);
  const rng = seededRng(1);
  for (let done = 0; done < sizes.runs; done += 500) {
    const events: LineageEvent[] = [];
    for (let index = done; index < Math.min(sizes.runs, done + 500); index++) {
      const runId = newId<"run">();
      events.push(
        { ...runStart(runId, `run-${index}`), startedAtMs: startMs + index },
        {
          type: "metrics",
          runId,
          names: metricNames,
          nameIndexes: metricNames.map((_, position) => position),
          steps: metricNames.map(() => 0),
          timesMs: metricNames.map(() => startMs),
          values: metricNames.map(() => rng.uniform()),
        },
        { type: "run-end", runId, status: "finished", endedAtMs: startMs + index + 1, exitCode: 0, signal: null },
      );
    }
    await log.send(events);
  }
  const runId = newId<"run">();
  await log.send([runStart(runId, "long")]);
  for (let done = 0; done < sizes.points; done += 1000) {
    const steps = Array.from({ length: 1000 }, (_, index) => done + index);
    await log.send([
      {
        type: "metrics",
        runId,
        names: [historyName],
        nameIndexes: steps.map(() => 0),
        steps,
        timesMs: steps.map((step) => startMs + step),
        values: steps.map((step) => Math.sin(step)),
      },
    ]);
  }
  await log.send([{ type: "run-end", runId, status: "finished", endedAtMs: startMs, exitCode: 0, signal: null }]);
  return runId;
}

/** MLflow takes minutes to hours for this through its API, so its own tables are filled by SQL. */
async function fillMlflow(uri: string, experimentId: string, runId: string, sizes: Sizes): Promise<void> {
  const client = new pg.Client({ connectionString: uri });
  await client.connect();
  try {
    await client.query("select setseed(0.5)");
    await client.query(
      `insert into runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time,
         source_version, lifecycle_stage, artifact_uri, experiment_id)
       select md5(i::text), 'run-' || i, 'LOCAL', '', '', 'bench', 'FINISHED', ${startMs} + i, ${startMs} + i + 1, '', 'active',
         'mlflow-artifacts:/1/' || md5(i::text) || '/artifacts', $1::int from generate_series(1, $2::int) i`,
      [experimentId, sizes.runs],
    );
    for (const table of ["metrics", "latest_metrics"]) {
      await client.query(
        `insert into ${table} (key, value, timestamp, step, is_nan, run_uuid)
         select key, random(), ${startMs}, 0, false, md5(i::text)
         from generate_series(1, $1::int) i, unnest($2::text[]) key`,
        [sizes.runs, metricNames],
      );
    }
    await client.query(
      `insert into metrics (key, value, timestamp, step, is_nan, run_uuid)
       select $1::text, sin(i), ${startMs} + i, i, false, $2::text from generate_series(1, $3::int) i`,
      [historyName, runId, sizes.points],
    );
    await client.query("analyze");
  } finally {
    await client.end();
  }
}

async function milliseconds(work: () => Promise<number>, expected: number): Promise<number> {
  const start = performance.now();
  const count = await work();
  const elapsed = performance.now() - start;
  if (count !== expected) throw new Error(`expected ${expected} results, got ${count}`);
  return elapsed;
}

interface Contender {
  search(): Promise<number>;
  history(): Promise<number>;
}

async function deepwrightContender(
  context: BenchmarkContext,
  store: string | undefined,
  sizes: Sizes,
): Promise<Contender> {
  const server = await startGatewayProcess(context.folder, store);
  context.defer(() => server.stop());
  const client = jsonClient(server.url);
  context.defer(() => client.close());
  const runId = await fillDeepwright(client, sizes);
  const order = { by: "metric", metric: "loss", direction: "ascending" };
  const search = JSON.stringify({ project: "bench", order, first: 100 });
  const history = JSON.stringify({ id: runId, name: historyName });
  return {
    search: async () => (JSON.parse(await client.post("/rpc/runs/searchRuns", search)) as Page<Run>).items.length,
    history: async () =>
      (JSON.parse(await client.post("/rpc/runs/metricHistory", history)) as MetricHistory).values.length,
  };
}

async function mlflowContender(context: BenchmarkContext, uri: string, sizes: Sizes): Promise<Contender | null> {
  const server = await startMlflow(context.folder, uri);
  if (server === null) return null;
  context.defer(() => server.stop());
  const client = jsonClient(server.url);
  context.defer(() => client.close());
  const api = mlflowApi(client);
  const experiment = await api.createExperiment("bench");
  const run = await api.createRun(experiment, "long", startMs);
  await fillMlflow(uri, experiment, run, sizes);
  return {
    search: () => api.searchRuns(experiment, "metrics.loss ASC", 100),
    history: () => api.metricHistory(run, historyName),
  };
}

/** Best 100 of 100,000 runs by a metric, and the 100,000 points of one metric, each through the server's API. */
export const searchBenchmark: Benchmark = {
  name: "search",
  async run(context) {
    const sizes = context.quick ? { runs: 2000, points: 2000 } : { runs: 100_000, points: 100_000 };
    const postgres = await startPostgres();
    context.defer(() => postgres.stop());
    const admin = new pg.Client({ connectionString: postgres.uri });
    await admin.connect();
    await admin.query("create database bench_mlflow");
    await admin.query("create database bench_deepwright");
    await admin.end();
    const database = (name: string): string => {
      const address = new URL(postgres.uri);
      address.pathname = `/${name}`;
      return address.href;
    };
    context.say("filling ours on PGlite");
    const embedded = await deepwrightContender(context, undefined, sizes);
    context.say("filling ours on Postgres");
    const served = await deepwrightContender(context, database("bench_deepwright"), sizes);
    context.say("filling MLflow on Postgres");
    const mlflow = await mlflowContender(context, database("bench_mlflow"), sizes);
    const contenders = { embedded, served, ...(mlflow ? { mlflow } : {}) };
    const measure = async (kind: keyof Contender, expected: number): Promise<Record<string, number[]>> => {
      const candidates = Object.fromEntries(
        Object.entries(contenders).map(([name, contender]) => [name, () => milliseconds(contender[kind], expected)]),
      );
      // The first call fills the caches of all of them.
      await interleave(1, candidates);
      return interleave(context.rounds * 3, candidates);
    };
    const rows = (what: string, factor: number, results: Record<string, number[]>): Row[] =>
      (["embedded", "served"] as const).map((name) => {
        const ratio = results.mlflow ? medianRatio(results.mlflow, results[name] ?? []) : Number.NaN;
        return {
          what: `${what}, ours on ${name === "embedded" ? "PGlite" : "Postgres"}`,
          asked: `>= ${factor} x faster than MLflow ${mlflowVersion} on Postgres`,
          measured: `${formatFigure(median(results[name] ?? []))} ms = ${formatFigure(ratio)} x`,
          beside: results.mlflow ? `${formatFigure(median(results.mlflow))} ms` : "MLflow can't be installed here",
          reached: results.mlflow ? ratio >= factor : null,
        };
      });
    return [
      ...rows(`best 100 of ${formatFigure(sizes.runs)} runs by a metric`, 20, await measure("search", 100)),
      ...rows(`history of ${formatFigure(sizes.points)} points`, 50, await measure("history", sizes.points)),
    ];
  },
};
