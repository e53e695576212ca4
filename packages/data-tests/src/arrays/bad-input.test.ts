import { chmod, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { openArrayFile } from "./open-array-file.js";
import { runArraySuite } from "./run-array-suite.js";
import type { ArrayExpectation } from "./suite.js";
import { weather } from "./weather.test.support.js";
import {
  netcdf3Bytes,
  npyBytes,
  type TestArrays,
  writeHdf5,
  writeNetcdf3,
  writeTiff,
  writeZarr,
} from "./write-arrays.test.support.js";

const folder = await mkdtemp(join(tmpdir(), "deepwright-array-input-"));
afterAll(() => rm(folder, { recursive: true, force: true }));
let files = 0;
const fresh = (ending: string): string => join(folder, `file-${++files}${ending}`);

async function put(ending: string, bytes: Uint8Array): Promise<string> {
  const path = fresh(ending);
  await writeFile(path, bytes);
  return path;
}

async function run(
  path: string,
  expectations: readonly ArrayExpectation[] = [{ kind: "valuesFinite" }],
  variable = "t2m",
) {
  const file = await openArrayFile(path, { chunkLimit: 2 ** 20 });
  try {
    return await runArraySuite({ file, variable }, { name: "bad", expectations });
  } finally {
    await file.close();
  }
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "no error",
    (error: { readonly code?: string }) => error.code ?? String(error),
  );

const small: TestArrays = {
  x: { dimensions: ["i", "j"], shape: [4, 6], data: Float32Array.from({ length: 24 }, (_, i) => i), attributes: {} },
};
const smallOne = small.x as TestArrays[string];

function zip(members: readonly { name: string; bytes: Buffer; declared?: number; compress?: boolean }[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, bytes, declared, compress = true } of members) {
    const body = compress ? deflateRawSync(bytes) : bytes;
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(compress ? 8 : 0, 4);
    fields.writeUInt32LE(body.length, 14);
    fields.writeUInt32LE(declared ?? bytes.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), fields, Buffer.from(name), body]);
    const entry = Buffer.concat([
      Buffer.from("PK\x01\x02"),
      Buffer.from([20, 0]),
      fields,
      Buffer.alloc(14),
      Buffer.from(name),
    ]);
    entry.writeUInt32LE(at, 42);
    directory.push(entry);
    parts.push(local);
    at += local.length;
  }
  const all = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(all.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, all, end]);
}

describe("formats", () => {
  it("read .npy in C and Fortran order, and .npz stored and compressed, alike", async () => {
    const columns = new Float32Array(24).map((_, place) => (place % 4) * 6 + Math.floor(place / 4));
    const paths = [
      await put(".npy", npyBytes(smallOne)),
      await put(".npz", zip([{ name: "x.npy", bytes: npyBytes(smallOne) }])),
      await put(".npz", zip([{ name: "x.npy", bytes: npyBytes(smallOne), compress: false }])),
      await put(".npy", npyBytes({ shape: [4, 6], data: columns }, { fortranOrder: true })),
    ];
    const rows = [];
    for (const path of paths) {
      const file = await openArrayFile(path);
      const { results } = await runArraySuite(file, {
        name: "npy",
        expectations: [{ kind: "valuesBetween", max: 22 }],
      });
      rows.push(results[0]?.sample);
      await file.close();
    }
    expect(rows).toEqual(rows.map(() => [{ dim_0: 3, dim_1: 5, value: 23 }]));
  });

  it("read half floats, big-endian numbers and booleans of .npy", async () => {
    const read = async (code: string, body: Buffer) => {
      const bytes = npyBytes({ shape: [3], data: new Uint8Array(3) });
      const head = Buffer.from(
        bytes
          .subarray(0, bytes.length - 3)
          .toString("latin1")
          .replace("'|u1'", `'${code}'`),
        "latin1",
      );
      const file = await openArrayFile(await put(".npy", Buffer.concat([head, body])));
      const found = await [...file.variables.values()][0]?.read({ origin: [0], shape: [3] });
      await file.close();
      return [...(found?.values ?? [])];
    };
    expect(await read("<f2", Buffer.from([0x00, 0x3e, 0x00, 0xfc, 0x01, 0x00]))).toEqual([
      1.5,
      Number.NEGATIVE_INFINITY,
      2 ** -24,
    ]);
    expect(await read(">i2", Buffer.from([0x01, 0x02, 0xff, 0xff, 0x00, 0x00]))).toEqual([258, -1, 0]);
    expect(await read("|b1", Buffer.from([1, 0, 1]))).toEqual([1, 0, 1]);
  });

  it("read records of NetCDF that are padded, and CDF-5", async () => {
    const bytes: TestArrays = {
      flag: {
        dimensions: ["time", "i"],
        shape: [3, 5],
        data: Uint8Array.from({ length: 15 }, (_, i) => i),
        attributes: {},
      },
      x: { dimensions: ["time"], shape: [3], data: Float64Array.of(1, 2, 3), attributes: {} },
    };
    for (const record of ["time", undefined]) {
      const file = await openArrayFile(await put(".nc", netcdf3Bytes(bytes, record)));
      const flag = await file.variables.get("flag")?.read({ origin: [1, 1], shape: [2, 3] });
      expect([...(flag?.values ?? [])]).toEqual([6, 7, 8, 11, 12, 13]);
      await file.close();
    }
  });
});

describe("bad input", () => {
  it("files that end too early", async () => {
    const codes: Record<string, string> = {};
    for (const cut of [0.02, 0.5, 0.99]) {
      const netcdf = await writeNetcdf3(fresh(".nc"), weather());
      const whole = netcdf3Bytes(weather()).length;
      await truncate(netcdf, Math.floor(cut * whole));
      codes[`netcdf ${cut}`] = await codeOf(run(netcdf));
    }
    const tiff = await writeTiff(fresh(".tif"), { shape: [20, 30], data: new Float32Array(600).fill(7) });
    await truncate(tiff, 2000);
    codes.tiff = await codeOf(run(tiff));
    codes.npy = await codeOf(run(await put(".npy", npyBytes(smallOne).subarray(0, 180))));
    const hdf5 = await writeHdf5(fresh(".h5"), weather());
    await truncate(hdf5, 6000);
    codes.hdf5 = await codeOf(run(hdf5));
    const archive = zip([{ name: "x.npy", bytes: npyBytes(smallOne) }]);
    codes.npz = await codeOf(run(await put(".npz", archive.subarray(0, archive.length - 30))));
    expect(codes).toEqual(Object.fromEntries(Object.keys(codes).map((name) => [name, "ARRAY_FILE_INVALID"])));
  });

  it("a chunk that is cut or damaged", async () => {
    const path = await writeZarr(fresh(".zarr"), weather());
    await truncate(join(path, "t2m/c/1/0/0"), 20);
    expect(await codeOf(run(path))).toBe("ARRAY_FILE_INVALID");
  });

  it("other bytes than the name says, an empty file, a folder that is no Zarr, no file at all", async () => {
    expect(await codeOf(run(await put(".nc", Buffer.from("id,price\n1,2\n"))))).toBe("ARRAY_FORMAT_UNSUPPORTED");
    expect(await codeOf(run(await put(".npy", Buffer.alloc(0))))).toBe("ARRAY_FORMAT_UNSUPPORTED");
    expect(await codeOf(run(await put(".h5", Buffer.from("\x89HDF\r\n\x1a\nand then nothing", "latin1"))))).toBe(
      "ARRAY_FILE_INVALID",
    );
    await mkdir(join(folder, "plain"), { recursive: true });
    expect(await codeOf(run(join(folder, "plain")))).toBe("ARRAY_FILE_INVALID");
    expect(await codeOf(run(join(folder, "nowhere.nc")))).toBe("DATA_FILE_MISSING");
    expect(await codeOf(run("ftp://example.org/x.nc"))).toBe("ARRAY_FORMAT_UNSUPPORTED");
    await writeFile(join(folder, "plain", "zarr.json"), "{ no json");
    expect(await codeOf(run(join(folder, "plain")))).toBe("ARRAY_FILE_INVALID");
  });

  it("shapes that are larger than the file or the memory", async () => {
    const huge = npyBytes(smallOne, { declaredShape: [1_000_000, 1_000_000] });
    expect(await codeOf(run(await put(".npy", huge)))).toBe("ARRAY_FILE_INVALID");
    const bomb = zip([{ name: "x.npy", bytes: npyBytes(smallOne), declared: 3_000_000_000 }]);
    expect(await codeOf(run(await put(".npz", bomb)))).toBe("ARRAY_TOO_LARGE");
    // A member that unpacks to more than it says.
    const sly = zip([{ name: "x.npy", bytes: Buffer.alloc(50_000_000), declared: 1000 }]);
    expect(await codeOf(run(await put(".npz", sly)))).toBe("ARRAY_FILE_INVALID");
    const zarr = fresh(".zarr");
    const metadata = {
      zarr_format: 3,
      node_type: "array",
      shape: [1_000_000, 1_000_000],
      data_type: "float64",
      chunk_grid: { name: "regular", configuration: { chunk_shape: [1_000_000, 1_000_000] } },
      chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
      fill_value: 0,
      codecs: [{ name: "bytes", configuration: { endian: "little" } }],
      attributes: {},
    };
    await mkdir(zarr);
    await writeFile(join(zarr, "zarr.json"), JSON.stringify(metadata));
    const file = await openArrayFile(zarr);
    expect(await codeOf(runArraySuite(file, { name: "bomb", expectations: [{ kind: "valuesFinite" }] }))).toBe(
      "ARRAY_TOO_LARGE",
    );
  });

  it("names and links that lead out of the folder", async () => {
    const climbing = zip([{ name: "../../evil.npy", bytes: npyBytes(smallOne) }]);
    expect(await codeOf(run(await put(".npz", climbing)))).toBe("ARRAY_FILE_INVALID");
    const zarr = await writeZarr(fresh(".zarr"), weather());
    await rm(join(zarr, "t2m/c/0/0/0"));
    await symlink("/dev/zero", join(zarr, "t2m/c/0/0/0"));
    expect(await codeOf(run(zarr))).toBe("ARRAY_FILE_INVALID");
    // A link in a circle is no group, and is not entered.
    const circle = await writeZarr(fresh(".zarr"), weather());
    await symlink(circle, join(circle, "again"));
    expect((await run(circle, [{ kind: "unitsEqual", units: "K" }])).passed).toBe(true);
  });

  it.skipIf(process.getuid?.() === 0)("a file that may not be read (skipped as root: root may read all)", async () => {
    const path = await writeNetcdf3(fresh(".nc"), weather());
    await chmod(path, 0);
    expect(await codeOf(run(path))).toBe("DATA_FILE_MISSING");
  });

  it("64-bit integers that no double holds are refused, not rounded", async () => {
    const header = npyBytes({ shape: [1], data: Float64Array.of(0) })
      .toString("latin1")
      .replace("<f8", "<i8");
    const bytes = Buffer.from(header, "latin1");
    bytes.writeBigInt64LE(2n ** 53n + 1n, bytes.length - 8);
    const path = await put(".npy", bytes);
    const file = await openArrayFile(path);
    expect(await codeOf(runArraySuite(file, { name: "wide", expectations: [{ kind: "valuesFinite" }] }))).toBe(
      "ARRAY_VALUE_INEXACT",
    );
    await file.close();
  });

  it("nothing to look at never passes silently", async () => {
    const checks: ArrayExpectation[] = [
      { kind: "valuesFinite" },
      { kind: "meanBetween", min: 0 },
      { kind: "notFrozen" },
      { kind: "slicesUnique" },
      { kind: "jumpsAtMost", max: 1 },
      { kind: "missingShareAtMost", share: 1 },
    ];
    const path = await put(".npy", npyBytes({ shape: [0, 5], data: new Float32Array(0) }));
    const { results } = await run(path, checks, basename(path, ".npy"));
    expect(results.map(({ passed, fault }) => [passed, fault])).toEqual(checks.map(() => [false, "NO_ROWS"]));
    const missing = weather((arrays) => void arrays.t2m?.data.fill(-9999));
    const nulls: ArrayExpectation[] = [
      { kind: "valuesFinite" },
      { kind: "valuesFinite", nulls: "ignore" },
      { kind: "valuesBetween", min: 0, nulls: "ignore", whenEmpty: "pass" },
      { kind: "meanBetween", min: 0 },
      { kind: "notFrozen" },
      { kind: "jumpsAtMost", max: 1 },
      { kind: "slicesVary" },
      { kind: "slicesUnique" },
      { kind: "valuesFinite", region: { latitude: [80, 90] } },
    ];
    const onMissing = await run(await writeNetcdf3(fresh(".nc"), missing), nulls);
    expect(onMissing.results.map(({ passed }) => passed)).toEqual([
      false,
      false,
      true,
      false,
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it("questions that the arrays don't answer fail with their reason", async () => {
    const { results } = await run(await writeNetcdf3(fresh(".nc"), weather()), [
      { kind: "valuesFinite", variable: "humidity" },
      { kind: "notFrozen", along: "height" },
      { kind: "chunksPresent" },
      { kind: "crsEquals", crs: "EPSG:4326" },
      { kind: "timeGapsAtMost", dimension: "latitude", gap: "1h" },
      { kind: "alignedWith", other: "nothing" },
    ]);
    expect(results.map(({ fault }) => fault)).toEqual([
      "VARIABLE_MISSING",
      "VARIABLE_MISSING",
      "NOT_ANSWERABLE",
      "NOT_ANSWERABLE",
      "NOT_ANSWERABLE",
      "VARIABLE_MISSING",
    ]);
    expect(results.every(({ passed }) => !passed)).toBe(true);
  });
});
