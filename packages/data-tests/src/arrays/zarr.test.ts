import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { openArrayFile } from "./open-array-file.js";
import { runArraySuite } from "./run-array-suite.js";
import type { ArrayExpectation } from "./suite.js";
import { weather } from "./weather.test.support.js";
import { writeZarr } from "./write-arrays.test.support.js";

const folder = await mkdtemp(join(tmpdir(), "deepwright-zarr-"));
afterAll(() => rm(folder, { recursive: true, force: true }));
let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** Serves a folder; `failing` keys answer with an error of the server. */
async function serve(root: string, failing: readonly string[] = []): Promise<string> {
  server = createServer((request, response) => {
    const key = new URL(request.url ?? "/", "http://localhost").pathname;
    if (failing.includes(key)) {
      response.writeHead(500).end();
      return;
    }
    readFile(join(root, key)).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  const listening = server;
  await new Promise<void>((resolve) => {
    listening.listen(0, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

/** Zarr version 2 as xarray writes it, without compression. @param without chunks that are not written */
async function writeVersion2(path: string, without: readonly string[] = []): Promise<string> {
  const attributes = { _ARRAY_DIMENSIONS: ["time", "x"], units: "K", _FillValue: -1 };
  const metadata = {
    zarr_format: 2,
    shape: [4, 6],
    chunks: [2, 3],
    dtype: "<f4",
    compressor: null,
    fill_value: -1,
    order: "C",
    filters: null,
  };
  const group = { zarr_format: 2 };
  await mkdir(join(path, "t2m"), { recursive: true });
  const put = (name: string, value: object) => writeFile(join(path, name), JSON.stringify(value));
  await put(".zgroup", group);
  await put("t2m/.zarray", metadata);
  await put("t2m/.zattrs", attributes);
  const all = { ".zgroup": group, "t2m/.zarray": metadata, "t2m/.zattrs": attributes };
  await put(".zmetadata", { zarr_consolidated_format: 1, metadata: all });
  for (let row = 0; row < 2; row++) {
    for (let column = 0; column < 2; column++) {
      const key = `${row}.${column}`;
      if (without.includes(key)) continue;
      const chunk = Float32Array.from({ length: 6 }, (_, at) => {
        const [time, x] = [2 * row + Math.floor(at / 3), 3 * column + (at % 3)];
        return 280 + time + x / 10;
      });
      await writeFile(join(path, "t2m", key), Buffer.from(chunk.buffer));
    }
  }
  return path;
}

const expectations: readonly ArrayExpectation[] = [
  { kind: "shapeEquals", shape: [4, 6] },
  { kind: "dimensionsEqual", dimensions: ["time", "x"] },
  { kind: "unitsEqual", units: "K" },
  { kind: "missingMarkerEquals", value: -1 },
  { kind: "chunksPresent" },
  { kind: "missingShareAtMost", share: 0 },
  { kind: "minimumBetween", min: 280, max: 280 },
  { kind: "maximumBetween", min: 283.4, max: 283.6 },
];

async function failing(path: string, checks = expectations) {
  const file = await openArrayFile(path);
  const { results } = await runArraySuite({ file, variable: "t2m" }, { name: "zarr", expectations: checks });
  await file.close();
  return results.filter(({ passed }) => !passed).map(({ id, failing: count }) => [id, count]);
}

describe("Zarr", () => {
  it("is read in version 2, from a folder and over http, alike", async () => {
    const path = await writeVersion2(join(folder, "two.zarr"));
    expect(await failing(path)).toEqual([]);
    expect(await failing(await serve(path))).toEqual([]);
  });

  it("tells chunks that are lost, from a folder and over http, alike", async () => {
    const path = await writeVersion2(join(folder, "lost.zarr"), ["1.0"]);
    const lost = [
      ["chunksPresent", 1],
      ["missingShareAtMost", null],
    ];
    expect(await failing(path)).toEqual(lost);
    expect(await failing(await serve(path))).toEqual(lost);
  });

  it("is read in version 3 over http, by names where nothing lists them", async () => {
    const path = await writeZarr(join(folder, "three.zarr"), weather());
    const address = await serve(path);
    await expect(openArrayFile(address)).rejects.toMatchObject({ code: "ARRAY_FILE_INVALID" });
    const file = await openArrayFile(address, { variables: ["t2m", "time", "latitude", "longitude"] });
    const checks: ArrayExpectation[] = [
      { kind: "timeGapsAtMost", gap: "1h" },
      { kind: "valuesFinite", nulls: "ignore" },
    ];
    expect((await runArraySuite(file, { name: "http", expectations: checks })).passed).toBe(true);
  });

  it("has no verdict where the server fails or is away", async () => {
    const path = await writeVersion2(join(folder, "away.zarr"));
    const address = await serve(path, ["/t2m/1.1"]);
    await expect(failing(address)).rejects.toMatchObject({ code: "DATA_FILE_MISSING" });
    server?.closeAllConnections();
    server?.close();
    await expect(openArrayFile(address)).rejects.toMatchObject({ code: "DATA_FILE_MISSING" });
  });
});
