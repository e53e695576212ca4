import { DeepwrightError } from "@deepwright/core";
import type { ArrayVariable, AttributeValue, RawValues } from "../array-file.js";

/** How numbers of a file become values. */
export interface Decoding {
  /** Raw numbers that stand for a missing value. */
  readonly markers: readonly number[];
  readonly scale: number;
  readonly offset: number;
}

/**
 * The decoding that the attributes of a variable say. Source: CF Conventions 1.11, sections 2.5.1 (missing data) and 8.1 (packed data).
 *
 * @param missing markers that the suite names, instead of those of the file
 */
export function decodingOf(
  { attributes, type, fillValue }: ArrayVariable,
  missing: readonly number[] | undefined,
): Decoding {
  const declared = [...numbers(attributes._FillValue), ...numbers(attributes.missing_value)];
  // xarray writes the marker of Zarr 2 as the fill value, whose default is 0, which is a value.
  const usual = declared.length === 0 && fillValue !== null && fillValue !== 0 ? [fillValue] : declared;
  const markers = missing ?? usual;
  const [scale = 1] = numbers(attributes.scale_factor);
  const [offset = 0] = numbers(attributes.add_offset);
  // A marker is written with the precision of the elements.
  const rounded = type === "float32" || type === "float16" ? markers.map(Math.fround) : markers;
  return { markers: [...new Set(rounded)], scale, offset };
}

function numbers(value: AttributeValue | undefined): number[] {
  if (typeof value === "number") return [value];
  if (typeof value === "string") {
    if (value === "NaN" || value === "nan") return [Number.NaN];
    // Zarr's attributes are JSON: xarray writes floats as the Base64 of their eight bytes.
    if (/^[A-Za-z0-9+/]{11}=$/.test(value)) return [Buffer.from(value, "base64").readDoubleLE(0)];
    return [];
  }
  return Array.isArray(value) ? value.flatMap(numbers) : [];
}

/**
 * Decodes raw numbers.
 *
 * @param values gets the values; what is missing is NaN
 * @param missing gets 1 for each missing value, else 0
 * @throws DeepwrightError `ARRAY_VALUE_INEXACT` where a 64-bit integer is no double, so that comparing it would be guessing
 */
export function decode(
  raw: RawValues,
  { markers, scale, offset }: Decoding,
  values: Float64Array,
  missing: Uint8Array,
  name: string,
): void {
  const packed = scale !== 1 || offset !== 0;
  const marksNaN = markers.some(Number.isNaN);
  const marked = new Set(markers);
  const only = marked.size === 1 ? (markers[0] as number) : null;
  for (let index = 0; index < raw.length; index++) {
    const stored = raw[index] as number | bigint;
    const value = typeof stored === "bigint" ? exact(stored, name) : stored;
    const isMissing =
      marked.size > 0 && (value === only || (marksNaN && Number.isNaN(value)) || (only === null && marked.has(value)));
    missing[index] = isMissing ? 1 : 0;
    values[index] = isMissing ? Number.NaN : packed ? value * scale + offset : value;
  }
}

function exact(stored: bigint, name: string): number {
  const value = Number(stored);
  if (BigInt(value) === stored) return value;
  throw new DeepwrightError({
    code: "ARRAY_VALUE_INEXACT",
    expected: `64-bit integers of ${JSON.stringify(name)} that a double holds exactly`,
    got: stored.toString(),
    todo: "Test the variable as a column of a table, which compares such numbers exactly.",
    details: { variable: name },
  });
}
