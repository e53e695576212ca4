import { type EntityKind, manualClock, newId, type RunId } from "@deepwright/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engines, points, runStart, type TestLineage, TestLog } from "../runs/lineages.test.support.js";

describe.each(engines)("the graph on $name", { timeout: 60_000 }, ({ available, open }) => {
  const clock = manualClock();
  let lineage: TestLineage;
  beforeAll(async () => {
    if (available) lineage = await open(clock);
  }, 120_000);
  afterAll(() => lineage?.end());
  const check = it.skipIf(!available);

  async function train(
    project: string,
    rows: number,
    metrics: Readonly<Record<string, readonly number[]>> = {},
  ): Promise<RunId> {
    const begin = runStart({ project });
    const { runId } = begin;
    const fingerprint = { rowCount: rows };
    await new TestLog(lineage).send(
      begin,
      { type: "dataset", runId, name: "sales", uri: "file:sales.csv", role: "input", fingerprint },
      points(runId, metrics),
    );
    return runId;
  }

  /** Sales -> area -> price 1 -> production -> insurer -> sales. */
  async function feedback(project: string) {
    const runId = await train(project, 10);
    const { graph } = lineage;
    const source = { dataset: "sales", column: "area" };
    const feature = await graph.declareFeature({ project, name: "area", owner: "risk", source });
    const version = await graph.registerModelVersion({ project, model: "price", runId, features: ["area"] });
    const deployment = await graph.deploy({ modelVersionId: version.id, environment: "production" });
    const consumer = await graph.declareConsumer({
      project,
      name: "insurer",
      owner: "sales",
      consumes: [deployment.id],
      writes: ["sales"],
    });
    const [dataset] = await graph.datasets({ project });
    return { runId, feature, version, deployment, consumer, dataset: dataset as NonNullable<typeof dataset> };
  }

  check("keeps a version of a data set for each content, newest first", async () => {
    const project = "versions";
    await train(project, 10);
    clock.advance(1000);
    await train(project, 10);
    await train(project, 11);
    const datasets = await lineage.graph.datasets({ project });
    expect(datasets.map(({ name, versionCount }) => [name, versionCount])).toEqual([["sales", 2]]);
    const versions = await lineage.graph.datasetVersions({ datasetId: datasets[0]?.id ?? "" });
    expect(versions.map(({ fingerprint }) => fingerprint.rowCount)).toEqual([11, 10]);
    expect(versions[0]).toMatchObject({ datasetId: datasets[0]?.id, uri: "file:sales.csv" });
  });

  check("tells which models use a feature, and which features somebody should look at", async () => {
    const project = "features";
    const { graph } = lineage;
    for (const name of ["area", "rooms", "old"]) await graph.declareFeature({ project, name, owner: "risk" });
    await graph.registerModelVersion({ project, model: "price", features: ["area", "old", "found", "area"] });
    await graph.registerModelVersion({ project, model: "price", features: ["area"] });
    const old = await graph.declareFeature({ project, name: "old", owner: "risk", status: "deprecated" });
    expect(old.usedBy.map(({ model, version }) => [model, version])).toEqual([["price", 1]]);
    const features = await graph.features({ project });
    expect(features.map(({ name, usedBy }) => [name, usedBy.length])).toEqual([
      ["area", 2],
      ["found", 1],
      ["old", 1],
      ["rooms", 0],
    ]);
    const report = await graph.featureReport({ project });
    expect(report.unused.map(({ name }) => name)).toEqual(["rooms"]);
    expect(report.deprecatedInUse.map(({ name }) => name)).toEqual(["old"]);
    expect(report.undeclared.map(({ name, owner }) => [name, owner])).toEqual([["found", ""]]);
    const declared = await graph.declareFeature({ project, name: "found", owner: "data" });
    expect([declared.declared, declared.usedBy.length]).toEqual([true, 1]);
    expect((await graph.featureReport({ project })).undeclared).toEqual([]);
  });

  check("keeps what a second declaration of a feature does not say, and moves its source", async () => {
    const project = "declarations";
    const { graph } = lineage;
    const first = { project, name: "area", owner: "risk", status: "experimental", description: "m2" } as const;
    await graph.declareFeature({ ...first, source: { dataset: "sales", column: "area" } });
    const kept = await graph.declareFeature({ project, name: "area", owner: "data" });
    expect(kept).toMatchObject({ owner: "data", status: "experimental", description: "m2" });
    expect(kept.source).toEqual({ dataset: "sales", column: "area" });
    await graph.declareFeature({ project, name: "area", owner: "data", source: { dataset: "register", column: "a" } });
    const datasets = await graph.datasets({ project });
    const reach = await Promise.all(datasets.map(({ id }) => graph.impact({ id })));
    expect(datasets.map(({ name }, index) => [name, reach[index]?.features.length])).toEqual([
      ["register", 1],
      ["sales", 0],
    ]);
  });

  check("numbers versions without gap or double, also at once", async () => {
    const project = "numbers";
    const made = await Promise.all(
      Array.from({ length: 8 }, () => lineage.graph.registerModelVersion({ project, model: "price" })),
    );
    expect(made.map(({ version }) => version).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const versions = await lineage.graph.modelVersions({ modelId: made[0]?.modelId ?? "" });
    expect(versions.map(({ version }) => version)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });

  check("moves an alias only past its gates; back to a version that served, always, and counts it", async () => {
    const project = "gates";
    const { graph } = lineage;
    const gates = [{ name: "good enough", metric: "mae", op: "<", value: 10 }] as const;
    await graph.declareModel({ project, name: "price", gates });
    const runIds = [await train(project, 1, { mae: [9] }), await train(project, 1, { mae: [5, 8] })];
    runIds.push(
      await train(project, 1, { mae: [11] }),
      await train(project, 1),
      await train(project, 1, { mae: [Number.NaN] }),
    );
    const versions = [];
    for (const runId of runIds) versions.push(await graph.registerModelVersion({ project, model: "price", runId }));
    const move = (version: number, alias = "production") => graph.setAlias({ project, model: "price", alias, version });
    const results = await Promise.all(versions.map(({ id }) => graph.checkGates({ modelVersionId: id })));
    expect(results.map(([gate]) => [gate?.passed, gate?.actual])).toEqual([
      [true, 9],
      [true, 8],
      [false, 11],
      [false, null],
      [false, Number.NaN],
    ]);
    for (const version of [3, 4, 5]) await expect(move(version)).rejects.toMatchObject({ code: "GATE_FAILED" });
    await move(1);
    expect((await move(2)).aliases).toEqual({ production: 2 });
    const versionOne = versions[0] as NonNullable<(typeof versions)[0]>;
    // The gate is made stricter than what version 1 reached, which never served.
    await graph.declareModel({ project, name: "price", gates: [{ ...gates[0], value: 8.5 }] });
    await expect(move(1)).rejects.toMatchObject({ code: "GATE_FAILED" });
    await graph.deploy({ modelVersionId: versionOne.id, environment: "production" });
    expect(await move(1)).toMatchObject({ aliases: { production: 1 }, rollbackCount: 1, versionCount: 5 });
    const [first] = (await graph.modelVersions({ modelId: versionOne.modelId })).filter(({ version }) => version === 1);
    expect(first?.aliases).toEqual(["production"]);
    await expect(move(9)).rejects.toMatchObject({ code: "MODEL_VERSION_NOT_FOUND" });
  });

  check("has one active deployment a model and environment", async () => {
    const project = "deployments";
    const { graph } = lineage;
    const one = await graph.registerModelVersion({ project, model: "price" });
    const two = await graph.registerModelVersion({ project, model: "price" });
    const other = await graph.registerModelVersion({ project, model: "rent" });
    for (const [version, environment] of [
      [one, "canary"],
      [one, "production"],
      [other, "production"],
    ] as const) {
      await graph.deploy({ modelVersionId: version.id, environment });
    }
    await Promise.all(
      [one, two].map(({ id }) =>
        graph.deploy({ modelVersionId: id, environment: "production", url: "https://price.example" }),
      ),
    );
    const active = (await graph.deployments({ project })).filter((deployment) => deployment.active);
    expect(active).toHaveLength(3);
    expect(
      active.filter(({ environment }) => environment === "canary").map(({ modelVersionId }) => modelVersionId),
    ).toEqual([one.id]);
    expect(active.some(({ modelVersionId }) => modelVersionId === other.id)).toBe(true);
  });

  check("says what to test again if a source changes, and whom to tell", async () => {
    const project = "impact";
    const { dataset, feature, version, deployment, consumer } = await feedback(project);
    const impact = await lineage.graph.impact({ id: dataset.id });
    const ids = (nodes: readonly { readonly id: string }[]): string[] => nodes.map(({ id }) => id);
    expect([ids(impact.features), ids(impact.modelVersions)]).toEqual([[feature.id], [version.id]]);
    expect([ids(impact.deployments), ids(impact.consumers)]).toEqual([[deployment.id], [consumer.id]]);
    expect(impact.datasets).toEqual([]);
    expect(impact.sentence).toBe(
      "If sales changes, test 1 feature (area), 1 model version (price 1), 1 deployment (price 1 in production) again, and tell 1 consumer (insurer).",
    );
    const next = await lineage.graph.registerModelVersion({ project, model: "price" });
    await lineage.graph.deploy({ modelVersionId: next.id, environment: "production" });
    expect((await lineage.graph.impact({ id: dataset.id })).deployments).toEqual([]);
    const unused = await lineage.graph.declareFeature({ project, name: "unused", owner: "risk" });
    expect((await lineage.graph.impact({ id: unused.id })).sentence).toBe("Nothing recorded depends on unused.");
  });

  check("walks up to what a consumer rests on", async () => {
    const { consumer, dataset, runId } = await feedback("upstream");
    const { nodes, edges, truncated } = await lineage.graph.walk({ id: consumer.id, direction: "upstream" });
    expect(nodes[0]).toMatchObject({ id: consumer.id, kind: "consumer", name: "insurer", depth: 0 });
    expect(nodes.map(({ id }) => id)).toEqual(expect.arrayContaining([dataset.id, runId]));
    expect(edges.map(({ relation }) => relation)).toEqual(
      expect.arrayContaining(["input", "trained", "uses", "source", "serves", "consumes", "writes"]),
    );
    expect(truncated).toBe(false);
    const near = await lineage.graph.walk({ id: consumer.id, direction: "upstream", maxDepth: 1 });
    expect([near.nodes.length, near.truncated]).toEqual([2, true]);
    const few = await lineage.graph.walk({ id: consumer.id, direction: "upstream", maxNodes: 3 });
    expect([few.nodes.length, few.truncated]).toEqual([3, true]);
  });

  check("reports data that a model learned from and its consumer writes, and no other loop", async () => {
    await feedback("loop");
    const [cycle, ...rest] = await lineage.graph.cycles({ project: "loop" });
    expect(rest).toEqual([]);
    expect(cycle?.path[0]?.id).toBe(cycle?.path.at(-1)?.id);
    expect(cycle?.sentence).toMatch(
      /^Feedback loop: model price -> deployment .* -> consumer insurer -> dataset sales -> /,
    );
    await lineage.graph.declareConsumer({ project: "loop", name: "insurer", owner: "sales", consumes: [] });
    expect(await lineage.graph.cycles({ project: "loop" })).toEqual([]);
  });

  check("refuses unknown ids, other kinds and bad names, and writes nothing then", async () => {
    const project = "unknown";
    const { graph } = lineage;
    const { dataset, runId, version } = await feedback(project);
    const id = newId();
    const codeOf = async (work: Promise<unknown>): Promise<unknown> =>
      work.then(
        () => "nothing thrown",
        (error: { readonly code?: unknown }) => error.code,
      );
    const consumer = { project: "unknown-2", name: "reader", owner: "risk" };
    expect([
      await codeOf(graph.walk({ id, direction: "upstream" })),
      await codeOf(graph.reach({ id, direction: "upstream" })),
      await codeOf(graph.reach({ id, direction: "downstream", maxNodes: 1 })),
      await codeOf(graph.impact({ id })),
      await codeOf(graph.datasetVersions({ datasetId: id })),
      await codeOf(graph.datasetVersions({ datasetId: runId })),
      await codeOf(graph.modelVersions({ modelId: id })),
      await codeOf(graph.checkGates({ modelVersionId: id })),
      await codeOf(graph.deploy({ modelVersionId: dataset.id, environment: "production" })),
      await codeOf(graph.registerModelVersion({ project: "unknown-2", model: "m", runId: version.id as RunId })),
      await codeOf(graph.declareConsumer({ ...consumer, consumes: [id] })),
      await codeOf(graph.declareConsumer({ ...consumer, consumes: [runId] })),
      await codeOf(graph.declareFeature({ project: "unknown-2", name: " ", owner: "risk" })),
      await codeOf(graph.setAlias({ project, model: "none", alias: "a", version: 1 })),
      await codeOf(graph.features({ project: "unknown-2" })),
    ]).toEqual([
      "ENTITY_NOT_FOUND",
      "ENTITY_NOT_FOUND",
      "ENTITY_NOT_FOUND",
      "ENTITY_NOT_FOUND",
      "DATASET_NOT_FOUND",
      "DATASET_NOT_FOUND",
      "MODEL_NOT_FOUND",
      "MODEL_VERSION_NOT_FOUND",
      "MODEL_VERSION_NOT_FOUND",
      "RUN_NOT_FOUND",
      "ENTITY_NOT_FOUND",
      "ENTITY_NOT_FOUND",
      "INVALID_NAME",
      "MODEL_NOT_FOUND",
      "PROJECT_NOT_FOUND",
    ]);
  });

  check("reaches what a search of the same random graph in memory reaches, each at its least depth", async () => {
    const count = 9;
    const node = fc.integer({ min: 0, max: count - 1 });
    const names = Array.from({ length: count }, (_, index) => `d${index}`);
    let made = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(node, node), { maxLength: 24, selector: ([from, to]) => `${from} ${to}` }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom("upstream" as const, "downstream" as const),
        async (pairs, maxDepth, direction) => {
          made += 1;
          const project = `random-${made}`;
          const maker = await lineage.graph.declareConsumer({
            project,
            name: "maker",
            owner: "test",
            consumes: [],
            writes: names,
          });
          const ids = (await lineage.graph.datasets({ project })).map(({ id }) => id);
          const kinds: { fromKind: EntityKind; toKind: EntityKind } = { fromKind: "dataset", toKind: "dataset" };
          const edges = pairs.map(([from, to]) => ({
            from: ids[from] as string,
            to: ids[to] as string,
            relation: "source",
            ...kinds,
          }));
          await lineage.graph.connect({ project, edges });
          await lineage.graph.connect({ project, edges });
          const all = [...edges, ...ids.map((to) => ({ from: maker.id, to }))];
          const start = ids[0] as string;
          const depths = new Map([[start, 0]]);
          const queue = [start];
          for (const here of queue) {
            const depth = (depths.get(here) ?? 0) + 1;
            for (const { from, to } of all) {
              const [near, far] = direction === "downstream" ? [from, to] : [to, from];
              if (near !== here || depths.has(far)) continue;
              depths.set(far, depth);
              queue.push(far);
            }
          }
          const within = new Map([...depths].filter(([, depth]) => depth <= maxDepth));
          const walk = await lineage.graph.walk({ id: start, direction, maxDepth });
          expect(new Map(walk.nodes.map(({ id, depth }) => [id, depth]))).toEqual(within);
          expect(walk.truncated).toBe(within.size < depths.size);
          const between = all.filter(({ from, to }) => within.has(from) && within.has(to));
          expect(walk.edges).toHaveLength(between.length);
          const reach = await lineage.graph.reach({ id: start, direction, maxDepth });
          expect(new Map(reach.map(({ id, depth }) => [id, depth]))).toEqual(within);
        },
      ),
      { numRuns: 30 },
    );
  });
});
