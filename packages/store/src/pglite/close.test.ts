import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const entry = fileURLToPath(new URL("../../dist/index.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "deepwright-close-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("closing", () => {
  it("waits for what was asked before, and keeps the process until the database is flushed", () => {
    const program = `
      import { openStore } from ${JSON.stringify(entry)};
      const store = await openStore(${JSON.stringify(`file:${join(folder, "store")}`)});
      const asked = store.query("select pg_sleep(0.3), 7 as answer");
      await store.query("select 1").catch(() => undefined);
      const late = store.query("select pg_sleep(0.2), 8 as answer");
      await new Promise((resolve) => setImmediate(resolve));
      await store.close();
      console.log((await asked)[0].answer, (await late)[0].answer, "closed");`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
      encoding: "utf8",
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "7 8 closed\n", stderr: "" });
  }, 60_000);
});
