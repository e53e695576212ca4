import { stat } from "node:fs/promises";
import { isDeepwrightError } from "@deepwright/core";
import type { Attribute, Dataset, File as Hdf5File, Metadata } from "h5wasm/node";
import {
  type ArrayType,
  type ArrayVariable,
  type AttributeValue,
  elementCount,
  itemSizes,
  plainDimensions,
  type RawValues,
} from "../array-file.js";
import { arrayFileInvalid, arrayTooLarge, arrayUnsupported, loadReader } from "../errors.js";

/** Classes of HDF5 types, as H5Tpublic.h numbers them. */
const typeClass = { integer: 0, float: 1, enumeration: 8 } as const;

/**
 * The datasets of an HDF5 file, and so of a NetCDF-4 file, read by slices. Links to other files are not followed.
 *
 * @param limit bytes of one chunk
 * @throws DeepwrightError `ARRAY_FILE_INVALID`, `PACKAGE_NOT_INSTALLED`
 */
export async function openHdf5(
  path: string,
  limit: number,
): Promise<{ readonly variables: readonly ArrayVariable[]; close(): Promise<void> }> {
  const hdf5 = await loadReader("h5wasm", () => import("h5wasm/node"));
  // Errors of the library are thrown, not printed.
  (await hdf5.ready).activate_throwing_error_handler();
  const { size } = await stat(path);
  const file = attempt(path, `an HDF5 file of ${size} bytes`, () => new hdf5.File(path, "r"));
  // The library gives a file that it could not open the number 0.
  if (file.file_id <= 0n) throw arrayFileInvalid(path, "an HDF5 file", "a damaged one, or one that was cut");
  try {
    const datasets = attempt(path, "groups and datasets", () => datasetsOf(hdf5, file));
    const pathsByName = new Map(datasets.map((dataset) => [dataset.path, dataset]));
    const variables = datasets.map((dataset) =>
      attempt(path, `the dataset ${dataset.path}`, () => variableOf(path, dataset, pathsByName, limit)),
    );
    return {
      variables: variables.filter((variable) => variable !== null),
      close: async () => {
        file.close();
      },
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

function attempt<Result>(path: string, expected: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (isDeepwrightError(cause)) throw cause;
    throw arrayFileInvalid(
      path,
      expected,
      cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause),
      cause,
    );
  }
}

/** Each dataset once, whatever hard links lead to its group. */
function datasetsOf(hdf5: typeof import("h5wasm/node"), file: Hdf5File): Dataset[] {
  const found: Dataset[] = [];
  const depthOf = (path: string): number => path.split("/").length;
  for (const path of file.paths()) {
    if (depthOf(path) > 64) throw new Error("groups lie more than 64 deep");
    const entity = file.get(path);
    if (entity instanceof hdf5.Dataset) found.push(entity);
  }
  return found;
}

function variableOf(
  path: string,
  dataset: Dataset,
  all: ReadonlyMap<string, Dataset>,
  limit: number,
): ArrayVariable | null {
  const { metadata } = dataset;
  const shape = (metadata.shape ?? []).map(Number);
  const type = typeOf(metadata);
  const name = dataset.path.replace(/^\//, "");
  const attributes = attributesOf(dataset);
  // NetCDF-4 keeps a dimension without coordinates as a dataset that says so.
  const scaleName = attributes.NAME;
  if (typeof scaleName === "string" && scaleName.startsWith("This is a netCDF dimension but not a netCDF variable"))
    return null;
  const chunkShape = metadata.chunks === null ? null : metadata.chunks.map(Number);
  const itemSize = type === "other" ? metadata.size : itemSizes[type];
  const chunkBytes = chunkShape === null ? 0 : elementCount(chunkShape) * itemSize;
  return {
    name,
    shape,
    dimensions: dimensionsOf(dataset, shape.length, attributes, all),
    type,
    itemSize,
    attributes,
    chunkShape,
    fillValue: null,
    async read(region) {
      if (type === "other")
        throw arrayUnsupported(path, `elements of the type of ${name}`, "Name a dataset of numbers.");
      if (chunkBytes > limit) throw arrayTooLarge(path, `one chunk of ${name}`, chunkBytes, limit);
      const count = elementCount(region.shape);
      const ranges = region.origin.map((origin, dimension): [number, number] => [
        origin,
        origin + (region.shape[dimension] as number),
      ]);
      const values =
        count === 0
          ? new Float64Array(0)
          : attempt(path, `elements of ${name} at ${region.origin.join(", ")}`, () =>
              shape.length === 0 ? dataset.value : dataset.slice(ranges),
            );
      return { values: numbersOf(values, path, name, count), absentChunks: [] };
    },
  };
}

function numbersOf(values: unknown, path: string, name: string, count: number): RawValues {
  if (typeof values === "number") return Float64Array.of(values);
  if (typeof values === "bigint") return BigInt64Array.of(values);
  if (Array.isArray(values) && typeof values[0] === "boolean") return Uint8Array.from(values as boolean[], Number);
  if (!ArrayBuffer.isView(values) || (values as RawValues).length !== count) {
    throw arrayFileInvalid(path, `${count} numbers of ${name}`, "something else");
  }
  return values as RawValues;
}

function typeOf({ type, size, signed, enum_type }: Metadata): ArrayType {
  if (type === typeClass.float)
    return size === 8 ? "float64" : size === 4 ? "float32" : size === 2 ? "float16" : "other";
  // Booleans of h5py and NetCDF are an enumeration of one byte.
  if (type === typeClass.enumeration && enum_type !== undefined) {
    const names = Object.keys(enum_type.members).sort().join();
    if (names === "FALSE,TRUE" && size === 1) return "bool";
  }
  if (type !== typeClass.integer) return "other";
  const wide = { 1: "8", 2: "16", 4: "32", 8: "64" }[size];
  return wide === undefined ? "other" : (`${signed ? "" : "u"}int${wide}` as ArrayType);
}

const hiddenAttributes = new Set(["DIMENSION_LIST", "REFERENCE_LIST", "_Netcdf4Coordinates", "_Netcdf4Dimid"]);

function attributesOf(dataset: Dataset): Record<string, AttributeValue> {
  const found: Record<string, AttributeValue> = {};
  for (const [name, attribute] of Object.entries(dataset.attrs)) {
    if (!hiddenAttributes.has(name)) found[name] = attributeValue(attribute);
  }
  return found;
}

function attributeValue(attribute: Attribute): AttributeValue {
  const plain = (value: unknown): AttributeValue => {
    if (typeof value === "bigint") return Number(value);
    if (typeof value === "string") return value.replace(/\0+$/, "");
    if (typeof value === "number" || typeof value === "boolean") return value;
    if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number | bigint>, Number);
    return Array.isArray(value) ? value.map(plain) : null;
  };
  const value = plain(attribute.value);
  return Array.isArray(value) && value.length === 1 ? (value[0] as AttributeValue) : value;
}

/** By dimension scales, as NetCDF-4 writes them; else by labels; a scale is its own dimension. */
function dimensionsOf(
  dataset: Dataset,
  rank: number,
  attributes: Readonly<Record<string, AttributeValue>>,
  all: ReadonlyMap<string, Dataset>,
): string[] {
  const plain = plainDimensions(rank);
  const last = (path: string): string => path.split("/").pop() ?? path;
  if (rank === 1 && attributes.CLASS === "DIMENSION_SCALE") return [last(dataset.path)];
  const labels = dataset.get_dimension_labels();
  return plain.map((name, index) => {
    const scale = dataset.get_attached_scales(index)[0];
    if (scale !== undefined) return last(all.get(scale)?.path ?? scale);
    const label = labels[index];
    return typeof label === "string" && label !== "" ? label : name;
  });
}
