import { newId } from "@deepwright/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seedRun, startTestGateway, type TestGateway } from "../testing/test-gateway.js";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  for (let index = 0; index < 3; index++) {
    await seedRun(gateway, {
      name: `run ${index} "ü"`,
      startedAtMs: Date.UTC(2026, 0, 1 + index),
      mae: [index, Number.NaN],
      configuration: { "api/rate": index },
    });
  }
});
afterAll(() => gateway.end());

const filtered = `query Q($filter: RunFilter, $first: Int = 2) { runs(filter: $filter, first: $first) {
  totalCount nodes { id name status startedAt metrics { last } } } }`;

describe("queries that come back", () => {
  it.each([
    ["{ gatewayVersion }", {}],
    ["query Q($n: Int) { runs(first: $n) { nodes { name startedAt duration metrics { last } } } }", { n: 2 }],
    ["query Q($n: Int) { runs(first: $n) { nodes { name } } }", {}],
    [
      filtered,
      { filter: { or: [{ text: "run 1" }, { not: { metric: { name: "mae", comparison: "LESS", value: 9 } } }] } },
    ],
    [filtered, { filter: null, first: 1 }],
    ["query Q($id: ID!) { run(id: $id) { name } gatewayVersion }", { id: newId() }],
    ["query Q($id: ID!) { run(id: $id) { name } gatewayVersion }", { id: "no id" }],
    ["query Q($filter: RunFilter) { runs(filter: $filter) { nodes { name } } }", { filter: { metric: {} } }],
    ["query Q($n: Int) { runs(first: $n) { nodes { name } } }", { n: "many" }],
    ["query Q($n: Int) { runs(first: $n) { nodes { name } } }", { n: 100_000 }],
  ])("are answered as Apollo answered them first: %s %j", async (query, variables) => {
    const first = await gateway.graphql(query, variables);
    for (let use = 0; use < 4; use++) {
      const again = await gateway.graphql(query, variables);
      expect(JSON.parse(again.text)).toEqual(JSON.parse(first.text));
      expect(again.status).toBe(first.status);
    }
  });

  it("go to Apollo when they ask for another form of answer", async () => {
    const query = "{ runs { nodes { name } } }";
    for (let use = 0; use < 3; use++) await gateway.graphql(query);
    const headers = { accept: "application/graphql-response+json" };
    const response = await fetch(`${gateway.url}/graphql`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify({ query }),
    });
    expect(response.headers.get("content-type")).toContain("application/graphql-response+json");
    await response.text();
  });

  it("follow the operation that is named", async () => {
    const query = "query A { gatewayVersion } query B { version: gatewayVersion }";
    for (const operationName of ["A", "B", "A", "B", "A", "B"]) {
      const response = await fetch(`${gateway.url}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ query, operationName }),
      });
      const { data } = (await response.json()) as { data: object };
      expect(Object.keys(data)).toEqual([operationName === "A" ? "gatewayVersion" : "version"]);
    }
    expect((await gateway.graphql(query)).status).toBe(400);
  });
});

it("met no defect on the way", () => {
  expect(gateway.defects).toEqual([]);
});
