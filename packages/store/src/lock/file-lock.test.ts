import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type LockContent, tryLock } from "./file-lock.js";
import { ownIdentity } from "./process-identity.js";

const folder = mkdtempSync(join(tmpdir(), "deepwright-lock-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const left = (path: string, change: Partial<LockContent>): void =>
  writeFileSync(path, JSON.stringify({ version: 1, token: "old", address: "nowhere", ...ownIdentity(), ...change }));
const hasProc = ownIdentity().startTime !== null;
const withoutProc = hasProc ? "" : " (skipped: no /proc)";

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  return child.pid ?? 0;
}

describe("tryLock", () => {
  it("gives the lock to one, and to the next when it is released", () => {
    const path = join(folder, "taken");
    const first = tryLock(path, "a");
    expect(first.kind).toBe("acquired");
    expect(tryLock(path, "b")).toMatchObject({ kind: "held", state: "alive", holder: { address: "a" } });
    if (first.kind === "acquired") first.lock.release();
    const second = tryLock(path, "b");
    expect(second.kind).toBe("acquired");
    // A late second release of the first takes nothing from the second.
    if (first.kind === "acquired") first.lock.release();
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ address: "b" });
  });

  it("takes a dead process's lock and leaves nothing beside it", async () => {
    const path = join(folder, "dead");
    left(path, { pid: await deadPid() });
    expect(tryLock(path, "new").kind).toBe("acquired");
    expect(readdirSync(folder).filter((name) => name.startsWith("dead"))).toEqual(["dead"]);
  });

  it("takes a dead process's lock when the one who was removing it died too", async () => {
    const path = join(folder, "twice");
    const pid = await deadPid();
    left(path, { pid });
    left(`${path}.reap-old`, { pid, token: "older" });
    expect(tryLock(path, "new").kind).toBe("acquired");
  });

  it.skipIf(!hasProc)(`takes the lock when the number is another process's by now${withoutProc}`, () => {
    const path = join(folder, "reused");
    left(path, { startTime: "1" });
    expect(tryLock(path, "new").kind).toBe("acquired");
  });

  it.skipIf(!hasProc)(`takes the lock of before the machine's restart${withoutProc}`, () => {
    const path = join(folder, "restarted");
    left(path, { bootId: "another" });
    expect(tryLock(path, "new").kind).toBe("acquired");
  });

  it("never takes a living process's lock, nor one of another machine or container", () => {
    const living = join(folder, "living");
    left(living, {});
    expect(tryLock(living, "new")).toMatchObject({ kind: "held", state: "alive" });
    const elsewhere = join(folder, "elsewhere");
    left(elsewhere, { host: "another", pid: 1 });
    expect(tryLock(elsewhere, "new")).toMatchObject({ kind: "held", state: "unknown" });
    const contained = join(folder, "contained");
    left(contained, { pidNamespace: "another" });
    expect(tryLock(contained, "new")).toMatchObject({ kind: "held", state: "unknown" });
  });

  it.each(["", "{", "null", "[]", '{"pid":"1"}', "\0"])("refuses a file that holds %j", (text) => {
    const path = join(folder, "broken");
    writeFileSync(path, text);
    expect(() => tryLock(path, "new")).toThrowError(expect.objectContaining({ code: "STORE_LOCK_BROKEN" }));
  });
});
