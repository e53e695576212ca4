import type { Row } from "./random-table.js";

/** What plain TypeScript finds; what is left out is not compared. */
export interface NaiveResult {
  readonly passed: boolean;
  readonly failing?: number;
  readonly considered?: number;
  readonly observed?: number | null;
}

type Cell = Row[keyof Row];

export interface ValueOptions {
  readonly mostly?: number | undefined;
  readonly nulls?: "fail" | "ignore" | undefined;
}

/** Rows that hold (`true`), break (`false`) or are not looked at (`null`). */
export function eachRow(rows: readonly Row[], options: ValueOptions, holds: (row: Row) => boolean | null): NaiveResult {
  const verdicts = rows.map(holds).filter((verdict) => verdict !== null);
  const failing = verdicts.filter((verdict) => !verdict).length;
  const considered = verdicts.length;
  const passed = considered > 0 && (considered - failing) / considered >= (options.mostly ?? 1);
  return { passed, failing, considered };
}

/** Values of columns; a missing one breaks the expectation or is left out. */
export function eachValue(
  rows: readonly Row[],
  options: ValueOptions,
  columns: readonly string[],
  holds: (...values: NonNullable<Cell>[]) => boolean,
): NaiveResult {
  return eachRow(rows, options, (row) => {
    const values = columns.map((column) => row[column as keyof Row]);
    if (values.some((value) => value === null)) return options.nulls === "ignore" ? null : false;
    return holds(...(values as NonNullable<Cell>[]));
  });
}

export interface Bounds {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

export const inside = (value: number | null, { min, max }: Bounds): boolean =>
  value !== null && value >= (min ?? Number.NEGATIVE_INFINITY) && value <= (max ?? Number.POSITIVE_INFINITY);

/** A figure over the finite values; missing, NaN and infinite values break it. */
export function finiteFigure(
  rows: readonly Row[],
  options: Bounds & ValueOptions & { readonly column: string },
  figure: (values: number[]) => number | null,
): NaiveResult {
  const cells = rows.map((row) => row[options.column as keyof Row] as number | null);
  const present = cells.filter((cell) => cell !== null);
  const usable = present.filter(Number.isFinite);
  const observed = usable.length === 0 ? null : figure(usable);
  const complete = options.nulls === "ignore" || present.length === rows.length;
  return {
    passed: complete && usable.length === present.length && usable.length > 0 && inside(observed, options),
    observed,
  };
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export function variance(values: readonly number[]): number {
  const center = mean(values);
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
}

/** The smallest value whose cumulative fraction is at least p. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(1, Math.ceil(p * sorted.length - 1e-9)) - 1] as number;
}

export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

/** Text that tells every two cells apart that SQL tells apart: NaN equals NaN, and 0 equals -0. */
export const cellKey = (row: Row, columns: readonly string[]): string =>
  JSON.stringify(
    columns.map((column) => {
      const cell = row[column as keyof Row];
      return typeof cell === "number" ? `n${cell === 0 ? 0 : cell}` : cell;
    }),
  );

export const seconds = (time: unknown): number =>
  Date.parse(`${String(time).replace(" ", "T")}${String(time).length === 10 ? "" : "Z"}`) / 1000;

/** Order of SQL: NaN is above everything and equal to itself. */
export function sqlCompare(left: number | string, right: number | string): number {
  if (typeof left === "number" && typeof right === "number") {
    if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : 1;
    if (Number.isNaN(right)) return -1;
  }
  return left < right ? -1 : left > right ? 1 : 0;
}
