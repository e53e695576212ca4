import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId, type RunId } from "@deepwright/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GatewayConfigInput } from "./config/config.js";
import { runEvents, startTestGateway, type TestGateway } from "./testing/test-gateway.js";

/** A line that lies on the disk of the gateway's computer and nowhere in its store. */
const line = (rows: string): string => `rows = ${rows}(load())\n`;

const blobId = (text: string): string =>
  createHash("sha1")
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest("hex");

describe.each<[string, GatewayConfigInput, boolean]>([
  ["by default", {}, false],
  ["where it is told so", { sourceText: "anywhere" }, true],
])("the source of runs that only this computer has, %s", (_, config, isShown) => {
  const folder = mkdtempSync(join(tmpdir(), "deepwright-source-"));
  let gateway: TestGateway;
  const ids: RunId[] = [];

  beforeAll(async () => {
    gateway = await startTestGateway(config);
    for (const [index, rows] of ["sorted", "shuffled"].entries()) {
      const root = join(folder, rows);
      mkdirSync(root);
      writeFileSync(join(root, "train.py"), line(rows));
      const mae = [index === 0 ? 10 : 20];
      const { id, events } = runEvents({ name: rows, startedAtMs: Date.UTC(2026, 0, 1 + index), mae });
      const moved = events.map((event) =>
        event.type === "run-start" ? { ...event, location: { ...event.location, root } } : event,
      );
      const source = { "files/train.py": blobId(line(rows)) };
      const component = { type: "component", runId: id, component: "source", entries: source };
      const batch = { sourceId: newId(), firstSequence: 1, events: [...moved, component] };
      expect((await gateway.rpc("runs/ingest", batch)).status).toBe(200);
      ids.push(id);
    }
  });
  afterAll(async () => {
    await gateway.end();
    rmSync(folder, { recursive: true, force: true });
  });

  it(`is ${isShown ? "" : "not "}shown by GraphQL`, async () => {
    const [before, after] = ids;
    const compared = await gateway.graphql(
      "query Q($before: ID!, $after: ID!) { compareRuns(before: $before, after: $after) { differences { title hunk { afterLines } } } }",
      { before, after },
    );
    expect(compared.errors).toBeUndefined();
    expect(compared.text).toContain("train.py");
    expect(compared.text.includes("shuffled(load())")).toBe(isShown);
    const explained = await gateway.graphql(
      "query Q($id: ID!) { explainRegression(runId: $id) { report { causes { difference { title hunk { afterLines } } } } } }",
      { id: after },
    );
    expect(explained.errors).toBeUndefined();
    expect(explained.text).toContain("train.py");
    expect(explained.text.includes("shuffled(load())")).toBe(isShown);
  });

  it(`is ${isShown ? "" : "not "}shown by the page of a run`, async () => {
    const text = await (await fetch(`${gateway.url}/runs/${ids[1]}`)).text();
    expect(text).toContain("train.py");
    expect(text.includes("shuffled(load())")).toBe(isShown);
  });
});
