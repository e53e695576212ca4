import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Run } from "../contract/index.js";
import { blobId, defaultContentSource, storedContent } from "./content-source.js";

const home = realpathSync(mkdtempSync(join(tmpdir(), "content-source-")));
const root = join(home, "project");
const secret = "password=hunter2\n";
mkdirSync(join(root, "sub"), { recursive: true });
writeFileSync(join(root, "train.py"), "print(1)\n");
writeFileSync(join(root, "..names.py"), "print(2)\n");
writeFileSync(join(home, "secret.txt"), secret);
symlinkSync(join(home, "secret.txt"), join(root, "link.py"));
symlinkSync(home, join(root, "sub", "up"));
symlinkSync("train.py", join(root, "inside.py"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const empty = { blob: async () => null };
const run = (place: string): Run => ({ location: { root: place } }) as Run;
const hashOf = (text: string): string => blobId(Buffer.from(text));

async function read(place: string, file: string, hash: string): Promise<string | null> {
  const found = await defaultContentSource(empty, [run(place)]).read([{ hash, file }]);
  const content = found.get(hash);
  return content === undefined ? null : Buffer.from(content).toString("utf8");
}

describe("content from the disk", () => {
  it("is the file below the root whose blob id was recorded", async () => {
    expect(await read(root, "train.py", hashOf("print(1)\n"))).toBe("print(1)\n");
    expect(await read(root, "inside.py", hashOf("print(1)\n"))).toBe("print(1)\n");
    expect(await read(root, "..names.py", hashOf("print(2)\n"))).toBe("print(2)\n");
  });

  it("is nothing when the file was changed since", async () => {
    expect(await read(root, "train.py", hashOf("print(3)\n"))).toBeNull();
  });

  it.each([
    ["a step up", "../secret.txt"],
    ["an absolute path", join(home, "secret.txt")],
    ["a link to a file outside", "link.py"],
    ["a link to a folder outside", "sub/up/secret.txt"],
    ["a way around", relative(root, join(home, "secret.txt"))],
    ["the root itself", "."],
    ["a NUL", "train.py\0"],
  ])("never leaves the root, by %s, even for whoever knows the blob id", async (_, file) => {
    expect(await read(root, file, hashOf(secret))).toBeNull();
  });

  it.skipIf(process.platform === "win32")("does not wait for a pipe (skipped: no pipes on Windows)", async () => {
    execFileSync("sh", ["-c", 'mkfifo "$0"', join(root, "pipe.py")]);
    expect(await read(root, "pipe.py", hashOf("print(1)\n"))).toBeNull();
  });

  it("is nothing for a root that does not exist", async () => {
    expect(await read(join(home, "gone"), "train.py", hashOf("print(1)\n"))).toBeNull();
  });
});

it("takes stored content from the store alone", async () => {
  const found = await storedContent(empty).read([{ hash: hashOf("print(1)\n"), file: join(root, "train.py") }]);
  expect(found.size).toBe(0);
});
