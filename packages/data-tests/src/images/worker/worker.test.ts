import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scanImages as scanBuilt } from "@deepwright/data-tests";
import { afterAll, describe, expect, it } from "vitest";
import { scanImages } from "../scan-images.js";
import { jpegBytes, picture, pngBytes } from "../write-images.test.support.js";

const folder = await mkdtemp(join(tmpdir(), "deepwright-image-threads-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("threads that read images", () => {
  it("find what the caller's own thread finds, in the same order", { timeout: 60_000 }, async () => {
    for (let index = 0; index < 20; index++) {
      const bytes = index % 2 === 0 ? jpegBytes(picture(index)) : pngBytes(picture(index));
      await writeFile(
        join(folder, `${index}.${index % 2 === 0 ? "jpg" : "png"}`),
        index % 7 === 3 ? bytes.subarray(0, 400) : bytes,
      );
    }
    const here = await scanImages(folder, { workers: 0 });
    expect(here.images).toHaveLength(20);
    // Threads run the built package.
    expect(await scanBuilt(folder, { workers: 3 })).toEqual(here);
  });

  it("end when the signal fires", { timeout: 60_000 }, async () => {
    await expect(scanBuilt(folder, { workers: 2, signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow(
      "enough",
    );
  });
});
