import {
  type Leaf,
  manualClock,
  newId,
  parseJson,
  type RunId,
  registerFactSchema,
  stringifyJson,
} from "@deepwright/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Comparison, Run, RunFilter, RunSearch } from "../contract/index.js";
import { meets } from "../filter/leaf-condition.js";
import { engines, points, runStart, type TestLineage, TestLog } from "./lineages.test.support.js";
import { thinPoints } from "./metric-history.js";

registerFactSchema("test.note", z.object({ text: z.string(), value: z.union([z.number(), z.nan()]) }));

describe.each(engines)("runs on $name", ({ available, open }) => {
  const clock = manualClock();
  let lineage: TestLineage;
  beforeAll(async () => {
    if (available) lineage = await open(clock);
  }, 120_000);
  afterAll(() => lineage?.end());
  const check = it.skipIf(!available);

  interface Facts {
    readonly start?: Partial<ReturnType<typeof runStart>>;
    readonly configuration?: Readonly<Record<string, Leaf>>;
    readonly platform?: Readonly<Record<string, Leaf>>;
    readonly metrics?: Readonly<Record<string, readonly number[]>>;
    readonly tags?: Readonly<Record<string, string>>;
  }
  async function record({ start = {}, configuration, platform, metrics, tags = {} }: Facts): Promise<RunId> {
    const begin = runStart(start);
    const { runId } = begin;
    await new TestLog(lineage).send(
      begin,
      { type: "component", runId, component: "configuration", entries: configuration ?? {} },
      { type: "component", runId, component: "platform", entries: platform ?? {} },
      points(runId, metrics ?? {}),
      ...Object.entries(tags).map(([key, value]) => ({ type: "tag" as const, runId, key, value })),
    );
    return runId;
  }
  async function all(search: RunSearch): Promise<Run[]> {
    const items: Run[] = [];
    for (let after: string | undefined; ; ) {
      const page = await lineage.runs.searchRuns({ ...search, ...(after === undefined ? {} : { after }) });
      items.push(...page.items);
      if (!page.hasNextPage) return items;
      after = page.endCursor ?? undefined;
    }
  }

  check("finds a run by id, start of id, name and latest", async () => {
    const project = "resolve";
    const old = await record({ start: { project, name: "same", startedAtMs: 1000 } });
    const young = await record({ start: { project, name: "same", startedAtMs: 2000 } });
    const runId = "aaaaaaaa-0000-7000-8000-000000000001" as RunId;
    await record({ start: { project, runId, name: "third", startedAtMs: 500 } });
    await record({ start: { project, runId: "aaaaaaaa-0000-7000-8000-000000000002" as RunId, startedAtMs: 500 } });
    const find = async (reference: string) => (await lineage.runs.resolveRun({ reference, project })).id;
    expect(await find(old)).toBe(old);
    expect(await find("same")).toBe(young);
    expect(await find("latest")).toBe(young);
    expect(await find("aaaaaaaa-0000-7000-8000-000000000001".slice(0, 36))).toBe(runId);
    await expect(find("aaaaaaaa-0000")).rejects.toMatchObject({ code: "RUN_AMBIGUOUS" });
    expect(await find("third")).toBe(runId);
    for (const reference of ["nothing like it", "ffff0000", newId(), "%", "' or 1=1"]) {
      await expect(find(reference)).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
    }
    await expect(find("a\0b")).rejects.toMatchObject({ code: "TEXT_WITH_NUL" });
  });

  check("orders by a metric: values, then NaN, then runs without it", async () => {
    const project = "order";
    const values = [3, Number.NaN, -Infinity, 1, Infinity, 2, 1, Number.NaN];
    for (const value of values) await record({ start: { project }, metrics: { m: [0, value] } });
    for (let count = 0; count < 3; count++) await record({ start: { project } });
    for (const direction of ["ascending", "descending"] as const) {
      for (const first of [1, 2, 3, 100]) {
        const runs = await all({ project, first, order: { by: "metric", metric: "m", direction } });
        const sorted = [-Infinity, 1, 1, 2, 3, Infinity];
        if (direction === "descending") sorted.reverse();
        expect(runs.map((run) => run.metrics.m?.last)).toEqual([...sorted, Number.NaN, Number.NaN, ...Array(3)]);
        expect(new Set(runs.map((run) => run.id)).size).toBe(runs.length);
      }
    }
    const best = await lineage.runs.searchRuns({
      project,
      first: 2,
      order: { by: "metric", metric: "m", aggregate: "min", direction: "descending" },
    });
    expect(best.items.map((run) => run.metrics.m?.min)).toEqual([0, 0]);
    expect(best.hasNextPage).toBe(true);
  });

  check("pages stay stable while runs are added, over several projects", async () => {
    for (let index = 0; index < 6; index++) {
      await record({ start: { project: `page ${index % 2}`, purpose: "proof", startedAtMs: 10_000 + index } });
    }
    const search: RunSearch = { purposes: ["proof"], first: 4 };
    const one = await lineage.runs.searchRuns(search);
    await record({ start: { project: "page 0", purpose: "proof", startedAtMs: 99_000 } });
    const two = await lineage.runs.searchRuns({ ...search, after: one.endCursor ?? "" });
    expect([...one.items, ...two.items].map((run) => run.startedAtMs)).toEqual(
      [5, 4, 3, 2, 1, 0].map((n) => 10_000 + n),
    );
    expect(two.hasNextPage).toBe(false);
    await expect(lineage.runs.searchRuns({ after: "nonsense" })).rejects.toMatchObject({ code: "INVALID_CURSOR" });
  });

  check("filters by every kind of condition", async () => {
    const project = "filter";
    const a = await record({
      start: { project, name: "Alpha 50%", startedAtMs: 1000, command: ["python", "train_v2.py"] },
      configuration: { "files/config.yaml/model/rate": 0.1, "arguments/--shuffle": true, "api/empty": "" },
      platform: { "packages/python/numpy": "1.26", "os/name": "linux" },
      metrics: { loss: [5, 1, 3] },
      tags: { team: "x", "we\"ird'": "{}" },
    });
    const b = await record({
      start: { project, name: "beta", startedAtMs: 2000 },
      configuration: { "arguments/--rate": "0.2", "api/shuffle": "false" },
      platform: { "packages/python/numpy": "2.0", "os/name": "linux" },
      metrics: { loss: [Number.NaN] },
      tags: { team: "y" },
    });
    const c = await record({ start: { project, name: "gamma", startedAtMs: 3000 } });
    const cases: readonly [RunFilter, readonly RunId[]][] = [
      [{ and: [] }, [a, b, c]],
      [{ or: [] }, []],
      [{ metric: "loss", op: "<", value: 4 }, [a]],
      [{ metric: "loss", aggregate: "min", op: "=", value: 1 }, [a]],
      [{ metric: "loss", aggregate: "mean", op: ">=", value: 3 }, [a]],
      [{ metric: "loss", op: "=", value: Number.NaN }, [b]],
      [{ metric: "loss", op: ">", value: -Infinity }, [a]],
      [{ metric: "loss", op: "!=", value: 3 }, [b]],
      [{ not: { metric: "loss", op: "=", value: 3 } }, [b, c]],
      [{ component: "configuration", path: "model.rate", op: "=", value: 0.1 }, [a]],
      [{ component: "configuration", path: "files/config.yaml/model/rate", op: "<", value: 1 }, [a]],
      [{ component: "configuration", path: "rate", op: ">", value: 0.15 }, [b]],
      [{ component: "configuration", path: "shuffle", op: "=", value: true }, [a]],
      [{ component: "configuration", path: "shuffle", op: "=", value: false }, [b]],
      [{ component: "configuration", path: "shuffle", op: "!=", value: true }, [b]],
      [{ component: "configuration", path: "empty", op: "=", value: "" }, [a]],
      [{ component: "platform", path: "packages/python/numpy", op: "=", value: "1.26" }, [a]],
      [{ component: "platform", path: "packages/python/numpy", op: ">=", value: 2 }, [b]],
      [{ component: "platform", path: "os/name", op: "!=", value: "windows" }, [a, b]],
      [{ not: { component: "platform", path: "os/name", op: "=", value: "linux" } }, [c]],
      [{ tag: "team", op: "=", value: "x" }, [a]],
      [{ tag: "team", op: "!=", value: "x" }, [b]],
      [{ tag: "we\"ird'", op: "=", value: "{}" }, [a]],
      [{ status: "running" }, [a, b, c]],
      [{ startedAfterMs: 1000 }, [b, c]],
      [{ startedBeforeMs: 2000.5 }, [a, b]],
      [{ text: "ALPHA train_v2" }, [a]],
      [{ text: "50%" }, [a]],
      [{ text: "%" }, [a]],
      [{ text: " " }, [a, b, c]],
      [{ or: [{ tag: "team", op: "=", value: "y" }, { text: "gamma" }] }, [b, c]],
    ];
    for (const [filter, expected] of cases) {
      const found = await all({ project, filter, order: { by: "started", direction: "ascending" }, first: 2 });
      expect([filter, found.map((run) => run.id)]).toEqual([filter, expected]);
      expect(await lineage.runs.countRuns({ project, filter })).toBe(expected.length);
    }
  });

  check("compare leaves in SQL as in the trees", async () => {
    const leaf = fc.oneof(
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom<Leaf>(0, -1, 1, "1", "1.0", "0.1", "true", "null", "", "a", "B", "é", "NaN", Number.NaN),
    );
    const op = fc.constantFrom<Comparison>("=", "!=", "<", "<=", ">", ">=");
    await fc.assert(
      fc.asyncProperty(leaf, op, leaf, async (recorded, comparison, value) => {
        const entries = { "api/leaf": recorded };
        const project = newId();
        await record({ start: { project }, configuration: entries, platform: entries });
        const filter = { path: "api/leaf", op: comparison, value };
        const expected = meets(recorded, comparison, value) ? 1 : 0;
        const count = (component: "configuration" | "platform") =>
          lineage.runs.countRuns({ project, filter: { component, ...filter } });
        expect([await count("configuration"), await count("platform")]).toEqual([expected, expected]);
      }),
      { numRuns: 60 },
    );
  });

  check("changes tags, note and archive, and hides what is archived", async () => {
    const project = "edit";
    const id = await record({ start: { project }, tags: { a: "1", b: "2" } });
    const tagged = await lineage.runs.setTags({ id, tags: { a: null, c: 'x"\\\ud800' } });
    expect(tagged.tags).toEqual({ b: "2", c: 'x"\\\ufffd' });
    expect((await lineage.runs.setNote({ id, note: "look\nhere é" })).note).toBe("look\nhere é");
    expect(await lineage.runs.countRuns({ project, filter: { text: "here" } })).toBe(1);
    await expect(lineage.runs.setNote({ id, note: "\0" })).rejects.toMatchObject({ code: "TEXT_WITH_NUL" });
    expect((await lineage.runs.archiveRun({ id, archived: true })).archived).toBe(true);
    expect(await lineage.runs.countRuns({ project })).toBe(0);
    expect(await lineage.runs.countRuns({ project, includeArchived: true })).toBe(1);
    expect(await lineage.runs.projects()).toContainEqual(expect.objectContaining({ name: project, runCount: 0 }));
    await lineage.runs.archiveRun({ id, archived: false });
    await record({ start: { project, purpose: "proof" } });
    expect(await lineage.runs.countRuns({ project })).toBe(1);
    const unknown = newId<"run">();
    await expect(lineage.runs.setNote({ id: unknown, note: "" })).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
    expect(await lineage.runs.projects()).toContainEqual(
      expect.objectContaining({ name: project, runCount: 1, proofRunCount: 1 }),
    );
  });

  check("compares the components of two runs", async () => {
    const shared = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`packages/python/p${index}`, "1"]));
    const before = await record({ platform: { ...shared, gone: 1 }, configuration: { "api/x": false } });
    const after = await record({ platform: { ...shared, "packages/python/p5": "2" }, configuration: { "api/x": 0 } });
    expect(await lineage.runs.compareComponents({ before, after })).toEqual({
      equalCount: 99,
      differences: [
        { component: "configuration", path: "api/x", before: false, after: 0 },
        { component: "platform", path: "gone", before: 1, after: undefined },
        { component: "platform", path: "packages/python/p5", before: "1", after: "2" },
      ],
    });
    const same = await lineage.runs.compareComponents({ before, after: before });
    expect(same).toEqual({ differences: [], equalCount: 102 });
    const unknown = lineage.runs.compareComponents({ before, after: newId<"run">() });
    await expect(unknown).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
  });

  check("thins a history and keeps its peaks", async () => {
    const values = Array.from({ length: 5000 }, (_, index) => (index === 777 ? 1e6 : Math.sin(index)));
    const id = await record({ metrics: { wave: values } });
    const thin = await lineage.runs.metricHistory({ id, name: "wave", maxPoints: 100 });
    expect(thin.totalCount).toBe(5000);
    expect(thin.values.length).toBeLessThanOrEqual(100);
    expect(thin.values).toContain(1e6);
    expect((await lineage.runs.metricHistory({ id, name: "nothing" })).values).toEqual([]);
    const unknown = lineage.runs.metricHistory({ id: newId<"run">(), name: "wave" });
    await expect(unknown).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
  });

  check("keeps facts that fit their schema, newest first", async () => {
    const entityId = await record({});
    const fact = { entityKind: "run" as const, entityId, kind: "test.note", expiresAtMs: null };
    await lineage.runs.recordFact({ ...fact, body: { text: "old", value: Number.NaN }, recordedAtMs: 1 });
    await lineage.runs.recordFact({ ...fact, body: { text: "new", value: 1 }, expiresAtMs: 9 });
    const facts = await lineage.runs.facts({ entityKind: "run", entityId });
    expect(facts.map((item) => [item.body, item.recordedAtMs, item.expiresAtMs])).toEqual([
      [{ text: "new", value: 1 }, clock.now(), 9],
      [{ text: "old", value: Number.NaN }, 1, null],
    ]);
    const refused = (change: object) => lineage.runs.recordFact({ ...fact, body: { text: "x", value: 1 }, ...change });
    await expect(refused({ body: { text: 1 } })).rejects.toMatchObject({ code: "INVALID_FACT" });
    await expect(refused({ kind: "un.known" })).rejects.toMatchObject({ code: "UNKNOWN_FACT_KIND" });
    await expect(refused({ entityId: newId() })).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
    await expect(refused({ entityKind: "thing" })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  check("refuses inputs of another shape", async () => {
    const bad = (input: object) => lineage.runs.searchRuns(input as RunSearch);
    await expect(bad({ first: 0 })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(bad({ filter: { metric: "m", op: "like", value: 1 } })).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
    let deep: RunFilter = { status: "lost" };
    for (let level = 0; level < 200; level++) deep = { not: deep };
    await expect(bad({ filter: deep })).rejects.toMatchObject({ code: "INVALID_FILTER" });
    for (let level = 0; level < 20_000; level++) deep = { not: deep };
    await expect(bad({ filter: deep })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    const other = lineage.runs.getRun({ id: "../../etc" as RunId });
    await expect(other).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  check("gives plain JSON", async () => {
    const id = await record({
      metrics: { ["__proto__"]: [1], nan: [Number.NaN] },
      configuration: { "api/x": Number.NaN },
    });
    const run = await lineage.runs.getRun({ id });
    expect(parseJson(stringifyJson(run))).toEqual(run);
  });
});

describe("thinning", () => {
  it("keeps the first, the last, the lowest and the highest point, in order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double(), { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 300 }),
        (values, maxPoints) => {
          const steps = values.map((_, index) => index);
          const thin = thinPoints({ steps, timesMs: steps, values }, maxPoints);
          expect(thin.values.length).toBeLessThanOrEqual(maxPoints);
          expect(thin.values).toEqual(thin.steps.map((step) => values[step]));
          expect([...thin.steps].sort((a, b) => a - b)).toEqual(thin.steps);
          expect(thin.steps[0]).toBe(0);
          if (maxPoints > 1) expect(thin.steps.at(-1)).toBe(values.length - 1);
          const real = values.filter((value) => !Number.isNaN(value));
          if (maxPoints >= 4 && real.length > 0) {
            expect(thin.values).toContain(real.reduce((a, b) => Math.min(a, b)));
            expect(thin.values).toContain(real.reduce((a, b) => Math.max(a, b)));
          }
        },
      ),
    );
  });
});
