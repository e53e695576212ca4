import { newId, type RunId } from "@deepwright/core";
import { type Lineage, openLineage } from "@deepwright/lineage";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runEvents, startTestGateway, type TestGateway } from "../testing/test-gateway.js";

const token = "a-token-of-the-test";
let gateway: TestGateway;
let remote: Lineage;
beforeAll(async () => {
  gateway = await startTestGateway({ token });
  remote = await openLineage(gateway.url, { token });
});
afterAll(async () => {
  await remote.close();
  await gateway.end();
});

describe("a lineage that is opened by the gateway's address", () => {
  it("takes events in once and gives back what was logged", async () => {
    const values = [0.5, Number.NaN, Number.POSITIVE_INFINITY, -0];
    const { id, events } = runEvents({ name: "far", startedAtMs: 1e12, mae: values, configuration: { $number: "x" } });
    const batch = { sourceId: newId(), firstSequence: 1, events };
    expect(await remote.runs.ingest(batch)).toEqual({ acknowledgedThrough: events.length });
    expect(await remote.runs.ingest(batch)).toEqual({ acknowledgedThrough: events.length });
    expect((await remote.runs.metricHistory({ id, name: "mae" })).values).toEqual(values);
    expect((await remote.runs.getRun({ id })).status).toBe("finished");
    expect(await remote.runs.component({ id, component: "configuration" })).toEqual({ $number: "x" });
    expect((await remote.runs.searchRuns({ project: "est" })).items.map((run) => run.id)).toEqual([id]);
    expect((await remote.runs.projects()).map((project) => project.name)).toEqual(["est"]);
    expect(await remote.graph.datasets({ project: "est" })).toEqual([]);
  });

  it("tells of events that were set aside", async () => {
    const { id, events } = runEvents({ name: "odd", startedAtMs: 1e12 });
    const tag = { type: "tag", runId: id, key: "a\0b", value: "" } as const;
    const receipt = await remote.runs.ingest({ sourceId: newId(), firstSequence: 1, events: [...events, tag] });
    expect(receipt).toMatchObject({ acknowledgedThrough: events.length + 1, refused: [{ code: "TEXT_WITH_NUL" }] });
  });

  it("throws the errors of home", async () => {
    await expect(remote.runs.getRun({ id: newId<"run">() })).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
    await expect(remote.runs.getRun({ id: "x" as RunId })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    const gap = { sourceId: newId(), firstSequence: 7, events: [] };
    await expect(remote.runs.ingest(gap)).rejects.toMatchObject({ code: "INGEST_GAP" });
    const stranger = await openLineage(gateway.url);
    await expect(stranger.runs.projects()).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    await stranger.close();
  });

  it("met no defect on the way", () => {
    expect(gateway.defects).toEqual([]);
  });
});
