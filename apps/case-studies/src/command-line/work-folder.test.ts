import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hasGit } from "../est/project/repository.js";
import { claimWorkFolder } from "./work-folder.js";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "deepwright-work-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

describe.skipIf(!hasGit())(`the work folder${hasGit() ? "" : " (skipped: no git)"}`, () => {
  it("is made anew by each call, without touching what the case did not make", async () => {
    const path = join(home, "work");
    (await claimWorkFolder(path, { given: false }))?.release();
    mkdirSync(join(path, "project"));
    writeFileSync(join(path, "project", "old"), "");
    writeFileSync(join(path, "notes.txt"), "mine");
    const work = await claimWorkFolder(path, { given: false });
    expect(readdirSync(path).sort()).toEqual(["notes.txt", "process-id"]);
    work?.release();
    expect(readdirSync(path)).toEqual(["notes.txt"]);
  });

  it("belongs to one process at a time, and to nobody when that one has died", async () => {
    const path = join(home, "work");
    const work = await claimWorkFolder(path, { given: false });
    expect(await claimWorkFolder(path, { given: false })).toBeNull();
    const second = claimWorkFolder(path, { given: true });
    await expect(second).rejects.toMatchObject({ code: "CASE_RUNNING", kind: "conflict" });
    work?.release();
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    for (const holder of [String(dead), "", "no number"]) {
      writeFileSync(join(path, "process-id"), holder);
      (await claimWorkFolder(path, { given: false }))?.release();
    }
  });

  it("keeps what lies in a folder that a user names", async () => {
    mkdirSync(join(home, "project"));
    writeFileSync(join(home, "project", "mine"), "");
    (await claimWorkFolder(home, { given: true }))?.release();
    expect(existsSync(join(home, "project", "mine"))).toBe(true);
  });
});

it("no work folder is needed without git", async () => {
  vi.stubEnv("PATH", home);
  expect(await claimWorkFolder(join(home, "work"), { given: false })).toBeNull();
  expect(existsSync(join(home, "work"))).toBe(false);
});
