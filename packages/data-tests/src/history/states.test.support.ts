import { createHash } from "node:crypto";
import fc from "fast-check";
import type { ColumnTypes, TableRow } from "../conformance/write-table.test.support.js";
import type { Binning, ColumnState } from "./state.js";

export const columnTypes: ColumnTypes = {
  x: "DOUBLE PRECISION",
  i: "INTEGER",
  s: "VARCHAR",
  b: "BOOLEAN",
  d: "DATE",
  t: "TIMESTAMP",
};

const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null, freq: 6 });
const day = fc.integer({ min: 0, max: 400 }).map((days) => new Date(Date.UTC(2026, 0, 1 + days)).toISOString());

const tableRow: fc.Arbitrary<TableRow> = fc.record({
  x: orNull(
    fc.oneof(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.constantFrom(0, 5, Number.NaN, Number.POSITIVE_INFINITY, 1e200, -1e-200),
    ),
  ),
  i: orNull(fc.integer({ min: -50, max: 50 })),
  s: orNull(fc.oneof(fc.constantFrom("", "none", "__proto__", "é", "'"), fc.stringMatching(/^[a-f]{0,3}$/))),
  b: orNull(fc.boolean()),
  d: orNull(day.map((iso) => iso.slice(0, 10))),
  t: orNull(day.map((iso) => `${iso.slice(0, 10)} 13:45:10`)),
});
export const tableRows = fc.array(tableRow, { maxLength: 40 });

/** What stands for a value as a number; `null` where there is none. */
function numberOf(value: unknown, column: string): number | null {
  if (value === null) return null;
  if (column === "s") return [...String(value)].length;
  if (column === "b") return value === true ? 1 : 0;
  if (column === "d") return Date.parse(`${value}T00:00:00Z`) / 1000;
  if (column === "t") return Date.parse(`${String(value).replace(" ", "T")}Z`) / 1000;
  return Number.isFinite(value) && Math.abs(value as number) <= 1e150 ? (value as number) : null;
}

/** The same state by plain TypeScript, without the bins and with values and hashes as a set would have them. */
export function naiveColumn(rows: readonly TableRow[], column: string) {
  const cells = rows.map((row) => row[column] ?? null);
  const present = cells.filter((cell) => cell !== null);
  const numbers = present.flatMap((cell) => numberOf(cell, column) ?? []);
  const mean = numbers.length === 0 ? 0 : numbers.reduce((sum, each) => sum + each / numbers.length, 0);
  const values = new Map<string, number>();
  for (const cell of present) values.set(String(cell), (values.get(String(cell)) ?? 0) + 1);
  return {
    rowCount: rows.length,
    nullCount: cells.length - present.length,
    nonFiniteCount: present.length - numbers.length,
    numbers,
    mean,
    squares: numbers.reduce((sum, each) => sum + (each - mean) ** 2, 0),
    values: Object.fromEntries(values),
    hashKeys: [...values.keys()].map(hashKey),
  };
}

/** What SQL makes of a value for the sketch. */
export function hashKey(value: string): string {
  const hash = createHash("md5").update(value).digest("hex");
  const rest = hash.slice(3, 16);
  return hash.slice(0, 3) + rest.slice(0, rest.length - rest.replace(/^0+/, "").length + 1);
}

/** How many numbers each bin holds by plain TypeScript; numbers on the edge of two bins are `null`. */
export function naiveBin(value: number, { origin, floor, error }: Binning): number | null {
  const distance = Math.abs(value - origin);
  if (distance <= floor) return 0;
  const power = Math.log(distance / floor) / Math.log((1 + error) / (1 - error));
  if (Math.abs(power - Math.round(power)) < 1e-7) return null;
  return Math.sign(value - origin) * Math.ceil(power);
}

/** Equal but for the last digits of sums of doubles. */
export function sameColumns(
  left: Readonly<Record<string, ColumnState>>,
  right: Readonly<Record<string, ColumnState>>,
): unknown[] {
  const rounded = (state: ColumnState | undefined) =>
    state && {
      ...state,
      numbers: state.numbers && { ...state.numbers, mean: 0, squares: 0, bins: state.numbers.bins?.counts ?? null },
    };
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((name) => {
    const [a, b] = [left[name], right[name]];
    const size = Math.max(1, Math.abs(a?.numbers?.min ?? 0), Math.abs(a?.numbers?.max ?? 0));
    const near =
      Math.abs((a?.numbers?.mean ?? 0) - (b?.numbers?.mean ?? 0)) <= 1e-9 * size &&
      Math.abs((a?.numbers?.squares ?? 0) - (b?.numbers?.squares ?? 0)) <= 1e-9 * size * size * (a?.rowCount ?? 1);
    const equal = JSON.stringify(sorted(rounded(a))) === JSON.stringify(sorted(rounded(b)));
    return near && equal ? [] : [{ name, a, b }];
  });
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .map(([key, each]) => [key, sorted(each)] as const)
    .sort(([left], [right]) => (left < right ? -1 : 1));
}
