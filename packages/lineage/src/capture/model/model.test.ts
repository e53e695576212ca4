import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readHdf5 } from "./hdf5.js";
import { readKeras } from "./keras.js";
import { modelFormat } from "./model-files.js";
import { readOnnx } from "./onnx.js";
import { readSafetensors } from "./safetensors.js";
import { isTfjsModel, readTfjs } from "./tfjs.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "deepwright-model-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const floats = (...values: number[]): Buffer => Buffer.from(new Float32Array(values).buffer);
const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex").slice(0, 32);
const kernel = floats(1, 2, 3, 4, 5, 6);
const bias = floats(7, 8);
const expected = [
  { name: "dense/kernel", type: "float32", shape: [3, 2], hash: hashOf(kernel) },
  { name: "dense/bias", type: "float32", shape: [2], hash: hashOf(bias) },
];

function safetensors(header: unknown, data: Uint8Array): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
}

describe("safetensors", () => {
  const header = {
    __metadata__: { format: "pt" },
    "dense/kernel": { dtype: "F32", shape: [3, 2], data_offsets: [0, 24] },
    "dense/bias": { dtype: "F32", shape: [2], data_offsets: [24, 32] },
  };
  it("is read tensor by tensor", () => {
    const path = file("model.safetensors", safetensors(header, Buffer.concat([kernel, bias])));
    expect(readSafetensors(path)).toEqual(expected);
  });

  it("that ends too early, or lies about its length, is refused", () => {
    const whole = safetensors(header, Buffer.concat([kernel, bias]));
    for (const bytes of [
      Buffer.alloc(0),
      whole.subarray(0, 5),
      whole.subarray(0, 40),
      whole.subarray(0, -1),
      Buffer.alloc(64, 0xff),
    ]) {
      expect(() => readSafetensors(file("bad.safetensors", bytes))).toThrow();
    }
  });
});

describe("TF.js", () => {
  const weights = [
    { name: "dense/kernel", dtype: "float32", shape: [3, 2] },
    { name: "dense/bias", dtype: "float32", shape: [2] },
  ];
  const model = (paths: string[], list: unknown[] = weights): string =>
    JSON.stringify({ modelTopology: {}, weightsManifest: [{ paths, weights: list }] });

  it("is read across its shards", () => {
    const bytes = Buffer.concat([kernel, bias]);
    file("shard1.bin", bytes.subarray(0, 10));
    file("shard2.bin", bytes.subarray(10));
    const path = file("model.json", model(["shard1.bin", "shard2.bin"]));
    expect(isTfjsModel(path)).toBe(true);
    expect(readTfjs(path)).toEqual(expected);
  });

  it("is read with quantized and text weights", () => {
    const text = Buffer.from([2, 0, 0, 0, 104, 105, 1, 0, 0, 0, 33]);
    file("shard.bin", Buffer.concat([Buffer.from([1, 2, 3]), text]));
    const list = [
      { name: "q", dtype: "float32", shape: [3], quantization: { dtype: "uint8", scale: 0.1, min: 0 } },
      { name: "words", dtype: "string", shape: [2] },
    ];
    expect(readTfjs(file("model.json", model(["shard.bin"], list)))).toEqual([
      { name: "q", type: "float32", shape: [3], hash: hashOf(Buffer.from([1, 2, 3])) },
      { name: "words", type: "string", shape: [2], hash: hashOf(text) },
    ]);
  });

  it("is told from other files called model.json, and reads nothing outside of its folder", () => {
    for (const text of ["{", "{}", '{"weightsManifest": 1}']) expect(isTfjsModel(file("model.json", text))).toBe(false);
    for (const path of ["../secret", "/etc/hostname", "a/../../secret"]) {
      expect(() => readTfjs(file("model.json", model([path])))).toThrow(/outside/);
    }
    file("short.bin", kernel);
    expect(() => readTfjs(file("model.json", model(["short.bin"])))).toThrow(/end within/);
  });
});

describe("ONNX", () => {
  const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]);
  const bytesField = (number: number, content: Uint8Array | string): Buffer => {
    const body = Buffer.from(content as string);
    return Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(body.length)]), body]);
  };
  const numberField = (number: number, value: number): Buffer => Buffer.from([...varint(number * 8), ...varint(value)]);
  const tensor = (name: string, type: number, shape: number[], ...data: Buffer[]): Buffer =>
    bytesField(
      5,
      Buffer.concat([...shape.map((size) => numberField(1, size)), numberField(2, type), bytesField(8, name), ...data]),
    );
  const model = (...initializers: Buffer[]): Buffer =>
    Buffer.concat([
      numberField(1, 8),
      bytesField(2, "maker"),
      bytesField(7, Buffer.concat([bytesField(2, "graph"), ...initializers])),
    ]);

  it("is read with raw, typed and external data, packed shapes too", () => {
    file("weights.bin", Buffer.concat([Buffer.alloc(16), bias]));
    const entry = (key: string, value: string): Buffer =>
      bytesField(13, Buffer.concat([bytesField(1, key), bytesField(2, value)]));
    const external = [entry("location", "weights.bin"), entry("offset", "16"), entry("length", "8")];
    const packed = bytesField(
      5,
      Buffer.concat([
        bytesField(1, Buffer.from([3, 2])),
        numberField(2, 1),
        bytesField(8, "packed"),
        bytesField(4, kernel),
      ]),
    );
    const path = file(
      "model.onnx",
      model(
        tensor("dense/kernel", 1, [3, 2], bytesField(9, kernel)),
        tensor("dense/bias", 1, [2], ...external),
        packed,
      ),
    );
    expect(readOnnx(path)).toEqual([
      ...expected,
      { name: "packed", type: "float32", shape: [3, 2], hash: hashOf(kernel) },
    ]);
  });

  it("that is torn or points out of its folder is refused", () => {
    const outside = bytesField(13, Buffer.concat([bytesField(1, "location"), bytesField(2, "../../etc/passwd")]));
    expect(() => readOnnx(file("bad.onnx", model(tensor("x", 1, [1], outside))))).toThrow(/outside/);
    const whole = model(tensor("dense/kernel", 1, [3, 2], bytesField(9, kernel)));
    expect(() => readOnnx(file("bad.onnx", whole.subarray(0, -1)))).toThrow(RangeError);
  });
});

/** HDF5 as h5py writes it by default: superblock 0, symbol tables, version 1 headers, contiguous data. */
function hdf5(datasets: Readonly<Record<string, { readonly shape: number[]; readonly data: Buffer }>>): Buffer {
  const parts: Buffer[] = [];
  let size = 0;
  const put = (bytes: Buffer): number => {
    const at = size;
    const padded = Buffer.alloc(Math.ceil(bytes.length / 8) * 8);
    bytes.copy(padded);
    parts.push(padded);
    size += padded.length;
    return at;
  };
  const u16 = (value: number): Buffer => Buffer.from([value & 255, value >> 8]);
  const u32 = (value: number): Buffer => Buffer.from(new Uint32Array([value]).buffer);
  const u64 = (value: number): Buffer => Buffer.from(new BigUint64Array([BigInt(value)]).buffer);
  const message = (type: number, body: Buffer): Buffer => {
    const padded = Buffer.alloc(Math.ceil(body.length / 8) * 8);
    body.copy(padded);
    return Buffer.concat([u16(type), u16(padded.length), Buffer.alloc(4), padded]);
  };
  const header = (...messages: Buffer[]): Buffer => {
    const body = Buffer.concat(messages);
    return Buffer.concat([Buffer.from([1, 0]), u16(messages.length), u32(1), u32(body.length), Buffer.alloc(4), body]);
  };
  const group = (entries: Readonly<Record<string, number>>): number => {
    const names = Object.keys(entries).sort();
    const offsets: number[] = [];
    let heapData = Buffer.alloc(8);
    for (const name of names) {
      offsets.push(heapData.length);
      const padded = Buffer.alloc(Math.ceil((Buffer.byteLength(name) + 1) / 8) * 8);
      padded.write(name);
      heapData = Buffer.concat([heapData, padded]);
    }
    const dataAt = put(heapData);
    const heapAt = put(
      Buffer.concat([Buffer.from("HEAP"), Buffer.alloc(4), u64(heapData.length), u64(heapData.length), u64(dataAt)]),
    );
    const symbols = names.map((name, index) =>
      Buffer.concat([u64(offsets[index] as number), u64(entries[name] as number), Buffer.alloc(24)]),
    );
    const nodeAt = put(Buffer.concat([Buffer.from("SNOD"), Buffer.from([1, 0]), u16(names.length), ...symbols]));
    const unset = Buffer.alloc(16, 0xff);
    const treeAt = put(
      Buffer.concat([Buffer.from("TREE"), Buffer.from([0, 0]), u16(1), unset, u64(0), u64(nodeAt), u64(8)]),
    );
    return put(header(message(17, Buffer.concat([u64(treeAt), u64(heapAt)]))));
  };
  put(Buffer.alloc(96));
  const folders: Record<string, Record<string, number>> = {};
  for (const [path, { shape, data }] of Object.entries(datasets)) {
    const at = put(data);
    const space = Buffer.concat([Buffer.from([1, shape.length, 0, 0, 0, 0, 0, 0]), ...shape.map(u64)]);
    const type = Buffer.concat([Buffer.from([0x11, 0x20, 31, 0]), u32(4), Buffer.alloc(12)]);
    const layout = Buffer.concat([Buffer.from([3, 1]), u64(at), u64(data.length)]);
    const [parent = "", name = ""] = path.split("/");
    folders[parent] = {
      ...folders[parent],
      [name]: put(header(message(1, space), message(3, type), message(8, layout))),
    };
  }
  const root = group(Object.fromEntries(Object.entries(folders).map(([name, entries]) => [name, group(entries)])));
  const bytes = Buffer.concat(parts);
  Buffer.from([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0, 0, 8, 8, 0]).copy(bytes);
  bytes.writeBigUInt64LE(BigInt(root), 24 + 32 + 8);
  return bytes;
}

const weightsFile = (): Buffer =>
  hdf5({ "dense/kernel": { shape: [3, 2], data: kernel }, "dense/bias": { shape: [2], data: bias } });
const byName = (tensors: readonly { readonly name: string }[]) =>
  [...tensors].sort((a, b) => (a.name < b.name ? 1 : -1));

describe("Keras", () => {
  it("weights in HDF5 are read by their groups", () => {
    expect(byName(readHdf5(weightsFile()))).toEqual(expected);
  });

  it("archives are read, stored and deflated", () => {
    for (const method of [0, 8]) {
      const config = Buffer.from('{"class_name": "Sequential"}');
      const path = file("model.keras", zip({ "config.json": config, "model.weights.h5": weightsFile() }, method));
      const model = readKeras(path);
      expect(byName(model.tensors)).toEqual(expected);
      expect(model.config).toBe(hashOf(config));
    }
  });

  it("files that are damaged end in an error, never in a loop or garbage", () => {
    const whole = weightsFile();
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), fc.boolean(), (at, value, cut) => {
        const bytes = cut ? whole.subarray(0, at) : Buffer.from(whole);
        if (!cut) bytes[at] = value;
        try {
          for (const tensor of readHdf5(bytes)) expect(tensor.hash).toMatch(/^[0-9a-f]{32}$/);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
      { numRuns: 500 },
    );
    for (const bytes of [Buffer.alloc(0), Buffer.from("PK\x05\x06"), Buffer.alloc(100)]) {
      expect(() => readKeras(file("bad.keras", bytes))).toThrow();
    }
  });

  function zip(entries: Readonly<Record<string, Buffer>>, method: number): Buffer {
    const locals: Buffer[] = [];
    const directory: Buffer[] = [];
    let offset = 0;
    for (const [name, content] of Object.entries(entries)) {
      const packed = method === 8 ? deflateRawSync(content) : content;
      const local = Buffer.alloc(30);
      local.writeUInt32LE(0x04034b50);
      local.writeUInt16LE(method, 8);
      local.writeUInt32LE(crc32(content), 14);
      local.writeUInt32LE(packed.length, 18);
      local.writeUInt32LE(content.length, 22);
      local.writeUInt16LE(name.length, 26);
      const central = Buffer.alloc(46);
      central.writeUInt32LE(0x02014b50);
      local.copy(central, 10, 8, 28);
      central.writeUInt16LE(name.length, 28);
      central.writeUInt32LE(offset, 42);
      locals.push(local, Buffer.from(name), packed);
      directory.push(central, Buffer.from(name));
      offset += 30 + name.length + packed.length;
    }
    const list = Buffer.concat(directory);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50);
    end.writeUInt16LE(Object.keys(entries).length, 10);
    end.writeUInt32LE(list.length, 12);
    end.writeUInt32LE(offset, 16);
    return Buffer.concat([...locals, list, end]);
  }
});

it("knows model files by their names", () => {
  expect(modelFormat("/a/model.json")).toBe("tfjs");
  expect(modelFormat("/a/W.SAFETENSORS")).toBe("safetensors");
  expect(modelFormat("/a/model.csv")).toBeNull();
});
