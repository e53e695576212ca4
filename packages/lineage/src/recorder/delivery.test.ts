import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { DeepwrightError, newId, type RunId, seededRng } from "@deepwright/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { IngestBatch } from "../contract/events.js";
import { type Lineage, openLineage } from "../open-lineage.js";
import { deliverContinuously } from "./deliver-continuously.js";
import type { IngestTarget } from "./deliver-source.js";
import { deliverSpool } from "./deliver-spool.js";
import { acquireDeliveryLock, deliveryHolder, requestDelivery } from "./delivery-lock.js";
import { listSources, sourceDirectory, spoolDirectory } from "./spool.js";
import { startRun } from "./start-run.js";
import type { StoreLocation } from "./store-location.js";
import { listSegments, segmentPath } from "./write-ahead-log/segments.js";

const compiled = (path: string): string => fileURLToPath(new URL(`../../dist/recorder/${path}`, import.meta.url));

let folder: string;
let location: StoreLocation;
let lineage: Lineage;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "deepwright-delivery-"));
  location = { uri: `file:${join(folder, "store")}`, directory: join(folder, "store") };
  lineage = await openLineage(location.uri);
}, 120_000);
afterAll(async () => {
  await lineage.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Another spool for the same store, so that tests don't see each other's logs. */
function otherSpool(): StoreLocation {
  return { uri: location.uri, directory: mkdtempSync(join(folder, "spool-")) };
}

async function stepsOf(id: RunId, name = "loss"): Promise<readonly number[]> {
  return (await lineage.runs.metricHistory({ id, name })).steps;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

interface Writer {
  readonly child: ChildProcess;
  /** Set when the writer has said it. */
  runId: RunId | undefined;
  /** Calls of `log` that returned. */
  acknowledged: number;
}

/** A process that logs the steps 0, 1, 2, ... and tells each one after `log` has returned. */
function startWriter(spool: StoreLocation, calls: number): Writer {
  const program = `
    import { writeSync } from "node:fs";
    import { startRun } from ${JSON.stringify(compiled("index.js"))};
    const recorder = startRun({ store: ${JSON.stringify(spool)}, project: "kill", command: ["train"], delivery: "none" });
    writeSync(1, "run " + recorder.runId + "\\n");
    for (let step = 0; step < ${calls}; step++) {
      recorder.log({ loss: step, twice: 2 * step }, { step });
      writeSync(1, step + 1 + "\\n");
      if (step % 100 === 99) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await recorder.finish();`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const writer: Writer = { child, runId: undefined, acknowledged: 0 };
  let rest = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("run ")) writer.runId = line.slice(4) as RunId;
      else writer.acknowledged = Number(line);
    }
  });
  return writer;
}

function startDeliverer(spool: StoreLocation): ChildProcess {
  const env = { ...process.env, DEEPWRIGHT_STORE: spool.uri, DEEPWRIGHT_DIRECTORY: spool.directory };
  return spawn(process.execPath, [compiled("delivery-process.js")], { stdio: "ignore", env });
}

/** Kills a process some time after it is at work; it may also end before. */
async function killWithin(child: ChildProcess, isAtWork: () => boolean, milliseconds: number): Promise<void> {
  const closed = once(child, "close");
  while (child.exitCode === null && !isAtWork()) await sleep(5);
  const timer = setTimeout(() => child.kill("SIGKILL"), milliseconds);
  await closed;
  clearTimeout(timer);
}

describe("delivery", () => {
  it("loses and doubles no point when writers and deliverers are killed at any moment", async () => {
    const rng = seededRng(20_261_124);
    const writers: Writer[] = [];
    let killedDeliveries = 0;
    for (let round = 0; round < 20; round++) {
      const some = [startWriter(location, 3_000), startWriter(location, 200)];
      writers.push(...some);
      const deliverer = startDeliverer(location);
      deliverer.once("exit", (_code, signal) => {
        if (signal === "SIGKILL") killedDeliveries += 1;
      });
      await Promise.all([
        ...some.map((writer) => killWithin(writer.child, () => writer.runId !== undefined, rng.uniform() * 400)),
        killWithin(
          deliverer,
          () => deliveryHolder(location)?.processId === deliverer.pid,
          rng.uniform() * (round % 2 === 0 ? 1_000 : 200),
        ),
      ]);
    }
    await deliverSpool(location, lineage.runs);
    expect(listSources(location.directory)).toEqual([]);
    let lost = 0;
    for (const { runId, acknowledged } of writers) {
      const run = await lineage.runs.getRun({ id: runId as RunId });
      const steps = run.metrics.loss === undefined ? [] : await stepsOf(run.id);
      expect(steps).toEqual(upTo(steps.length));
      expect(steps.length).toBeGreaterThanOrEqual(acknowledged);
      if (steps.length > 0) expect(await stepsOf(run.id, "twice")).toEqual(upTo(steps.length));
      expect(["lost", "finished"]).toContain(run.status);
      if (run.status === "lost") lost += 1;
    }
    expect(lost).toBeGreaterThan(0);
    expect(killedDeliveries).toBeGreaterThan(10);
  }, 240_000);

  it("goes on where it was when the store is away, slow, and takes a batch without saying so", async () => {
    const spool = otherSpool();
    const recorder = startRun({ store: spool, project: "flaky", delivery: "none" });
    for (let step = 0; step < 30_000; step++) {
      recorder.log({ loss: step }, { step });
      if (step % 20 === 0) recorder.tag("step", String(step));
    }
    await recorder.finish();
    const rng = seededRng(7);
    const away = (): DeepwrightError =>
      new DeepwrightError({
        code: "STORE_UNAVAILABLE",
        kind: "unavailable",
        expected: "the store",
        got: "nothing",
        todo: "wait",
        retryable: true,
      });
    let opens = 0;
    const troubles: string[] = [];
    const flaky: IngestTarget = {
      async ingest(batch) {
        const dice = rng.uniform();
        if (dice < 0.2) throw away();
        if (dice < 0.4) await sleep(20);
        const receipt = await lineage.runs.ingest(batch);
        if (dice > 0.8) throw away();
        return receipt;
      },
    };
    await deliverContinuously(spool, {
      intervalMs: 1,
      lingerMs: 20,
      onTrouble: (message) => troubles.push(message),
      async open() {
        opens += 1;
        if (opens < 4) throw away();
        return { runs: flaky, close: async () => undefined };
      },
    });
    expect(listSources(spool.directory)).toEqual([]);
    expect(troubles.length).toBeGreaterThan(3);
    expect(await stepsOf(recorder.runId)).toEqual(upTo(30_000));
    expect((await lineage.runs.getRun({ id: recorder.runId })).status).toBe("finished");
  });

  it("keeps every segment until all of its events are stored, also when a batch is cut in halves", async () => {
    const spool = otherSpool();
    const recorder = startRun({ store: spool, project: "halves", delivery: "none" });
    const text = "x".repeat(250_000);
    for (let step = 0; step < 60; step++) recorder.tag(`tag ${step}`, text);
    await recorder.finish();
    const seen = new Set<number>();
    let failures = 0;
    const target: IngestTarget = {
      async ingest({ firstSequence, events }) {
        if (events.length > 1) throw refusal("EVENT_TOO_LARGE");
        if (firstSequence % 7 === 0 && !seen.has(firstSequence) && ++failures < 20) {
          seen.add(firstSequence);
          throw Object.assign(refusal("STORE_UNAVAILABLE", true));
        }
        seen.add(firstSequence);
        return { acknowledgedThrough: firstSequence };
      },
    };
    await deliverContinuously(spool, {
      intervalMs: 1,
      lingerMs: 5,
      open: async () => ({ runs: target, close: async () => undefined }),
    });
    expect([...seen].sort((a, b) => a - b)).toEqual(upTo(62).map((index) => index + 1));
  });

  const refusal = (code: string, retryable = false): DeepwrightError =>
    new DeepwrightError({
      code,
      kind: retryable ? "unavailable" : "usage",
      expected: "other events",
      got: "these",
      todo: "none",
      retryable,
    });

  it("sets a refused event aside with its reason, and the log goes on", async () => {
    const spool = otherSpool();
    const recorder = startRun({ store: spool, project: "refused", delivery: "none" });
    recorder.tag("good", "1");
    recorder.tag("bad", "2");
    recorder.tag("good", "3");
    await recorder.finish();
    const refusing: IngestTarget = {
      async ingest(batch: IngestBatch) {
        if (batch.events.some((event) => event.type === "tag" && event.key === "bad")) throw refusal("INVALID_EVENT");
        return lineage.runs.ingest(batch);
      },
    };
    expect(await deliverSpool(spool, refusing)).toMatchObject({ refusedSources: 0, liveSources: 0 });
    const run = await lineage.runs.getRun({ id: recorder.runId });
    expect(run).toMatchObject({ status: "finished", tags: { good: "3", "deepwright.refused": "INVALID_EVENT" } });
    expect(readFileSync(join(spool.directory, "refused-events.jsonl"), "utf8")).toContain('"bad"');
  });

  it("sets a log aside whose start is refused, and delivers the others", async () => {
    const spool = otherSpool();
    const bad = startRun({ store: spool, project: "bad", delivery: "none" });
    const good = startRun({ store: spool, project: "good", delivery: "none" });
    await Promise.all([bad.finish(), good.finish()]);
    const refusing: IngestTarget = {
      async ingest(batch) {
        if (batch.events.some((event) => event.runId === bad.runId)) throw refusal("INVALID_EVENT");
        return lineage.runs.ingest(batch);
      },
    };
    expect(await deliverSpool(spool, refusing)).toMatchObject({ refusedSources: 1 });
    expect(readdirSync(join(spool.directory, "refused"))).toHaveLength(1);
    expect((await lineage.runs.getRun({ id: good.runId })).status).toBe("finished");
  });

  it("does not let one log with a defect hold up the others, and gives up on it", async () => {
    const spool = otherSpool();
    const bad = startRun({ store: spool, project: "bad", delivery: "none" });
    const good = startRun({ store: spool, project: "good", delivery: "none" });
    await Promise.all([bad.finish(), good.finish()]);
    const broken: IngestTarget = {
      async ingest(batch) {
        if (batch.events.some((event) => event.runId === bad.runId)) throw new TypeError("a defect");
        return lineage.runs.ingest(batch);
      },
    };
    const open = async () => ({ runs: broken, close: async () => undefined });
    await deliverContinuously(spool, { intervalMs: 1, lingerMs: 5, open });
    expect((await lineage.runs.getRun({ id: good.runId })).status).toBe("finished");
    expect(listSources(spool.directory).map(({ runId }) => runId)).toEqual([bad.runId]);
    await deliverSpool(spool, lineage.runs);
    expect((await lineage.runs.getRun({ id: bad.runId })).status).toBe("finished");
  });

  it("follows a run that goes on, and never takes it for lost", async () => {
    const spool = otherSpool();
    const recorder = startRun({ store: spool, project: "live", delivery: "none" });
    for (let step = 0; step < 4_096; step++) recorder.log({ loss: step }, { step });
    expect(await deliverSpool(spool, lineage.runs)).toMatchObject({ liveSources: 1 });
    expect(await stepsOf(recorder.runId)).toHaveLength(4_096);
    expect((await lineage.runs.getRun({ id: recorder.runId })).status).toBe("running");
    recorder.log({ loss: 4_096 }, { step: 4_096 });
    await recorder.finish("failed");
    await deliverSpool(spool, lineage.runs);
    expect(await stepsOf(recorder.runId)).toEqual(upTo(4_097));
    expect((await lineage.runs.getRun({ id: recorder.runId })).status).toBe("failed");
  });

  it("marks a killed run lost, at the time of its last word, with everything that it acknowledged", async () => {
    const spool = otherSpool();
    const writer = startWriter(spool, 1_000_000);
    while (writer.acknowledged < 250) await sleep(5);
    writer.child.kill("SIGKILL");
    await once(writer.child, "close");
    const [source] = listSources(spool.directory);
    const first = segmentPath(source?.directory ?? "", listSegments(source?.directory ?? "")[0] as number);
    // Half a record, as a machine that fails in the middle of a write leaves it.
    writeFileSync(first, Buffer.concat([readFileSync(first), Buffer.from([200, 0, 0, 0, 1, 2, 3])]));
    const lastWord = new Date(Date.UTC(2026, 4, 5));
    utimesSync(first, lastWord, lastWord);
    await deliverSpool(spool, lineage.runs);
    const run = await lineage.runs.getRun({ id: writer.runId as RunId });
    expect(run).toMatchObject({ status: "lost", endedAtMs: lastWord.getTime(), exitCode: null });
    const steps = await stepsOf(run.id);
    expect(steps).toEqual(upTo(steps.length));
    expect(steps.length).toBeGreaterThanOrEqual(writer.acknowledged);
  });

  it("removes what a process left that died before its first record", async () => {
    const spool = otherSpool();
    const sourceId = newId();
    const owner = { host: hostname(), processId: 2 ** 22 + 1, startTicks: "1" };
    mkdirSync(sourceDirectory(spool.directory, sourceId), { recursive: true });
    const source = { sourceId, runId: newId(), store: spool.uri, owner };
    writeFileSync(join(sourceDirectory(spool.directory, sourceId), "source.json"), JSON.stringify(source));
    await deliverSpool(spool, lineage.runs);
    expect(listSources(spool.directory)).toEqual([]);
  });

  it("ends the removal of a log that a kill interrupted", async () => {
    const spool = otherSpool();
    const names = ["with its start only", "renamed.removed"];
    const owner = { host: hostname(), processId: 2 ** 22 + 1, startTicks: "1" };
    for (const name of names) {
      const directory = join(spoolDirectory(spool.directory), name);
      mkdirSync(directory, { recursive: true });
      const source = { sourceId: name, runId: newId(), store: spool.uri, owner };
      writeFileSync(join(directory, "source.json"), JSON.stringify(source));
      writeFileSync(join(directory, "acknowledged.json"), JSON.stringify({ sequence: 9 }));
    }
    expect(await deliverSpool(spool, lineage.runs)).toMatchObject({ deliveredEvents: 0 });
    expect(readdirSync(spoolDirectory(spool.directory))).toEqual([]);
  });

  it("keeps a log of which nothing can be read", async () => {
    const spool = otherSpool();
    const writer = startWriter(spool, 1_000_000);
    while (writer.acknowledged < 1_000) await sleep(5);
    writer.child.kill("SIGKILL");
    await once(writer.child, "close");
    const directory = listSources(spool.directory)[0]?.directory ?? "";
    for (const first of listSegments(directory)) {
      const bytes = readFileSync(segmentPath(directory, first)).fill(0, 0, 100);
      writeFileSync(segmentPath(directory, first), bytes);
    }
    expect(await deliverSpool(spool, lineage.runs)).toMatchObject({ refusedSources: 1, deliveredEvents: 0 });
    expect(readdirSync(join(spool.directory, "refused"))).toHaveLength(1);
  });

  it("leaves logs of other stores and folders that are none alone", async () => {
    const spool = otherSpool();
    const recorder = startRun({ store: { ...spool, uri: "http://127.0.0.1:1" }, project: "other", delivery: "none" });
    await recorder.finish();
    mkdirSync(join(spoolDirectory(spool.directory), "notes"));
    expect(await deliverSpool(spool, lineage.runs)).toMatchObject({ deliveredEvents: 0 });
    expect(listSources(spool.directory)).toHaveLength(1);
  });

  it("takes the logs of many processes at once", async () => {
    const spool = otherSpool();
    const writers = upTo(6).map(() => startWriter(spool, 500));
    await Promise.all(writers.map(({ child }) => once(child, "close")));
    await deliverSpool(spool, lineage.runs);
    for (const { runId } of writers) expect(await stepsOf(runId as RunId)).toEqual(upTo(500));
  });
});

describe("the delivery process", () => {
  it("delivers beside its caller and ends by itself", async () => {
    const built = (await import(compiled("index.js"))) as typeof import("./index.js");
    const recorder = built.startRun({ store: location, project: "background" });
    recorder.log({ loss: 1 });
    await recorder.finish();
    while (!deliveryHolder(location)) await sleep(20);
    built.startDeliveryProcess(location);
    while (listSources(location.directory).length > 0 || deliveryHolder(location)) await sleep(50);
    expect((await lineage.runs.getRun({ id: recorder.runId })).status).toBe("finished");
  });
});

describe("the right to deliver", () => {
  it("is one process's at a time, for each store", () => {
    const spool = otherSpool();
    const release = acquireDeliveryLock(spool, true);
    expect(release).toBeDefined();
    expect(acquireDeliveryLock(spool, false)).toBeUndefined();
    expect(deliveryHolder(spool)).toMatchObject({ processId: process.pid, continuous: true });
    const other = acquireDeliveryLock({ ...spool, uri: "http://127.0.0.1:1" }, false);
    expect(other).toBeDefined();
    other?.();
    release?.();
    expect(deliveryHolder(spool)).toBeUndefined();
  });

  it("is taken from the dead, and from other computers that were silent for long", () => {
    const spool = otherSpool();
    acquireDeliveryLock(spool, true)?.();
    const names = (): string[] => readdirSync(spoolDirectory(spool.directory)).filter((name) => name.endsWith(".lock"));
    const release = acquireDeliveryLock(spool, true);
    const path = join(spoolDirectory(spool.directory), names()[0] as string);
    release?.();
    const holder = { host: hostname(), processId: 2 ** 22 + 1, startTicks: "1", continuous: true };
    writeFileSync(path, JSON.stringify(holder));
    acquireDeliveryLock(spool, true)?.();
    expect(existsSync(path)).toBe(false);
    writeFileSync(path, JSON.stringify({ ...holder, host: "elsewhere" }));
    expect(acquireDeliveryLock(spool, true)).toBeUndefined();
    const old = new Date(Date.UTC(2020, 1, 1));
    utimesSync(path, old, old);
    const taken = acquireDeliveryLock(spool, true);
    expect(taken).toBeDefined();
    taken?.();
    writeFileSync(path, "{ half a");
    acquireDeliveryLock(spool, true)?.();
    expect(names()).toEqual([]);
  });

  it("makes who has it look once more when a run ends meanwhile", async () => {
    const spool = otherSpool();
    const first = startRun({ store: spool, project: "one", delivery: "none" });
    const second = startRun({ store: spool, project: "two", delivery: "none" });
    await first.finish();
    let ended = false;
    const target: IngestTarget = {
      async ingest(batch) {
        const receipt = await lineage.runs.ingest(batch);
        if (!ended && batch.events.some((event) => event.runId === second.runId)) {
          ended = true;
          // The pass has read this log; its end comes too late for it.
          setTimeout(() => void second.finish().then(() => requestDelivery(spool)), 0);
          await sleep(100);
        }
        return receipt;
      },
    };
    await deliverSpool(spool, target);
    expect((await lineage.runs.getRun({ id: second.runId })).status).toBe("finished");
  });
});
