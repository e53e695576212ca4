import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { seededRng } from "@deepwright/core";
import { afterAll, expect, it } from "vitest";
import { openSqlStore } from "../open-store.js";

const folder = mkdtempSync(join(tmpdir(), "deepwright-kill-"));
const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});
const rounds = 20;

async function ended(child: ChildProcess): Promise<void> {
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}

/** Writes its numbers one after the other; one whose fate is not known is written again. Tells each that is kept. */
const writer = (uri: string): string => `
  import { openSqlStore } from ${JSON.stringify(new URL("../../dist/index.js", import.meta.url).href)};
  const store = await openSqlStore(${JSON.stringify(uri)});
  const writer = Number(process.argv[2]);
  for (let id = 0; process.connected; id++) {
    for (;;) {
      try {
        await store.query("insert into log values ($1, $2) on conflict do nothing", [writer, id]);
        break;
      } catch (error) {
        if (error.code !== "STORE_OWNER_GONE") { process.send({ failed: String(error) }); process.exit(1); }
      }
    }
    process.send({ writer, id });
  }`;

it(`of ${rounds} owners killed at random moments none takes an acknowledged row along, and none is doubled`, async () => {
  const uri = `file:${join(folder, "store")}`;
  const program = join(folder, "writer.mjs");
  writeFileSync(program, writer(uri));
  const first = await openSqlStore(uri);
  await first.query("create table log (writer int, id int, primary key (writer, id))");
  await first.close();
  const acknowledged = new Map<number, number>();
  const failures: string[] = [];
  const start = async (number: number): Promise<void> => {
    const child = fork(program, [String(number)]);
    children.add(child);
    child.once("exit", () => children.delete(child));
    child.on("message", (message: { failed: string } | { writer: number; id: number }) => {
      if ("failed" in message) failures.push(message.failed);
      else acknowledged.set(message.writer, message.id);
    });
    await once(child, "message");
  };
  const rng = seededRng(20);
  let number = 0;
  await Promise.all([start(number++), start(number++)]);
  for (let round = 0; round < rounds; round++) {
    await delay(rng.uniform() * 50);
    const { pid } = JSON.parse(readFileSync(join(folder, "store", "lock"), "utf8")) as { pid: number };
    const owner = [...children].find((child) => child.pid === pid);
    expect(owner).toBeDefined();
    if (owner !== undefined) await ended(owner);
    await start(number++);
  }
  await Promise.all([...children].map((child) => ended(child)));
  expect(failures).toEqual([]);
  const store = await openSqlStore(uri);
  const kept = await store.query<{ writer: number; rows: number; last: number }>(
    "select writer, count(*) as rows, max(id) as last from log group by writer",
  );
  await store.close();
  expect(kept).toHaveLength(number);
  for (const { writer: who, rows, last } of kept) {
    // Without gaps up to the last, which may be one that was kept and not acknowledged any more.
    expect(rows).toBe(last + 1);
    expect(last).toBeGreaterThanOrEqual(acknowledged.get(who) ?? -1);
  }
}, 600_000);
