import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { manualClock, newId, type RunId, seededRng } from "@deepwright/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { IngestBatch, LineageEvent } from "../contract/index.js";
import { type Lineage, openLineage } from "../open-lineage.js";
import { engines, points, runStart, type TestLineage, TestLog } from "../runs/lineages.test.support.js";

describe.each(engines)("ingest on $name", ({ name, available, open }) => {
  const clock = manualClock();
  let lineage: TestLineage;
  beforeAll(async () => {
    if (available) lineage = await open(clock);
  }, 120_000);
  afterAll(() => lineage?.end());
  const check = it.skipIf(!available);

  const query = <Row>(text: string, parameters: readonly string[] = []) => {
    if (lineage.store.kind === "http") throw new Error("not a database");
    return lineage.store.query<Row>(text, parameters);
  };
  async function start(fields = {}): Promise<{ runId: RunId; log: TestLog }> {
    const log = new TestLog(lineage);
    const event = runStart(fields);
    await log.send(event);
    return { runId: event.runId, log };
  }

  check("records a run from its start to its end", async () => {
    const { runId, log } = await start({ name: "first", objective: { metric: "mae", direction: "minimize" } });
    await log.send(
      { type: "component", runId, component: "configuration", entries: { "api/lr": 0.1, "api/shuffle": false } },
      points(runId, { mae: [3, 1, 2], loss: [Number.NaN, 0.5] }),
      { type: "tag", runId, key: "team", value: "x" },
      { type: "run-end", runId, status: "finished", endedAtMs: 5_000, durationMs: 1_234.5, exitCode: 0, signal: null },
    );
    const run = await lineage.runs.getRun({ id: runId });
    expect(run).toMatchObject({
      project: "test",
      name: "first",
      status: "finished",
      endedAtMs: 5_000,
      durationMs: 1_235,
      exitCode: 0,
      tags: { team: "x" },
      objective: { metric: "mae", direction: "minimize" },
      command: ["python", "train.py"],
      recipe: null,
    });
    expect(run.metrics).toEqual({
      mae: { count: 3, last: 2, lastStep: 2, min: 1, minStep: 1, max: 3, maxStep: 0, mean: 2 },
      loss: { count: 2, last: 0.5, lastStep: 1, min: 0.5, minStep: 1, max: 0.5, maxStep: 1, mean: 0.5 },
    });
    expect(await lineage.runs.component({ id: runId, component: "configuration" })).toEqual({
      "api/lr": 0.1,
      "api/shuffle": false,
    });
    expect(run.components.source).toBeNull();
  });

  check("takes every event once, however the batches are cut, repeated and mixed", async () => {
    const event = fc.record({ metric: fc.constantFrom("a", "b"), values: fc.array(fc.double(), { maxLength: 5 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 12 }), fc.integer(), async (steps, seed) => {
        const rng = seededRng(seed);
        const begin = runStart();
        const events: LineageEvent[] = [
          begin,
          ...steps.map((step) => points(begin.runId, { [step.metric]: step.values })),
        ];
        const sourceId = newId();
        const sends: Promise<unknown>[] = [];
        for (let sent = 0; sent < events.length; ) {
          const from = rng.integer(sent + 1);
          const to = Math.min(events.length, sent + 1 + rng.integer(4));
          const batch: IngestBatch = { sourceId, firstSequence: from + 1, events: events.slice(from, to) };
          sends.push(lineage.runs.ingest(batch));
          if (rng.integer(2) === 0) await Promise.all(sends);
          sent = to;
        }
        await Promise.all(sends);
        for (const metric of ["a", "b"]) {
          const expected = steps.filter((step) => step.metric === metric).flatMap((step) => step.values);
          const history = await lineage.runs.metricHistory({ id: begin.runId, name: metric });
          expect(history.values).toEqual(expected);
        }
      }),
      { numRuns: 25 },
    );
  });

  check("keeps summaries that agree with the points", async () => {
    const number = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity, 1.7e308, -1.7e308, 5e-324));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(number, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
        async (batches) => {
          const { runId, log } = await start();
          for (const values of batches) await log.send(points(runId, { m: values }));
          // Adding 0 takes the sign off a zero, which may come from either side.
          const values = batches.flat().map((value) => value + 0);
          const real = values.filter((value) => !Number.isNaN(value));
          const summary = (await lineage.runs.getRun({ id: runId })).metrics.m;
          expect(summary?.count).toBe(values.length);
          expect((summary?.last ?? 0) + 0).toBe(values.at(-1));
          const unsigned = (value: number | null | undefined) => (typeof value === "number" ? value + 0 : value);
          expect(unsigned(summary?.min)).toEqual(real.length > 0 ? Math.min(...real) : null);
          expect(unsigned(summary?.max)).toEqual(real.length > 0 ? Math.max(...real) : null);
          const sum = batches
            .map((batch) => batch.filter((value) => !Number.isNaN(value)).reduce((a, b) => a + b, 0))
            .reduce((a, b) => a + b, 0);
          const mean = sum / real.length;
          if (real.length === 0) expect(summary?.mean).toBeNaN();
          else if (Math.abs(sum) < 1e-280) expect(Math.abs(summary?.mean ?? 1)).toBeLessThan(1e-280);
          else expect(summary?.mean).toBe(mean);
        },
      ),
      { numRuns: 40 },
    );
  });

  check("keeps points whose steps are out of order or come twice as they were logged", async () => {
    const { runId, log } = await start();
    await log.send(points(runId, { a: [10, 11] }, 5), points(runId, { a: [7] }, 2), points(runId, { a: [8] }, 2));
    const history = await lineage.runs.metricHistory({ id: runId, name: "a" });
    expect(history.steps).toEqual([5, 6, 2, 2]);
    expect(history.values).toEqual([10, 11, 7, 8]);
    expect((await lineage.runs.getRun({ id: runId })).metrics.a).toMatchObject({
      ...{ count: 4, last: 8, lastStep: 2, min: 7, minStep: 2, max: 11, maxStep: 6 },
    });
  });

  check("refuses a gap and says where to go on", async () => {
    const { runId, log } = await start();
    const gap = lineage.runs.ingest({ sourceId: log.sourceId, firstSequence: 5, events: [points(runId, { a: [1] })] });
    await expect(gap).rejects.toMatchObject({ code: "INGEST_GAP", details: { expectedSequence: 2 } });
    const fresh = lineage.runs.ingest({ sourceId: newId(), firstSequence: 2, events: [] });
    await expect(fresh).rejects.toMatchObject({ code: "INGEST_GAP" });
  });

  check("sets an invalid event aside and goes on", async () => {
    const { runId, log } = await start();
    const receipt = await log.send(
      points(runId, { a: [1] }),
      { type: "tag", runId, key: "bad", value: "nul\0byte" },
      { type: "fact", runId, kind: "nobody.knows", body: {}, recordedAtMs: 1 },
      { type: "blob", runId, hash: "0".repeat(40), base64: "aGVsbG8=" },
      { type: "metrics", runId, names: ["a"], nameIndexes: [1], steps: [0], timesMs: [0], values: [0] },
      {
        type: "metrics",
        runId,
        names: ["n".repeat(999), "é".repeat(999)],
        nameIndexes: [],
        steps: [],
        timesMs: [],
        values: [],
      },
      { type: "nonsense", runId } as unknown as LineageEvent,
      null as unknown as LineageEvent,
      points(runId, { a: [2] }),
      { type: "run-end", runId, status: "failed", endedAtMs: 1, durationMs: -1, exitCode: 1, signal: null },
      { type: "run-end", runId, status: "failed", endedAtMs: 1, durationMs: Number.NaN, exitCode: 1, signal: null },
    );
    expect(receipt.acknowledgedThrough).toBe(12);
    expect(receipt.refused?.map(({ sequence, code }) => [sequence, code])).toEqual([
      [3, "TEXT_WITH_NUL"],
      [4, "UNKNOWN_FACT_KIND"],
      [5, "BLOB_HASH_MISMATCH"],
      [6, "INVALID_EVENT"],
      [7, "EVENT_TOO_LARGE"],
      [8, "INVALID_EVENT"],
      [9, "INVALID_EVENT"],
      [11, "INVALID_EVENT"],
      [12, "INVALID_EVENT"],
    ]);
    expect((await lineage.runs.metricHistory({ id: runId, name: "a" })).values).toEqual([1, 2]);
  });

  check("sets an event aside that only the database refuses, and keeps the rest of its batch", async () => {
    const { runId, log } = await start();
    // Two names that differ in a lone surrogate are one name in UTF-8.
    const receipt = await log.send(
      points(runId, { a: [1] }),
      points(runId, { "x\ud800": [1], "x\ud801": [2] }),
      points(runId, { a: [2] }),
    );
    expect(receipt.acknowledgedThrough).toBe(4);
    expect(receipt.refused?.map(({ sequence, code }) => [sequence, code])).toEqual([[3, "EVENT_NOT_STORABLE"]]);
    expect((await lineage.runs.metricHistory({ id: runId, name: "a" })).values).toEqual([1, 2]);
  });

  check("keeps events of an unknown run until it starts", async () => {
    const begin = runStart();
    const early = new TestLog(lineage);
    const receipt = await early.send(points(begin.runId, { a: [1, 2] }), {
      type: "tag",
      runId: begin.runId,
      key: "early",
      value: "yes",
    });
    expect(receipt).toEqual({ acknowledgedThrough: 2 });
    await expect(lineage.runs.getRun({ id: begin.runId })).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
    await new TestLog(lineage).send(begin, points(begin.runId, { a: [3] }));
    const run = await lineage.runs.getRun({ id: begin.runId });
    expect(run.tags).toEqual({ early: "yes" });
    expect(run.metrics.a?.count).toBe(3);
    expect(await query("select 1 from lineage_orphan_event where run_id = $1", [begin.runId])).toEqual([]);
  });

  check("takes a second start of a run as a sign of life", async () => {
    const { runId, log } = await start({ name: "once" });
    await log.send(runStart({ runId, name: "twice" }));
    await new TestLog(lineage).send(runStart({ runId, name: "thrice" }), points(runId, { a: [1] }));
    expect(await lineage.runs.getRun({ id: runId })).toMatchObject({ name: "once", metrics: { a: { count: 1 } } });
  });

  check("marks silent runs lost, and takes them back when they speak", async () => {
    const { runId, log } = await start();
    clock.advance(61_000);
    const other = await start();
    const lost = await lineage.runs.markLost({ silentMs: 60_000 });
    expect(lost).toContain(runId);
    expect(lost).not.toContain(other.runId);
    expect(await lineage.runs.getRun({ id: runId })).toMatchObject({ status: "lost", endedAtMs: clock.now() - 61_000 });
    await log.send({ type: "heartbeat", runId, timeMs: 0 });
    expect(await lineage.runs.getRun({ id: runId })).toMatchObject({ status: "running", endedAtMs: null });
    await log.send({ type: "run-end", runId, status: "failed", endedAtMs: 7, exitCode: 1, signal: null });
    await log.send({ type: "run-end", runId, status: "lost", endedAtMs: 9, exitCode: null, signal: null });
    await log.send(points(runId, { late: [1] }));
    const run = await lineage.runs.getRun({ id: runId });
    expect(run).toMatchObject({ status: "failed", endedAtMs: 7 });
    expect(run.metrics.late?.count).toBe(1);
  });

  check("sets and removes paths of components over many events", async () => {
    const { runId, log } = await start();
    const file = (index: number) => `files/é\n${index}.py`;
    const entries = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [file(index), `blob ${index}`]));
    await log.send({ type: "component", runId, component: "source", entries });
    const before = (await lineage.runs.getRun({ id: runId })).components.source;
    await log.send(
      { type: "component", runId, component: "source", entries: { [file(3)]: "changed" }, remove: [file(4)] },
      { type: "component", runId, component: "configuration", entries: { "api/a": 1, "api/b": "" } },
      { type: "component", runId, component: "configuration", entries: {}, remove: ["api/a"] },
    );
    const source = await lineage.runs.component({ id: runId, component: "source" });
    const { [file(4)]: _, ...expected } = { ...entries, [file(3)]: "changed" };
    expect(source).toEqual(expected);
    expect(await lineage.runs.component({ id: runId, component: "configuration" })).toEqual({ "api/b": "" });
    await log.send({
      type: "component",
      runId,
      component: "source",
      entries: { [file(3)]: "blob 3", [file(4)]: "blob 4" },
    });
    expect((await lineage.runs.getRun({ id: runId })).components.source).toBe(before);
  });

  check("makes data sets, their versions and the edges to runs", async () => {
    const first = await start({ project: "flow" });
    const second = await start({ project: "flow" });
    const use = (runId: RunId, rows: string, role: "input" | "output"): LineageEvent => ({
      type: "dataset",
      runId,
      role,
      name: "sales",
      uri: `file:///sales-${rows}.csv`,
      fingerprint: { rows, order: "o", bytes: newId() },
    });
    await first.log.send(use(first.runId, "1", "output"));
    await second.log.send(use(second.runId, "1", "input"), use(second.runId, "2", "input"));
    const edges = await query<{ from_kind: string; to_kind: string; relation: string; from_id: string; to_id: string }>(
      "select e.* from lineage_edge e join lineage_project p on p.id = e.project_id where p.name = 'flow'",
    );
    const shape = edges.map((edge) => `${edge.from_kind} ${edge.relation} ${edge.to_kind}`).sort();
    expect(shape).toEqual([
      "dataset version dataset-version",
      "dataset version dataset-version",
      "dataset-version input run",
      "dataset-version input run",
      "run output dataset-version",
    ]);
    const written = edges.find((edge) => edge.from_id === first.runId)?.to_id;
    expect(edges.some((edge) => edge.from_id === written && edge.to_id === second.runId)).toBe(true);
  });

  check("stores content by git blob id", async () => {
    const { runId, log } = await start();
    const content = Buffer.from([0, 255, 10, 13, 39, 92]);
    const hash = createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
    const blob: LineageEvent = { type: "blob", runId, hash, base64: content.toString("base64") };
    await log.send(blob, blob);
    expect(await lineage.runs.blob({ hash })).toBe(content.toString("base64"));
    expect(await lineage.runs.blob({ hash: "f".repeat(40) })).toBeNull();
  });

  check("holds 10,000 metrics in a run", async () => {
    const { runId, log } = await start();
    const columns = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`metric/${index}`, [index]]));
    await log.send(points(runId, columns));
    await log.send(points(runId, columns, 1));
    await log.send({ type: "run-end", runId, status: "finished", endedAtMs: 1, exitCode: 0, signal: null });
    const run = await lineage.runs.getRun({ id: runId });
    expect(Object.keys(run.metrics)).toHaveLength(10_000);
    expect((await lineage.runs.metricHistory({ id: runId, name: "metric/7" })).values).toEqual([7, 7]);
  });

  check("merges the small chunks of a metric and keeps the order of its points", async () => {
    const { runId, log } = await start();
    const values = Array.from({ length: 300 }, (_, index) => (index % 7 === 0 ? Number.NaN : index));
    for (const [index, value] of values.entries()) await log.send(points(runId, { m: [value] }, 1000 - index));
    await log.send({ type: "run-end", runId, status: "finished", endedAtMs: 1, exitCode: 0, signal: null });
    await log.send(points(runId, { m: [-1] }));
    const history = await lineage.runs.metricHistory({ id: runId, name: "m" });
    expect(history.values).toEqual([...values, -1]);
    expect(history.steps.slice(0, 3)).toEqual([1000, 999, 998]);
    const [chunks] = await query<{ count: number }>(
      "select count(*)::int as count from lineage_metric m join lineage_metric_chunk c using (series_id) where m.run_id = $1",
      [runId],
    );
    expect(chunks?.count).toBeLessThanOrEqual(3);
  });

  check("stays exact when two receivers take the same logs at once", async () => {
    const other = await openLineage(lineage.store, { clock });
    const receivers = [lineage, other];
    const begin = runStart();
    const { runId } = begin;
    const sourceId = newId();
    const events: LineageEvent[] = [begin];
    for (let index = 0; index < 30; index++) {
      events.push(points(runId, { m: [index] }), {
        type: "component",
        runId,
        component: index % 2 === 0 ? "configuration" : "platform",
        entries: { [`api/${index}`]: index },
      });
    }
    const rng = seededRng(5);
    for (let sent = 0; sent < events.length; sent += 3) {
      const sends = receivers.map((receiver) => {
        const from = rng.integer(sent + 1);
        return receiver.runs.ingest({ sourceId, firstSequence: from + 1, events: events.slice(from, sent + 3) });
      });
      for (const receipt of await Promise.all(sends)) {
        expect(receipt.acknowledgedThrough).toBe(Math.min(events.length, sent + 3));
      }
    }
    const history = await other.runs.metricHistory({ id: runId, name: "m" });
    expect(history.values).toEqual(Array.from({ length: 30 }, (_, index) => index));
    const configuration = await other.runs.component({ id: runId, component: "configuration" });
    expect(Object.values(configuration).sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 15 }, (_, index) => 2 * index),
    );
    await other.close();
  });

  check("takes batches of many logs at once", async () => {
    const runs = Array.from({ length: 40 }, () => ({ log: new TestLog(lineage), begin: runStart({ project: name }) }));
    await Promise.all(
      runs.map(async ({ log, begin }, index) => {
        const first = log.send(begin);
        const second = log.send(points(begin.runId, { m: [index] }));
        expect(await first).toEqual({ acknowledgedThrough: 1 });
        expect(await second).toEqual({ acknowledgedThrough: 2 });
      }),
    );
    expect(await lineage.runs.countRuns({ project: name, filter: { metric: "m", op: ">=", value: 0 } })).toBe(40);
  });
});

describe("an embedded database that much was taken into", () => {
  const folder = mkdtempSync(join(tmpdir(), "deepwright-statistics-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Rows of the table as the planner knows them: -1 before it was told. */
  async function estimate(store: Lineage["store"], table: string): Promise<number> {
    if (store.kind === "http") throw new Error("not a database");
    const [row] = await store.query<{ rows: number }>(
      "select reltuples::float8 as rows from pg_class where oid = $1::regclass",
      [table],
    );
    return row?.rows ?? Number.NaN;
  }

  async function takeIn(lineage: Lineage, runs: number): Promise<void> {
    const events = Array.from({ length: runs }, (_, index): LineageEvent[] => {
      const begin = runStart({ project: "many" });
      return [begin, points(begin.runId, { mae: [index] })];
    });
    await lineage.runs.ingest({ sourceId: newId(), firstSequence: 1, events: events.flat() });
  }

  it("has statistics for the planner without anyone asking: soon, and when it is closed", async () => {
    const uri = `file:${join(folder, "store")}`;
    const lineage = await openLineage(uri);
    await takeIn(lineage, 4_000);
    await vi.waitFor(async () => expect(await estimate(lineage.store, "lineage_metric")).toBe(4_000), 30_000);
    await takeIn(lineage, 1_000);
    await lineage.close();
    const again = await openLineage(uri);
    expect(await estimate(again.store, "lineage_run")).toBe(5_000);
    await again.close();
  });
});
