import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { holdFiles } from "./hold-files.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "deepwright-hold-"));
  mkdirSync(join(folder, "days"));
  for (const day of ["1", "2"]) writeFileSync(join(folder, "days", `${day}.csv`), "a\n1\n");
  writeFileSync(join(folder, "other.csv"), "a\n1\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (...path: string[]) => ({ kind: "file", path: join(folder, ...path) }) as const;
const changed = (...path: string[]) => ({ code: "DATA_FILE_CHANGED", details: { file: join(folder, ...path) } });

describe("holding files", () => {
  it.each([
    ["a file", ["days", "1.csv"]],
    ["a folder", ["days"]],
    ["a pattern", ["days", "*.csv"]],
  ])("lets %s be read that stays as it is, whatever others do", async (_, path) => {
    const held = await holdFiles([file(...path), { kind: "table", name: "t" }]);
    writeFileSync(join(folder, "other.csv"), "a\n1\n2\n");
    await held.assertUnchanged();
  });

  it.each([
    ["a file that is written", ["days", "1.csv"], () => writeFileSync(join(folder, "days", "1.csv"), "a\n22\n")],
    ["a file of the same size and another time", ["days"], () => utimesSync(join(folder, "days", "1.csv"), 1, 2)],
    ["a file of a folder that goes", ["days"], () => rmSync(join(folder, "days", "1.csv"))],
    ["a file that goes", ["days", "1.csv"], () => rmSync(join(folder, "days", "1.csv"))],
    ["a folder that goes", ["days"], () => rmSync(join(folder, "days"), { recursive: true })],
    ["a file of a pattern", ["d*", "1.csv"], () => writeFileSync(join(folder, "days", "1.csv"), "")],
  ])("tells %s", async (_, path, change) => {
    const held = await holdFiles([file("other.csv"), file(...path)]);
    change();
    await expect(held.assertUnchanged()).rejects.toMatchObject(changed("days", "1.csv"));
  });

  it("tells a file that comes", async () => {
    const held = await holdFiles([file("days")]);
    writeFileSync(join(folder, "days", "3.csv"), "a\n1\n");
    await expect(held.assertUnchanged()).rejects.toMatchObject(changed("days", "3.csv"));
  });

  it("has nothing to say of files that are elsewhere or absent", async () => {
    const held = await holdFiles([{ kind: "file", path: "s3a://bucket/days" }, file("absent.csv")]);
    await held.assertUnchanged();
  });
});
