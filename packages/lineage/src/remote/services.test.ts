import { manualClock, newId, parseJson, type RunId, stringifyJson } from "@deepwright/core";
import type { RemoteStore } from "@deepwright/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openLineage } from "../open-lineage.js";
import { engines, points, runStart, type TestLineage, TestLog } from "../runs/lineages.test.support.js";
import { callService } from "./services.js";

/** What a gateway and its client do, without the network between them: everything passes as JSON text. */
function overJson(lineage: TestLineage): RemoteStore {
  return {
    kind: "http",
    uri: "http://gateway",
    async call<Result>(service: string, method: string, input: unknown): Promise<Result> {
      const result = await callService(lineage, service, method, parseJson<never>(stringifyJson(input)));
      return parseJson<Result & null>(stringifyJson(result ?? null));
    },
    close: async () => undefined,
  };
}

describe("services through a gateway", () => {
  let local: TestLineage;
  beforeAll(async () => {
    local = await (engines[0] as (typeof engines)[number]).open(manualClock());
  }, 120_000);
  afterAll(() => local.end());

  it("give the same answers as at home", async () => {
    const remote = await openLineage(overJson(local));
    const begin = runStart({ project: "remote" });
    const log = new TestLog(remote);
    await log.send(begin, points(begin.runId, { loss: [1, Number.NaN, -Infinity] }));
    const input = { id: begin.runId };
    expect(await remote.runs.getRun(input)).toEqual(await local.runs.getRun(input));
    expect((await remote.runs.metricHistory({ ...input, name: "loss" })).values).toEqual([1, Number.NaN, -Infinity]);
    const filter = { metric: "loss", op: "=", value: -Infinity } as const;
    expect(await remote.runs.countRuns({ project: "remote", filter })).toBe(1);
    expect(await remote.runs.projects()).toEqual(await local.runs.projects());
    expect(await remote.graph.datasets({ project: "remote" })).toEqual([]);
    await remote.close();
  });

  it("throw the same errors", async () => {
    const remote = await openLineage(overJson(local));
    await expect(remote.runs.getRun({ id: newId<"run">() })).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
    await expect(remote.runs.getRun({ id: "x" as RunId })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  it("refuse methods that are none", async () => {
    for (const [service, method] of [
      ["runs", "toString"],
      ["runs", "dropEverything"],
      ["constructor", "getRun"],
      ["__proto__", "getRun"],
    ] as const) {
      await expect(callService(local, service, method, {})).rejects.toMatchObject({
        code: "SERVICE_METHOD_NOT_FOUND",
      });
    }
  });
});
