import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId } from "@deepwright/core";
import { startRun } from "@deepwright/lineage";
import { openStore } from "@deepwright/store";
import { findPostgres, startPostgres } from "@deepwright/tooling/testing";
import { afterAll, describe, expect, it } from "vitest";
import { callRpc, endGateways, runGatewayProgram, startGatewayProcess } from "./testing/gateway-process.js";
import { runEvents } from "./testing/test-gateway.js";

const folder = mkdtempSync(join(tmpdir(), "deepwright-process-"));
const storeAt = (name: string): string => `file:${join(folder, name)}`;
afterAll(async () => {
  await endGateways();
  rmSync(folder, { recursive: true, force: true });
});

interface Status {
  readonly status: number;
  readonly body: { readonly status: string };
}
async function statusOf(url: string, path: string): Promise<Status> {
  const response = await fetch(url + path);
  return { status: response.status, body: (await response.json()) as Status["body"] };
}

describe("the command", { timeout: 120_000 }, () => {
  it("refuses to listen beyond loopback without a token", async () => {
    const { code, output } = await runGatewayProgram("--host", "0.0.0.0", "--store", storeAt("other"));
    expect(code).toBe(4);
    expect(output).toContain("TOKEN_REQUIRED");
    expect(output).not.toContain("    at ");
  });

  it("prints its configuration, and its usage", async () => {
    const { code, output } = await runGatewayProgram("--print-config", "--port", "1234");
    expect(code).toBe(0);
    expect(JSON.parse(output)).toMatchObject({ port: 1234, host: "127.0.0.1" });
    expect((await runGatewayProgram("--help")).output).toContain("--store URI");
    expect((await runGatewayProgram("--stor", "x")).code).toBe(2);
  });

  it("says that a port is taken by another program", async () => {
    const other = createServer((_, response) => response.end("hello")).listen(0, "127.0.0.1");
    await once(other, "listening");
    try {
      const { port } = other.address() as AddressInfo;
      const { code, output } = await runGatewayProgram("--port", String(port), "--store", storeAt("third"));
      expect(code).toBe(2);
      expect(output).toContain("PORT_TAKEN");
      expect(output).not.toContain("answers already");
    } finally {
      other.close();
    }
  });

  it("refuses a database of a newer version, and leaves it as it is", async () => {
    const first = await startGatewayProcess("--store", storeAt("new"), "--port", "0");
    await first.end("SIGTERM");
    const store = await openStore(storeAt("new"));
    if (store.kind === "http") throw new Error("expected a database");
    await store.query(
      "insert into deepwright_migration (package, name, checksum) values ('lineage', '9999_of_the_future', 'x')",
    );
    await store.close();
    const { code, output } = await runGatewayProgram("--store", storeAt("new"), "--port", "0");
    expect(code).not.toBe(0);
    expect(output).toContain("DATABASE_TOO_NEW");
    expect(output).not.toContain("    at ");
  });
});

describe("two gateways on one folder", () => {
  it("show the same runs, say where the first one answers, and one goes on when the other ends", async () => {
    const first = await startGatewayProcess("--store", storeAt("shared"), "--port", "0");
    const second = await startGatewayProcess("--store", storeAt("shared"), "--port", "0");
    const { id, events } = runEvents({ name: "shared", startedAtMs: 1e12 });
    await callRpc(first.url, "runs/ingest", { sourceId: newId(), firstSequence: 1, events });
    expect(await callRpc(second.url, "runs/getRun", { id })).toMatchObject({ name: "shared" });
    const third = await runGatewayProgram("--store", storeAt("shared"), "--port", new URL(first.url).port);
    expect(third.code).toBe(2);
    expect(third.output).toContain(`answers already. Open ${first.url}`);
    expect(await first.end("SIGTERM")).toBe(0);
    await expect
      .poll(() => callRpc(second.url, "runs/getRun", { id }).catch(() => null), { timeout: 100_000 })
      .toMatchObject({ name: "shared" });
    expect(await second.end("SIGTERM")).toBe(0);
  }, 120_000);
});

describe("a recorder on the same computer", () => {
  it("is seen by the gateway of its folder, soon and whole", async () => {
    const gateway = await startGatewayProcess("--store", storeAt("spool"), "--port", "0");
    const run = startRun({ project: "est", name: "local", store: storeAt("spool"), delivery: "none" });
    run.log({ loss: 0.5 }, { step: 1 });
    await run.finish();
    await expect
      .poll(() => callRpc(gateway.url, "runs/resolveRun", { reference: "local" }).catch(() => null), {
        timeout: 100_000,
      })
      .toMatchObject({ status: "finished", metrics: { loss: { last: 0.5 } } });
    expect(await gateway.end("SIGTERM")).toBe(0);
  }, 120_000);
});

describe.skipIf(findPostgres() === null)("a database that goes away (skipped where no Postgres is installed)", () => {
  it("is told by readiness and typed errors, while the gateway itself stays healthy", async () => {
    const server = await startPostgres();
    const gateway = await startGatewayProcess("--store", server.uri, "--port", "0");
    expect(await statusOf(gateway.url, "/ready")).toEqual({ status: 200, body: { status: "ready" } });
    await server.stop();
    expect(await statusOf(gateway.url, "/ready")).toEqual({ status: 503, body: { status: "database away" } });
    expect((await statusOf(gateway.url, "/health")).status).toBe(200);
    const response = await fetch(`${gateway.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query: "{ runs { nodes { name } } }" }),
    });
    const text = await response.text();
    expect(text).toContain("STORE_UNAVAILABLE");
    expect(text).not.toMatch(/ at |select /);
    expect(await gateway.end("SIGTERM")).toBe(0);
  }, 120_000);
});
