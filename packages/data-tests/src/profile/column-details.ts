import type { QueryEngine } from "@deepwright/engines";
import { binKey, binnedQuantile, binningFor, binValue } from "../history/binning.js";
import { askGroupings, type Grouping } from "../history/scan-partition.js";
import type { Binning } from "../history/state.js";
import type { ColumnReference } from "../planner/context.js";
import type { Dialect } from "../sql/dialect.js";
import { boundNumber, type Fragment, sql, text } from "../sql/fragment.js";
import { numeric, temporal } from "../sql/type-family.js";
import { shapeOf } from "./shape.js";

export interface ValueCount {
  readonly value: string;
  readonly count: number;
}

/** What is counted by value, shape and bin. `null` where the type has none, or there are too many to count one by one. */
export interface ColumnDetails {
  /** Of numbers, and of dates and times as seconds since 1970; within 1 % of the distance from the mean. */
  readonly quantiles: readonly { readonly probability: number; readonly value: number }[] | null;
  /** Twenty bins of equal width from the least to the greatest value; counts near an edge as exact as the quantiles. */
  readonly histogram: readonly { readonly low: number; readonly high: number; readonly count: number }[] | null;
  /** The most common values as text, the most common first. Exact. */
  readonly topValues: readonly ValueCount[] | null;
  /** Whether `topValues` are all values that there are. */
  readonly topValuesAreAll: boolean;
  /** The most common shapes: each digit as `9`, capital as `A`, small letter as `a`. Exact. */
  readonly shapes: readonly ValueCount[] | null;
  /** Whether `shapes` are all that there are. */
  readonly shapesAreAll: boolean;
}

export const noDetails: ColumnDetails = {
  quantiles: null,
  histogram: null,
  topValues: null,
  topValuesAreAll: false,
  shapes: null,
  shapesAreAll: false,
};

/** What the first statement told of a column. */
export interface KnownFigures {
  readonly distinct: number;
  readonly distinctShapes: number;
  readonly finiteCount: number;
  /** Of the number that stands for a value. */
  readonly mean: number | null;
  readonly deviation: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly maxLength: number | null;
}

const probabilities = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];
const binCount = 20;
const longestValue = 200;
const largest = boundNumber(1e150);
const smallest = boundNumber(-1e150);

/** The number that stands for a value, where it is finite and its square is; `null` where the type has none. */
export function measureOf({ sql: value, family }: ColumnReference, dialect: Dialect): Fragment | null {
  if (!numeric.includes(family) && !temporal.includes(family)) return null;
  const number = numeric.includes(family) ? dialect.toDouble(value) : dialect.epochSeconds(value);
  return sql`CASE WHEN ${number} BETWEEN ${smallest} AND ${largest} THEN ${number} END`;
}

/** Counts of all columns, by as few statements as the engine groups side by side. */
export async function askDetails(
  engine: QueryEngine,
  from: Fragment,
  dialect: Dialect,
  columns: readonly (readonly [ColumnReference, KnownFigures])[],
  limits: { readonly valueLimit: number; readonly topCount: number },
  signal: AbortSignal | undefined,
): Promise<{ readonly details: readonly ColumnDetails[]; readonly statementCount: number }> {
  const drafts = columns.map(
    () => ({ ...noDetails }) as { -readonly [Key in keyof ColumnDetails]: ColumnDetails[Key] },
  );
  const groupings = columns.flatMap(([column, known], index) => {
    const draft = drafts[index] as (typeof drafts)[number];
    const wanted: Grouping[] = [];
    const measure = measureOf(column, dialect);
    const { min, max, mean, deviation } = known;
    if (measure !== null && min !== null && max !== null && mean !== null) {
      const count = known.finiteCount;
      const binning = binningFor({ count, mean, squares: (deviation ?? 0) ** 2 * count });
      wanted.push({
        key: binKey(measure, binning, dialect),
        take: (found) => {
          const counts = Object.fromEntries([...found].filter(([key]) => key !== "none"));
          const size = Object.values(counts).reduce((sum, each) => sum + each, 0);
          const numbers = { count: size, mean, squares: 0, min, max, bins: { binning, counts } };
          draft.quantiles = probabilities.map((probability) => ({
            probability,
            value: binnedQuantile(numbers, probability) ?? mean,
          }));
          draft.histogram = histogramOf(counts, binning, min, max);
        },
      });
    }
    const isShort = column.family !== "text" || (known.maxLength ?? 0) <= longestValue;
    const isCountable = !["bytes", "other", "time"].includes(column.family);
    // An engine's estimate says only whether it is worth asking.
    if (isCountable && isShort && known.distinct <= limits.valueLimit * 2) {
      wanted.push({
        key: sql`COALESCE(${text("'v' || ")}${dialect.toText(column.sql)}, 'none')`,
        take: (found) => {
          const values = mostCommon(found);
          draft.topValues = values.slice(0, limits.topCount);
          draft.topValuesAreAll = values.length <= limits.topCount;
        },
      });
    }
    if (column.family === "text" && known.distinctShapes <= limits.valueLimit * 2) {
      wanted.push({
        key: sql`COALESCE(${text("'v' || ")}${shapeOf(dialect.toText(column.sql))}, 'none')`,
        take: (found) => {
          const shapes = mostCommon(found);
          draft.shapes = shapes.slice(0, limits.topCount);
          draft.shapesAreAll = shapes.length <= limits.topCount;
        },
      });
    }
    return wanted;
  });
  const statementCount = await askGroupings(engine, from, groupings, dialect, signal);
  return { details: drafts, statementCount };
}

function mostCommon(found: ReadonlyMap<string, number>): ValueCount[] {
  return [...found]
    .filter(([key]) => key !== "none")
    .map(([key, count]) => ({ value: key.slice(1), count }))
    .sort((left, right) => right.count - left.count || (left.value < right.value ? -1 : 1));
}

function histogramOf(
  counts: Readonly<Record<string, number>>,
  binning: Binning,
  min: number,
  max: number,
): NonNullable<ColumnDetails["histogram"]> {
  const bins = max > min ? binCount : 1;
  const width = (max - min) / bins;
  const sizes = new Array<number>(bins).fill(0);
  for (const [bin, size] of Object.entries(counts)) {
    const value = Math.min(max, Math.max(min, binValue(Number(bin), binning)));
    const place = width > 0 ? Math.min(bins - 1, Math.floor((value - min) / width)) : 0;
    sizes[place] = (sizes[place] ?? 0) + size;
  }
  return sizes.map((count, place) => ({
    low: min + place * width,
    high: place === bins - 1 ? max : min + (place + 1) * width,
    count,
  }));
}
