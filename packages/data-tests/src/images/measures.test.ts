import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { formatOfBytes, readHeader } from "./headers/read-header.js";
import { imageFormats } from "./image-facts.js";
import { lumaOf } from "./measures/luma.js";
import { nearPairs } from "./measures/near-pairs.js";
import { hashDistance, perceptualHash } from "./measures/perceptual-hash.js";
import { parseCsv } from "./parse-csv.js";
import { readImage } from "./read-image.js";
import { runImageSuite } from "./run-image-suite.js";
import { changed, jpegBytes, picture, pngBytes, withExif } from "./write-images.test.support.js";

const folder = await mkdtemp(join(tmpdir(), "deepwright-images-"));
afterAll(() => rm(folder, { recursive: true, force: true }));
const limits = { pixels: 1_000_000, bytes: 10_000_000 };

const hashOf = ({ data, width, height }: ReturnType<typeof picture>): string =>
  perceptualHash(lumaOf(data, width, height));

describe("perceptual hashes", () => {
  it("change little with size and light, and much with the picture", () => {
    const hashes = Array.from({ length: 60 }, (_, seed) => hashOf(picture(seed)));
    for (let seed = 0; seed < 60; seed += 6) {
      const same = [
        hashOf(picture(seed, 192, 144)),
        hashOf(picture(seed, 64, 48)),
        hashOf(changed(picture(seed), (value) => 0.8 * value + 30)),
      ];
      for (const hash of same) expect(hashDistance(hash, hashes[seed] as string)).toBeLessThanOrEqual(5);
    }
    const distances = hashes.flatMap((left, index) =>
      hashes.slice(index + 1).map((right) => hashDistance(left, right)),
    );
    expect(Math.min(...distances)).toBeGreaterThan(5);
  });

  it("find all pairs within a distance, each once", () => {
    const hash = fc.oneof(
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      fc
        .tuple(fc.constantFrom(0n, 0xffff0000ffff0000n), fc.array(fc.integer({ min: 0, max: 63 }), { maxLength: 6 }))
        .map(([base, bits]) => bits.reduce<bigint>((value, bit) => value ^ (1n << BigInt(bit)), base)),
    );
    const text = hash.map((value) => value.toString(16).padStart(16, "0"));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 25 }), fc.integer({ min: 0, max: 15 }), (hashes, distance) => {
        const expected = hashes.flatMap((left, first) =>
          hashes.slice(first + 1).flatMap((right, offset) => {
            const found = hashDistance(left, right);
            return found <= distance ? [{ first, second: first + 1 + offset, distance: found }] : [];
          }),
        );
        const order = (pairs: typeof expected) => pairs.toSorted((a, b) => a.first - b.first || a.second - b.second);
        expect(order([...nearPairs(hashes, distance)])).toEqual(order(expected));
      }),
    );
  });
});

describe("reading images", () => {
  it("throws nothing whatever the bytes are", { timeout: 60_000 }, async () => {
    const jpeg = withExif(jpegBytes(picture(1, 32, 24)), { orientation: 3, location: true, artist: "A. Person" });
    const png = pngBytes(picture(2, 32, 24));
    const damaged = fc
      .tuple(fc.constantFrom(jpeg, png), fc.array(fc.tuple(fc.nat(5000), fc.nat(255)), { maxLength: 8 }), fc.nat(6000))
      .map(([bytes, changes, end]) => {
        const copy = Buffer.from(bytes.subarray(0, Math.max(1, end)));
        for (const [at, value] of changes) copy[at % copy.length] = value;
        return copy;
      });
    const path = join(folder, "any.bin");
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged, fc.uint8Array({ maxLength: 64 })), async (bytes) => {
        await writeFile(path, bytes);
        const { problem, measures } = await readImage(path, limits);
        expect((problem === null) === (measures !== null)).toBe(true);
        for (const format of imageFormats) {
          try {
            readHeader(format, Buffer.from(bytes));
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it("tells the size of formats that it does not decode, and does not pass them", async () => {
    const gif = Buffer.from("GIF89a\x40\x01\xf0\x00\0\0\0;", "latin1");
    expect(formatOfBytes(gif)).toBe("gif");
    await writeFile(join(folder, "a.gif"), gif);
    const { header, problem } = await readImage(join(folder, "a.gif"), limits);
    expect(header).toMatchObject({ format: "gif", width: 320, height: 240 });
    expect(problem).toBe("gif is not decoded here");
  });

  it("does not decode what says that it is huge, nor what unpacks to more than it says", async () => {
    const bomb = pngBytes(picture(1, 8, 8));
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
    await writeFile(join(folder, "bomb.png"), bomb);
    expect((await readImage(join(folder, "bomb.png"), limits)).problem).toBe(
      "60000 x 60000 pixels, more than 1,000,000",
    );
    const sly = pngBytes(picture(1, 900, 900));
    sly.writeUInt32BE(2, 16);
    sly.writeUInt32BE(2, 20);
    sly.writeUInt32BE(crc32(sly.subarray(12, 29)), 29);
    await writeFile(join(folder, "sly.png"), sly);
    const { problem } = await readImage(join(folder, "sly.png"), limits);
    expect(problem === null || problem.startsWith("damaged")).toBe(true);
  });
});

describe("folders of images", () => {
  it("that are empty or not there never pass", async () => {
    const empty = await mkdtemp(join(folder, "empty-"));
    const { results, passed } = await runImageSuite(empty, {
      name: "empty",
      expectations: [
        { kind: "imagesDecodable" },
        { kind: "noExactDuplicates" },
        { kind: "imageCountBetween", min: 1 },
        { kind: "labelShareBetween", min: 0 },
        { kind: "formatInSet", formats: ["png"], whenEmpty: "pass" },
      ],
    });
    expect(passed).toBe(false);
    expect(results.map((result) => [result.passed, result.fault])).toEqual([
      [false, "NO_ROWS"],
      [false, "NO_ROWS"],
      [false, null],
      [false, "NO_ROWS"],
      [true, null],
    ]);
    await expect(
      runImageSuite(join(folder, "nowhere"), { name: "none", expectations: [{ kind: "imagesDecodable" }] }),
    ).rejects.toMatchObject({ code: "DATA_FILE_MISSING" });
  });

  it("say that levels are not named where splits are asked for", async () => {
    const flat = await mkdtemp(join(folder, "flat-"));
    await writeFile(join(flat, "a.png"), pngBytes(picture(1)));
    const { results } = await runImageSuite(flat, {
      name: "flat",
      expectations: [
        { kind: "noExactDuplicates", across: "splits" },
        { kind: "labelsInSet", labels: ["a"] },
      ],
    });
    expect(results.map(({ fault }) => fault)).toEqual(["NOT_ANSWERABLE", "NOT_ANSWERABLE"]);
  });
});

describe("annotation files in CSV", () => {
  it("are read as they are written, whatever the cells hold", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", " ", "é", "\r\n") });
    const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 6 }), (rows) => {
        const text = rows.map((row) => row.map(quote).join(",")).join("\n");
        expect(parseCsv(text).map(({ cells }) => cells)).toEqual(rows);
      }),
    );
  });
});
