import { dataTestFactKind, manualClock } from "@deepwright/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engines, runStart, type TestLineage, TestLog } from "../runs/lineages.test.support.js";

describe.each(engines)("versions declared outside of runs, on $name", { timeout: 60_000 }, ({ available, open }) => {
  const clock = manualClock();
  let lineage: TestLineage;
  beforeAll(async () => {
    if (available) lineage = await open(clock);
  }, 120_000);
  afterAll(() => lineage?.end());
  const check = it.skipIf(!available);
  const uri = "file:sales.csv";

  check("are those that a run with the same content has, and carry facts", async () => {
    const project = "declared";
    const begin = runStart({ project });
    const fingerprint = { rowCount: 10, rows: "a", order: "b", schema: "c", kind: "file" };
    await new TestLog(lineage).send(begin, {
      type: "dataset",
      runId: begin.runId,
      name: "sales",
      uri,
      role: "input",
      fingerprint,
    });
    const { graph } = lineage;
    const same = { project, name: "sales", uri, fingerprint: { ...fingerprint, kind: "table" } };
    const version = await graph.declareDatasetVersion(same);
    expect((await graph.declareDatasetVersion(same)).id).toBe(version.id);
    const [dataset] = await graph.datasets({ project });
    expect(dataset).toMatchObject({ name: "sales", versionCount: 1 });
    const downstream = await graph.reach({ id: version.id, direction: "downstream" });
    expect(downstream.map(({ id }) => id)).toContain(begin.runId);

    const other = await graph.declareDatasetVersion({ ...same, fingerprint: { ...fingerprint, rows: "d" } });
    expect(other.id).not.toBe(version.id);
    const body = {
      suite: "sales",
      engine: "duckdb",
      partition: null,
      passed: true,
      rowCount: 10,
      columnCount: 1,
      failed: { error: 0, warning: 0, info: 0 },
      startedAtMs: 1,
      durationMs: 2,
      checks: [],
    };
    const of = { entityKind: "dataset-version", entityId: other.id } as const;
    await lineage.runs.recordFact({ ...of, kind: dataTestFactKind, body, expiresAtMs: null });
    expect(await lineage.runs.facts(of)).toMatchObject([{ kind: dataTestFactKind, body }]);
    const { suite: _, ...broken } = body;
    await expect(
      lineage.runs.recordFact({ ...of, kind: dataTestFactKind, body: broken, expiresAtMs: null }),
    ).rejects.toMatchObject({ code: "INVALID_FACT" });
  });

  check("begin projects and data sets that are new, and refuse bad names", async () => {
    const input = { project: "begun", name: "prices", uri, fingerprint: { rowCount: 1 } };
    const { datasetId } = await lineage.graph.declareDatasetVersion(input);
    expect(await lineage.graph.datasets({ project: "begun" })).toMatchObject([{ id: datasetId, versionCount: 1 }]);
    await expect(lineage.graph.declareDatasetVersion({ ...input, name: " " })).rejects.toMatchObject({
      code: "INVALID_NAME",
    });
    await expect(lineage.graph.declareDatasetVersion({ ...input, uri: "\0" })).rejects.toMatchObject({
      code: "TEXT_WITH_NUL",
    });
  });
});
