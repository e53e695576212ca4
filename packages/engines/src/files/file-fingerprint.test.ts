import { createHash } from "node:crypto";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareFingerprints } from "../fingerprint/compare.js";
import { type FileFingerprint, fileFingerprint } from "./file-fingerprint.js";
import { sha256File } from "./sha256-file.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "deepwright-fingerprint-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const path = (name: string): string => join(folder, name);
const sha256 = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");

describe("fileFingerprint", () => {
  it("of a table has rows and bytes", async () => {
    writeFileSync(path("sales.csv"), "id,price\n1,10.5\n2,11\n3,\n");
    const fingerprint = await fileFingerprint(path("sales.csv"));
    expect(fingerprint).toMatchObject({ kind: "file", format: "csv", fileCount: 1, sizeBytes: 24 });
    expect(fingerprint.bytes).toBe(sha256("id,price\n1,10.5\n2,11\n3,\n"));
    expect(fingerprint.data?.rowCount).toBe(3);
    writeFileSync(path("sales-2.csv"), "id,price\n2,11\n3,\n1,10.5\n");
    const shuffled = await fileFingerprint(path("sales-2.csv"));
    if (fingerprint.data === null || shuffled.data === null) throw new Error("both are tables");
    expect(compareFingerprints(fingerprint.data, shuffled.data).verdict).toBe("same-rows-other-order");
  });

  it("of other files, and of tables above the limit, has bytes only", async () => {
    writeFileSync(path("weights.bin"), new Uint8Array([1, 2, 3]));
    const weights = await fileFingerprint(path("weights.bin"));
    expect(weights).toMatchObject({ format: null, data: null, bytes: sha256(new Uint8Array([1, 2, 3])) });
    writeFileSync(path("big.csv"), "a\n1\n");
    expect(await fileFingerprint(path("big.csv"), { rowLimitBytes: 3 })).toMatchObject({ format: "csv", data: null });
  });

  it("of a folder hashes each file, whatever it holds", async () => {
    mkdirSync(path("images/deep"), { recursive: true });
    writeFileSync(path("images/deep/b.png"), "b");
    writeFileSync(path("images/a\n.png"), "a");
    writeFileSync(path("images/.hidden"), "h");
    const images = await fileFingerprint(path("images"));
    expect(images).toMatchObject({ kind: "folder", format: null, fileCount: 2, sizeBytes: 2, data: null });
    expect(images.bytes).toBe(sha256(`${sha256("a")}  a\n.png\n${sha256("b")}  deep/b.png\n`));
  });

  it("of a folder of tables has rows", async () => {
    mkdirSync(path("tables"));
    writeFileSync(path("tables/1.csv"), "a\n1\n");
    writeFileSync(path("tables/2.csv"), "a\n2\n");
    const tables = await fileFingerprint(path("tables"));
    expect(Object.keys(tables.data?.partitions ?? {})).toEqual(["1.csv", "2.csv"]);
  });

  it("is taken from the cache while size and time stay the same", async () => {
    const kept = new Map<string, FileFingerprint>();
    const cache = {
      get: (key: string) => kept.get(key),
      set: (key: string, value: FileFingerprint) => void kept.set(key, value),
    };
    writeFileSync(path("cached.bin"), "one");
    const first = await fileFingerprint(path("cached.bin"), { cache });
    expect(await fileFingerprint(path("cached.bin"), { cache })).toBe(first);
    appendFileSync(path("cached.bin"), "two");
    const second = await fileFingerprint(path("cached.bin"), { cache });
    expect(second.bytes).toBe(sha256("onetwo"));
    expect(kept.size).toBe(2);
  });

  it("reports progress up to the size of the file", async () => {
    writeFileSync(path("sparse.bin"), "");
    truncateSync(path("sparse.bin"), 20_000_000);
    const progress: number[] = [];
    const fingerprint = await fileFingerprint(path("sparse.bin"), {
      onProgress: ({ doneBytes, totalBytes }) => {
        expect(totalBytes).toBe(20_000_000);
        progress.push(doneBytes);
      },
    });
    expect(progress.length).toBeGreaterThan(3);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBe(20_000_000);
    expect(fingerprint.bytes).toBe(sha256(new Uint8Array(20_000_000)));
  });

  it("stops when its signal fires", async () => {
    writeFileSync(path("stopped.bin"), "");
    truncateSync(path("stopped.bin"), 50_000_000);
    const controller = new AbortController();
    const reason = new Error("enough");
    const options = { signal: controller.signal, onProgress: () => controller.abort(reason) };
    await expect(fileFingerprint(path("stopped.bin"), options)).rejects.toBe(reason);
  });

  it("refuses a file that changes while it is read", async () => {
    writeFileSync(path("growing.bin"), "");
    truncateSync(path("growing.bin"), 20_000_000);
    const onProgress = (): void => appendFileSync(path("growing.bin"), "more");
    await expect(fileFingerprint(path("growing.bin"), { onProgress })).rejects.toMatchObject({
      code: "DATA_FILE_CHANGED",
      retryable: true,
    });
  });

  it("names an absent file, and one that dangles", async () => {
    await expect(fileFingerprint(path("absent.csv"))).rejects.toMatchObject({ code: "DATA_FILE_MISSING" });
    symlinkSync(path("nowhere"), path("dangling"));
    await expect(fileFingerprint(path("dangling"))).rejects.toMatchObject({ code: "DATA_FILE_MISSING" });
    await expect(sha256File(folder)).rejects.toMatchObject({ code: "DATA_FILE_UNREADABLE" });
  });

  const isRoot = process.getuid?.() === 0;
  it.skipIf(isRoot)(`names a file that may not be read${isRoot ? " (skipped: root may read all)" : ""}`, async () => {
    writeFileSync(path("secret.csv"), "a\n1\n");
    chmodSync(path("secret.csv"), 0);
    await expect(fileFingerprint(path("secret.csv"))).rejects.toMatchObject({ code: "DATA_FILE_UNREADABLE" });
  });
});
