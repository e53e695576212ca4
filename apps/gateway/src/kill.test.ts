import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { newId, seededRng } from "@deepwright/core";
import { afterAll, describe, expect, it } from "vitest";
import { runEvents } from "./gateway.test.support.js";

const program = fileURLToPath(new URL("../dist/bin.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "deepwright-kill-"));
let child: ChildProcess | undefined;

async function start(): Promise<string> {
  const started = spawn(process.execPath, [program, "--store", `file:${join(folder, "store")}`, "--port", "0"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  child = started;
  let printed = "";
  let complaint = "";
  started.stderr.on("data", (part: Buffer) => {
    complaint += part.toString();
  });
  return new Promise((resolve, reject) => {
    started.stdout.on("data", (part: Buffer) => {
      printed += part.toString();
      const url = /http:\/\/\S+/.exec(printed)?.[0];
      if (url) resolve(url);
    });
    started.once("exit", (code) => reject(new Error(`the gateway ended with ${code}: ${complaint}`)));
  });
}

async function end(signal: NodeJS.Signals): Promise<number | null> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return null;
  const gone = once(child, "exit");
  child.kill(signal);
  const [code] = (await gone) as [number | null];
  return code;
}

afterAll(async () => {
  await end("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

async function call<Result>(url: string, path: string, input: unknown): Promise<Result> {
  const response = await fetch(`${url}/rpc/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return JSON.parse(text) as Result;
}

describe("a gateway that is killed at any moment", () => {
  it("loses no acknowledged point and doubles none, for a client that sends again what was not acknowledged", async () => {
    const rng = seededRng(20260101);
    const sourceId = newId();
    const { id, events } = runEvents({ name: "killed", startedAtMs: 1e12, running: true });
    let url = await start();
    await call(url, "runs/ingest", { sourceId, firstSequence: 1, events });
    let sequence = events.length + 1;
    let sent = 0;
    let acknowledged = 0;
    for (let round = 0; round < 10; round++) {
      const kill = sleep(rng.integer(250)).then(() => end("SIGKILL"));
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
          await call(url, "runs/ingest", { sourceId, firstSequence: sequence, events: [event] });
        } catch {
          break;
        }
        sequence += 1;
        acknowledged += values.length;
      }
      await kill;
      url = await start();
      const history = await call<{ values: number[] }>(url, "runs/metricHistory", { id, name: "loss" });
      // A batch may be stored whose acknowledgement was lost; it is sent again next and then skipped.
      expect(history.values.length).toBeGreaterThanOrEqual(acknowledged);
      expect(history.values.length).toBeLessThanOrEqual(sent);
      expect(history.values).toEqual(history.values.map((_, index) => index));
    }
    expect(acknowledged).toBeGreaterThan(0);
    expect(await end("SIGTERM")).toBe(0);
  }, 180_000);
});

describe("the command", () => {
  const run = async (...argv: string[]) => {
    const environment = { ...process.env };
    delete environment.DEEPWRIGHT_TOKEN;
    const started = spawn(process.execPath, [program, ...argv], {
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [started.stdout, started.stderr]) {
      stream.on("data", (part: Buffer) => {
        output += part.toString();
      });
    }
    const [code] = (await once(started, "close")) as [number | null];
    return { code, output };
  };

  it("refuses to listen beyond loopback without a token", async () => {
    const { code, output } = await run("--host", "0.0.0.0", "--store", `file:${join(folder, "other")}`);
    expect(code).toBe(4);
    expect(output).toContain("TOKEN_REQUIRED");
    expect(output).not.toContain("    at ");
  });

  it("says that a port is taken", async () => {
    const port = new URL(await start()).port;
    const { code, output } = await run("--port", port, "--store", `file:${join(folder, "third")}`);
    expect(code).toBe(2);
    expect(output).toContain("PORT_TAKEN");
    await end("SIGTERM");
  });

  it("prints its configuration", async () => {
    const { code, output } = await run("--print-config", "--port", "1234");
    expect(code).toBe(0);
    expect(JSON.parse(output)).toMatchObject({ port: 1234, host: "127.0.0.1" });
  });
});
