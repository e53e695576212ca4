import { spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { openSqlStore } from "../open-store.js";

// Each test starts the database several times, which takes a busy machine seconds.
vi.setConfig({ testTimeout: 120_000 });
const folder = mkdtempSync(join(tmpdir(), "deepwright-faults-"));
const mounted = join(folder, "tiny");
mkdirSync(mounted);
const isRoot = process.getuid?.() === 0;
const mountsTiny =
  isRoot && spawnSync("mount", ["-t", "tmpfs", "-o", "size=12m", "tmpfs", mounted], { stdio: "ignore" }).status === 0;
afterAll(() => {
  if (mountsTiny) spawnSync("umount", ["-l", mounted]);
  rmSync(folder, { recursive: true, force: true });
});

const opened = async (path: string): Promise<unknown> => {
  const store = await openSqlStore(`file:${path}`);
  try {
    return (await store.query<{ answer: number }>("select 6 * 7 as answer"))[0]?.answer;
  } finally {
    await store.close();
  }
};

describe("places for a store", () => {
  it.each([
    ["unicode and spaces", join("ünï cödé 中文 🙂", "a b%20c")],
    ["a newline and quotes", "line\n'quote\"; $HOME"],
    ["a path too long for a socket", join("long".repeat(50), "long".repeat(50), "long".repeat(20))],
  ])("%s", async (_, name) => {
    expect(await opened(join(folder, name))).toBe(42);
    // A second time, over the database that is there.
    expect(await opened(join(folder, name))).toBe(42);
  });

  it("a file, below a file, and a name that is too long are refused", async () => {
    writeFileSync(join(folder, "file"), "mine");
    for (const path of [join(folder, "file"), join(folder, "file", "below"), join(folder, "n".repeat(300))]) {
      await expect(opened(path)).rejects.toMatchObject({ code: "INVALID_STORE_URI" });
    }
    expect(readFileSync(join(folder, "file"), "utf8")).toBe("mine");
  });

  it.skipIf(isRoot)(
    `a directory that may not be written${isRoot ? " (skipped: root may write everywhere)" : ""}`,
    async () => {
      const path = join(folder, "closed");
      mkdirSync(path, { mode: 0o555 });
      await expect(opened(path)).rejects.toMatchObject({ code: "STORE_ACCESS_DENIED" });
      expect(readdirSync(path)).toEqual([]);
      chmodSync(path, 0o755);
    },
  );

  it("a place whose file system makes no directories is refused", async () => {
    await expect(opened("/proc/deepwright")).rejects.toMatchObject({
      code: expect.stringMatching(/^(INVALID_STORE_URI|STORE_ACCESS_DENIED|STORE_UNAVAILABLE)$/),
    });
  });

  it.skipIf(!mountsTiny)(
    `a full disk, and works when there is room again${mountsTiny ? "" : " (skipped: no tmpfs can be mounted)"}`,
    async () => {
      const path = join(mounted, "store");
      // Not even the lock finds room.
      const rest = join(mounted, "rest");
      expect(spawnSync("dd", ["if=/dev/zero", `of=${rest}`, "bs=64k"], { stdio: "ignore" }).error).toBeUndefined();
      await expect(opened(path)).rejects.toMatchObject({ code: "DISK_FULL" });
      rmSync(rest);
      await expect(opened(path)).rejects.toMatchObject({ code: "DISK_FULL" });
      expect(readdirSync(path).filter((name) => name.startsWith("database"))).toEqual([]);
      expect(spawnSync("mount", ["-o", "remount,size=200m", mounted]).status).toBe(0);
      expect(await opened(path)).toBe(42);
    },
  );
});

describe("a directory that something has damaged", () => {
  const damaged = async (name: string, damage: (database: string) => void): Promise<unknown> => {
    const path = join(folder, name);
    await opened(path);
    damage(join(path, "database"));
    return opened(path);
  };

  it("data of another version, or none", async () => {
    const other = damaged("other", (database) => writeFileSync(join(database, "PG_VERSION"), "15\n"));
    await expect(other).rejects.toMatchObject({ code: "STORE_FORMAT_UNSUPPORTED" });
    const none = damaged("none", (database) => rmSync(join(database, "PG_VERSION")));
    await expect(none).rejects.toMatchObject({ code: "STORE_FORMAT_UNSUPPORTED" });
  });

  it.each([
    ["the control file cut", (database: string) => truncateSync(join(database, "global", "pg_control"), 100)],
    ["the control file gone", (database: string) => rmSync(join(database, "global", "pg_control"))],
    ["the log gone", (database: string) => rmSync(join(database, "pg_wal"), { recursive: true })],
  ])("%s ends in a typed error", async (name, damage) => {
    await expect(damaged(name, damage)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", kind: "unavailable" });
    // The lock was given back: nobody waits for a process that could not open it.
    expect(readdirSync(join(folder, name))).not.toContain("lock");
  });

  it("a first start that was killed half-way is begun again", async () => {
    const path = join(folder, "half");
    mkdirSync(join(path, "database.partial", "base"), { recursive: true });
    writeFileSync(join(path, "database.partial", "PG_VERSION"), "18\n");
    expect(await opened(path)).toBe(42);
    expect(readdirSync(path)).not.toContain("database.partial");
  });

  it("a lock that is none is named, and left alone", async () => {
    const path = join(folder, "nolock");
    mkdirSync(path);
    writeFileSync(join(path, "lock"), "not a lock");
    await expect(opened(path)).rejects.toMatchObject({ code: "STORE_LOCK_BROKEN" });
    expect(readFileSync(join(path, "lock"), "utf8")).toBe("not a lock");
    expect(statSync(path).isDirectory()).toBe(true);
  });
});
