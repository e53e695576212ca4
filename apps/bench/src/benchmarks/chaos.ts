import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { newId, type Rng, type RunId, seededRng, stringifyJson } from "@deepwright/core";
import type { MetricHistory } from "@deepwright/lineage";
import { openLineage } from "@deepwright/lineage";
import { deliverSpool, locateStore } from "@deepwright/lineage/recorder";
import { findPostgres, startPostgres } from "@deepwright/tooling/testing";
import type { Benchmark, BenchmarkContext, Row } from "../benchmark.js";
import { jsonClient } from "../measure/json-client.js";
import { freePort, type ServerProcess } from "../measure/server-process.js";
import { formatFigure } from "../measure/statistics.js";
import { startGatewayProcess } from "../peers/deepwright.js";
import { runStart } from "./ingest.js";

/** Points that were acknowledged and what became of them. */
interface Fate {
  readonly moments: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
}

/** Steps are logged as 0, 1, 2, …: what is stored tells what is missing and what is there twice. */
function fateOf(steps: readonly number[], acknowledged: number): Pick<Fate, "lost" | "doubled"> {
  const stored = new Set(steps);
  let lost = 0;
  for (let step = 0; step < acknowledged; step++) if (!stored.has(step)) lost += 1;
  return { lost, doubled: steps.length - stored.size };
}

async function storedSteps(url: string, id: RunId): Promise<readonly number[]> {
  const client = jsonClient(url);
  try {
    const history = JSON.parse(
      await client.post("/rpc/runs/metricHistory", JSON.stringify({ id, name: "loss" })),
    ) as MetricHistory;
    return history.steps;
  } finally {
    client.close();
  }
}

/** A client of one run that sends points in batches, and sends again what was not acknowledged. */
class PersistentSender {
  readonly runId = newId<"run">();
  acknowledged = 0;
  readonly #sourceId = newId();
  #sequence = 1;
  #isStopped = false;

  /** Sends until {@link stop}; a server that is away is tried again. */
  async send(url: string): Promise<void> {
    const client = jsonClient(url);
    const ingest = async (event: object): Promise<boolean> => {
      const body = { sourceId: this.#sourceId, firstSequence: this.#sequence, events: [event] };
      try {
        await client.post("/rpc/runs/ingest", stringifyJson(body));
        this.#sequence += 1;
        return true;
      } catch {
        await delay(20);
        return false;
      }
    };
    while (!this.#isStopped && this.#sequence === 1) await ingest(runStart(this.runId, "chaos"));
    while (!this.#isStopped) {
      const steps = Array.from({ length: 20 }, (_, index) => this.acknowledged + index);
      const event = {
        type: "metrics",
        runId: this.runId,
        names: ["loss"],
        nameIndexes: steps.map(() => 0),
        steps,
        timesMs: steps,
        values: steps,
      };
      if (await ingest(event)) this.acknowledged += steps.length;
    }
    client.close();
  }

  stop(): void {
    this.#isStopped = true;
  }
}

/** Sends through all deaths of a server, and counts at the end. */
async function surviveDeaths(
  url: string,
  moments: number,
  rng: Rng,
  killAndRestart: () => Promise<void>,
): Promise<Fate> {
  const sender = new PersistentSender();
  const sending = sender.send(url);
  for (let moment = 0; moment < moments; moment++) {
    // Every death meets a sender at work: the next one waits until something was acknowledged after the last.
    const before = sender.acknowledged;
    while (sender.acknowledged === before) await delay(5);
    await delay(rng.uniform() * 400);
    await killAndRestart();
  }
  const before = sender.acknowledged;
  while (sender.acknowledged === before) await delay(5);
  sender.stop();
  await sending;
  const steps = await storedSteps(url, sender.runId);
  return { moments, acknowledged: sender.acknowledged, ...fateOf(steps, sender.acknowledged) };
}

async function killGateway(context: BenchmarkContext, moments: number, rng: Rng): Promise<Fate> {
  const folder = join(context.folder, "gateway");
  mkdirSync(folder);
  const port = await freePort();
  let gateway = await startGatewayProcess(folder, undefined, port);
  context.defer(() => gateway.stop());
  return surviveDeaths(gateway.url, moments, rng, async () => {
    await killProcess(gateway);
    gateway = await startGatewayProcess(folder, undefined, port);
  });
}

async function killDatabase(context: BenchmarkContext, moments: number, rng: Rng): Promise<Fate> {
  const folder = join(context.folder, "database");
  mkdirSync(folder);
  const postgres = await startPostgres({ durable: true });
  context.defer(() => postgres.stop());
  const gateway = await startGatewayProcess(folder, postgres.uri);
  context.defer(() => gateway.stop());
  return surviveDeaths(gateway.url, moments, rng, async () => {
    await postgres.kill();
    await postgres.restart();
  });
}

async function killProcess({ child }: ServerProcess): Promise<void> {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

interface Training {
  readonly child: ChildProcess;
  runId: RunId | undefined;
  /** Calls of `log` that returned. */
  acknowledged: number;
}

/** A training loop that logs, and tells each call of `log` after it has returned. */
function startTraining(store: string, folder: string): Training {
  const program = `
    import { writeSync } from "node:fs";
    import { startRun } from ${JSON.stringify(import.meta.resolve("@deepwright/lineage/recorder"))};
    const recorder = startRun({ store: ${JSON.stringify(store)}, project: "chaos", name: "client" });
    writeSync(1, "run " + recorder.runId + "\\n");
    for (let step = 0; ; step++) {
      recorder.log({ loss: step }, { step });
      writeSync(1, step + 1 + "\\n");
      if (step % 100 === 99) await new Promise((resolve) => setTimeout(resolve, 2));
    }`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const training: Training = { child, runId: undefined, acknowledged: 0 };
  let rest = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("run ")) training.runId = line.slice(4) as RunId;
      else training.acknowledged = Number(line);
    }
  });
  return training;
}

/** Kills training loops; what they logged is brought to the gateway by the delivery process of their computer. */
async function killClient(context: BenchmarkContext, moments: number, rng: Rng): Promise<Fate> {
  const folder = join(context.folder, "client");
  mkdirSync(folder);
  const gateway = await startGatewayProcess(folder);
  context.defer(() => gateway.stop());
  const trainings: Training[] = [];
  for (let moment = 0; moment < moments; moment++) {
    const training = startTraining(gateway.url, folder);
    trainings.push(training);
    const closed = once(training.child, "close");
    while (training.runId === undefined && training.child.exitCode === null) await delay(5);
    await delay(rng.uniform() * 400);
    training.child.kill("SIGKILL");
    await closed;
  }
  const remote = await openLineage(gateway.url);
  try {
    await deliverSpool(locateStore({ store: gateway.url, workingDirectory: folder }), remote.runs, { waitMs: 60_000 });
  } finally {
    await remote.close();
  }
  const fate = { moments, acknowledged: 0, lost: 0, doubled: 0 };
  for (const { runId, acknowledged } of trainings) {
    const { lost, doubled } = fateOf(await storedSteps(gateway.url, runId as RunId), acknowledged);
    fate.acknowledged += acknowledged;
    fate.lost += lost;
    fate.doubled += doubled;
  }
  return fate;
}

/** `kill -9` of the client, the gateway and the database at random moments. */
export const chaosBenchmark: Benchmark = {
  name: "chaos",
  async run(context) {
    const rng = seededRng(20_260_101);
    const parts = [
      { victim: "client", moments: 34, kill: killClient },
      { victim: "gateway on PGlite", moments: 33, kill: killGateway },
      ...(findPostgres() === null ? [] : [{ victim: "Postgres server", moments: 33, kill: killDatabase }]),
    ];
    const rows: Row[] = [];
    for (const { victim, moments, kill } of parts) {
      context.say(`killing the ${victim}`);
      const fate = await kill(context, context.quick ? 3 : moments, rng);
      rows.push({
        what: `kill -9 of the ${victim} at ${fate.moments} random moments`,
        asked: "0 acknowledged points lost, 0 doubled",
        measured: `${fate.lost} lost, ${fate.doubled} doubled`,
        beside: `of ${formatFigure(fate.acknowledged)} acknowledged`,
        reached: fate.lost === 0 && fate.doubled === 0 && fate.acknowledged > 0,
      });
    }
    return rows;
  },
};
