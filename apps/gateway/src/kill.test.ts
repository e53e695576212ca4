import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { newId, seededRng } from "@deepwright/core";
import { afterAll, describe, expect, it } from "vitest";
import { callRpc, endGateways, type GatewayProcess, startGatewayProcess } from "./testing/gateway-process.js";
import { runEvents } from "./testing/test-gateway.js";

const folder = mkdtempSync(join(tmpdir(), "deepwright-kill-"));
const start = (): Promise<GatewayProcess> =>
  startGatewayProcess("--store", `file:${join(folder, "store")}`, "--port", "0");
afterAll(async () => {
  await endGateways();
  rmSync(folder, { recursive: true, force: true });
});

describe("a gateway that ends at any moment", () => {
  it("loses no acknowledged point and doubles none, for a client that sends again what was not acknowledged", async () => {
    const rng = seededRng(20260101);
    const sourceId = newId();
    const { id, events } = runEvents({ name: "killed", startedAtMs: 1e12, running: true });
    let gateway = await start();
    await callRpc(gateway.url, "runs/ingest", { sourceId, firstSequence: 1, events });
    let sequence = events.length + 1;
    let sent = 0;
    let acknowledged = 0;
    for (let round = 0; round < 6; round++) {
      // Every other time it is asked to end: then it must end in order, with what it acknowledged.
      const signal = round % 2 === 0 ? "SIGKILL" : "SIGTERM";
      const ending = sleep(rng.integer(250)).then(() => gateway.end(signal));
      // Sends until the gateway is gone; what was not acknowledged stays the next to be sent.
      for (;;) {
        const values = Array.from({ length: 20 }, (_, index) => acknowledged + index);
        sent = Math.max(sent, acknowledged + values.length);
        const event = {
          type: "metrics",
          runId: id,
          names: ["loss"],
          nameIndexes: values.map(() => 0),
          steps: values,
          timesMs: values,
          values,
        };
        try {
          await callRpc(gateway.url, "runs/ingest", { sourceId, firstSequence: sequence, events: [event] });
        } catch {
          break;
        }
        sequence += 1;
        acknowledged += values.length;
      }
      expect(await ending).toBe(signal === "SIGTERM" ? 0 : null);
      expect(gateway.complaints()).toBe("");
      gateway = await start();
      const history = await callRpc<{ values: number[] }>(gateway.url, "runs/metricHistory", { id, name: "loss" });
      // A batch may be stored whose acknowledgement was lost; it is sent again next and then skipped.
      expect(history.values.length).toBeGreaterThanOrEqual(acknowledged);
      expect(history.values.length).toBeLessThanOrEqual(sent);
      expect(history.values).toEqual(history.values.map((_, index) => index));
    }
    expect(acknowledged).toBeGreaterThan(0);
    expect(await gateway.end("SIGINT")).toBe(0);
  }, 300_000);
});
