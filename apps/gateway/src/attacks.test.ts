import { request } from "node:http";
import { newId } from "@deepwright/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestGateway, type TestGateway } from "./testing/test-gateway.js";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ production: true, limits: { bodyBytes: 20_000, ingestBytes: 200_000 } });
});
afterAll(() => gateway.end());

/** A request with headers that fetch does not let one set. */
function raw(
  path: string,
  headers: Record<string, string>,
  method = "GET",
  body = "",
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(gateway.url + path, { method, headers }, (response) => {
      let text = "";
      response.on("data", (part: Buffer) => {
        text += part.toString();
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

describe("GraphQL under attack", () => {
  const many = (count: number, part: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => part(i)).join(" ");

  it.each([
    ["depth", `{ runs { nodes { ${"parent { ".repeat(20)}name${" }".repeat(20)} } } }`],
    ["aliases", `{ ${many(31, (index) => `a${index}: gatewayVersion`)} }`],
    ["root fields", `{ ${many(21, (index) => `a${index}: gatewayVersion`)} }`],
    ["tokens", `{ ${"a ".repeat(2_500)} }`],
    ["cost", "{ projects(first: 1000) { nodes { runs(first: 1000) { nodes { name status } } } } }"],
    [
      "cost of computing",
      `{ ${many(20, (index) => `e${index}: projects(first: 100) { nodes { configurationDebt { kind } } }`)} }`,
    ],
    ["introspection in production", "{ __schema { types { name } } }"],
    ["introspection of a type", '{ __type(name: "Run") { name } }'],
    ["fragment cycle", "{ runs { nodes { ...A } } } fragment A on Run { parent { ...A } }"],
    ["directives", `{ gatewayVersion ${"@include(if: true) ".repeat(50)} }`],
    ["unknown field", "{ runz { nodes { name } } }"],
    ["syntax", "{ runs {"],
    ["nothing", ""],
  ])("refuses %s with status 400 and no stack", async (_, query) => {
    const { status, text, data } = await gateway.graphql(query);
    expect(status).toBe(400);
    expect(data ?? null).toBeNull();
    expect(text).not.toMatch(/node_modules|at \w+ \(|select /);
  });

  it("gives no hints about the schema in production", async () => {
    const { text } = await gateway.graphql("{ runz { nodes { name } } }");
    expect(text).not.toContain("Did you mean");
  });

  it("refuses a batch of operations", async () => {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify([{ query: "{ gatewayVersion }" }, { query: "{ gatewayVersion }" }]);
    expect((await fetch(`${gateway.url}/graphql`, { method: "POST", headers, body })).status).toBe(400);
  });

  it("refuses what a page of another site can send without asking", async () => {
    const query = encodeURIComponent("{ gatewayVersion }");
    expect((await raw(`/graphql?query=${query}`, {})).status).toBe(400);
    const text = await raw("/graphql", { "content-type": "text/plain" }, "POST", '{"query":"{ gatewayVersion }"}');
    expect(text.status).toBe(400);
    const form = await raw(
      "/rpc/runs/projects",
      { "content-type": "application/x-www-form-urlencoded" },
      "POST",
      "a=1",
    );
    expect(form.status).toBe(400);
    const origin = { "content-type": "application/json", origin: "https://evil.example" };
    expect((await raw("/rpc/runs/projects", origin, "POST", "null")).status).toBe(403);
  });

  it("answers reads by GET that carry the preflight header, and no changes", async () => {
    const header = { "apollo-require-preflight": "1" };
    const read = await raw(`/graphql?query=${encodeURIComponent("{ gatewayVersion }")}`, header);
    expect(read.status).toBe(200);
    const change = encodeURIComponent('mutation { archiveRun(input: {runId: "x"}) { userErrors { code } } }');
    expect((await raw(`/graphql?query=${change}`, header)).status).toBe(405);
  });

  it("does not answer to another name (DNS rebinding)", async () => {
    const answer = await raw("/", { host: "evil.example" });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.text).error.code).toBe("HOST_NOT_ALLOWED");
  });

  it("refuses a body over the limit", async () => {
    const { status, text } = await gateway.graphql(`{ gatewayVersion } # ${"x".repeat(30_000)}`);
    expect(status).toBe(413);
    expect(JSON.parse(text).error.code).toBe("BODY_TOO_LARGE");
  });

  it("keeps persisted queries, and knows only those that were sent", async () => {
    const query = "{ gatewayVersion }";
    const { createHash } = await import("node:crypto");
    const sha256Hash = createHash("sha256").update(query).digest("hex");
    const ask = async (body: object) => {
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${gateway.url}/graphql`, { method: "POST", headers, body: JSON.stringify(body) });
      return (await response.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] };
    };
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    expect((await ask({ extensions })).errors?.[0]?.extensions.code).toBe("PERSISTED_QUERY_NOT_FOUND");
    expect((await ask({ query, extensions })).data).toEqual({ gatewayVersion: "0.0.0" });
    expect((await ask({ extensions })).data).toEqual({ gatewayVersion: "0.0.0" });
    const wrong = { persistedQuery: { version: 1, sha256Hash: "0".repeat(64) } };
    expect((await ask({ query, extensions: wrong })).errors).toHaveLength(1);
  });
});

describe("bad input at the edge", () => {
  it("refuses NUL bytes before the database sees them", async () => {
    const note = 'mutation M($note: String!) { setRunNote(input: {runId: "x", note: $note}) { userErrors { code } } }';
    for (const { status, text } of [
      await gateway.graphql(note, { note: "a\0b" }),
      await gateway.graphql('{ project(name: "a\\u0000b") { name } }'),
      await gateway.graphql('{ project(name: "a\\u{0}b") { name } }'),
    ]) {
      expect(status).toBe(400);
      expect(JSON.parse(text).error.code).toBe("TEXT_WITH_NUL");
    }
    const rpc = await gateway.rpc("runs/resolveRun", { reference: "a\0b" });
    expect(rpc.body.error?.code).toBe("TEXT_WITH_NUL");
  });

  it.each([
    ["runs/getRun", { id: newId() }, 404, "RUN_NOT_FOUND"],
    ["runs/getRun", { id: "abc" }, 400, "INVALID_INPUT"],
    ["runs/getRun", null, 400, "INVALID_INPUT"],
    ["runs/getRun", { id: { $ne: 1 } }, 400, "INVALID_INPUT"],
    ["runs/searchRuns", { first: 1e9 }, 400, "INVALID_INPUT"],
    ["runs/ingest", {}, 400, "INVALID_BATCH"],
    ["runs/ingest", [], 400, "INVALID_BATCH"],
    ["runs/ingest", { sourceId: "a", firstSequence: 5, events: [] }, 409, "INGEST_GAP"],
    ["runs/constructor", {}, 404, "SERVICE_METHOD_NOT_FOUND"],
    ["__proto__/toString", {}, 404, "SERVICE_METHOD_NOT_FOUND"],
    ["store/query", { text: "select 1" }, 404, "SERVICE_METHOD_NOT_FOUND"],
  ])("answers %s %j with status %d and %s", async (path, body, status, code) => {
    const answer = await gateway.rpc(path, body);
    expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
    expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|select |lineage_/);
  });

  it("refuses text that is no JSON, and other content", async () => {
    const json = { "content-type": "application/json" };
    expect((await raw("/rpc/runs/getRun", json, "POST", "{")).status).toBe(400);
    expect((await raw("/rpc/runs/getRun", { "content-type": "text/xml" }, "POST", "<a/>")).status).toBe(400);
    expect((await raw("/rpc/runs/getRun", json, "POST", `"${"x".repeat(300_000)}"`)).status).toBe(413);
    expect((await raw("/nowhere", {})).status).toBe(404);
  });

  it("answers wrong ids, cursors and scalars of queries with typed errors", async () => {
    const codes = [
      ['{ run(id: "abc") { id } }', "INVALID_ID"],
      ['{ node(id: "abc") { id } }', "INVALID_ID"],
      ["{ runs(first: 0) { nodes { id } } }", "INVALID_PAGE_SIZE"],
      ['{ projects(after: "abc") { nodes { id } } }', "INVALID_CURSOR"],
      [`{ impact(id: "${newId()}") { sentence } }`, "ENTITY_NOT_FOUND"],
    ] as const;
    for (const [query, code] of codes) {
      for (let use = 0; use < 3; use++)
        expect((await gateway.graphql(query)).errors?.[0].extensions.code, query).toBe(code);
    }
  });

  it("names what is wrong with a variable", async () => {
    const query = "query Q($after: DateTime!) { runs(filter: {startedAfter: $after}) { nodes { id } } }";
    for (let use = 0; use < 3; use++) {
      const { errors, data } = await gateway.graphql(query, { after: "yesterday" });
      expect(data ?? null).toBeNull();
      expect(errors?.[0].extensions.code).toMatch(/INVALID_SCALAR|BAD_USER_INPUT/);
    }
  });
});

it("met no defect on the way", () => {
  expect(gateway.defects).toEqual([]);
});
