import { requireOpenProbability } from "../arguments.js";
import { fromDecimal } from "../random/rational.js";
import type { AnswerValue, Estimate } from "./answer.js";
import { noiseBound } from "./error-bound.js";
import { invalidArgument } from "./errors.js";
import { type BinTable, type GridValue, type Measure, reachFrom, rowWeight, squareOffset } from "./measure.js";
import { branching, leafCount, quantilesOf } from "./quantiles.js";
import type { Aggregate } from "./query.js";
import type { ValueGrid } from "./value-grid.js";

/** Noisy integers of one group, with the scales of their noise. */
export interface NoisyNumbers {
  readonly numbers: readonly number[];
  readonly scales: readonly number[];
}

/** How an answer follows from noisy integers. Nothing here sees the data. */
export interface AggregatePlan {
  readonly needs:
    | { readonly kind: "totals"; readonly measures: readonly Measure[] }
    /** `levels` copies of each row's weight: 2 for a tree. */
    | { readonly kind: "bins"; readonly table: BinTable; readonly size: number; readonly levels: 1 | 2 };
  finish(noisy: NoisyNumbers, confidence: number): AnswerValue;
  /** Integers of an imagined group of so many rows, for predictions. */
  imagine(rows: number): readonly number[];
}

/** Multiplies by a decimal step as by a fraction: 3 steps of 0.1 are 0.3. */
function inUnits(value: number, step: number): number {
  const { numerator, denominator } = fromDecimal("step", step);
  return (value * Number(numerator)) / Number(denominator);
}

function around(value: number, distance: number): Estimate {
  return { value, low: value - distance, high: value + distance };
}

const clip = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** Least and most of a quotient of two intervals; everything where the denominator may be 0. */
function quotient(top: readonly [number, number], bottom: readonly [number, number]): readonly [number, number] {
  if (!(bottom[0] > 0)) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const corners = top.flatMap((a) => bottom.map((b) => a / b));
  return [Math.min(...corners), Math.max(...corners)];
}

/** Bounds of each number that all hold together with the confidence (Bonferroni). */
function together({ numbers, scales }: NoisyNumbers, confidence: number): (readonly [number, number])[] {
  return numbers.map((number, index) => {
    const bound = noiseBound(scales[index] as number, (1 - confidence) / numbers.length);
    return [number - bound, number + bound] as const;
  });
}

function count(measure: Measure): AggregatePlan {
  return {
    needs: { kind: "totals", measures: [measure] },
    finish: (noisy, confidence) =>
      around(noisy.numbers[0] as number, noiseBound(noisy.scales[0] as number, 1 - confidence)),
    imagine: (rows) => [rows],
  };
}

function sum(measure: Measure, { step }: ValueGrid): AggregatePlan {
  return {
    needs: { kind: "totals", measures: [measure] },
    finish: ({ numbers, scales }, confidence) => {
      const value = inUnits(numbers[0] as number, step);
      return around(value, inUnits(noiseBound(scales[0] as number, 1 - confidence), step));
    },
    imagine: () => [0],
  };
}

const middleOf = ({ least, most }: ValueGrid): number => Math.floor((least + most) / 2);

function mean(value: number, grid: ValueGrid): AggregatePlan {
  const { step, lower, upper } = grid;
  const offset = middleOf(grid);
  const toUnits = (steps: number): number => clip(inUnits(steps + offset, step), lower, upper);
  return {
    needs: {
      kind: "totals",
      measures: [
        { kind: "sum", value, offset },
        { kind: "present", value },
      ],
    },
    finish(noisy, confidence) {
      const [total, rows] = noisy.numbers as [number, number];
      const [totals, counts] = together(noisy, confidence) as [readonly [number, number], readonly [number, number]];
      const [low, high] = quotient(totals, counts);
      // Without rows the middle of the bounds is as good as any value.
      return { value: toUnits(rows >= 1 ? total / rows : 0), low: toUnits(low), high: toUnits(high) };
    },
    imagine: (rows) => [0, rows],
  };
}

function variance(value: number, grid: ValueGrid): AggregatePlan {
  const offset = middleOf(grid);
  const half = squareOffset(grid, offset);
  const largest = reachFrom(grid, offset) ** 2;
  const toUnits = (squares: number): number => inUnits(inUnits(clip(squares, 0, largest), grid.step), grid.step);
  return {
    needs: {
      kind: "totals",
      measures: [
        { kind: "squares", value, offset },
        { kind: "sum", value, offset },
        { kind: "present", value },
      ],
    },
    finish(noisy, confidence) {
      const [squares, total, rows] = noisy.numbers as [number, number, number];
      const [squareRange, sumRange, rowRange] = together(noisy, confidence) as (readonly [number, number])[];
      const second = quotient(squareRange as readonly [number, number], rowRange as readonly [number, number]);
      const first = quotient(sumRange as readonly [number, number], rowRange as readonly [number, number]);
      const farthest = Math.max(Math.abs(first[0]), Math.abs(first[1]));
      const nearest = first[0] > 0 ? first[0] : first[1] < 0 ? -first[1] : 0;
      const known = Number.isFinite(farthest) && Number.isFinite(second[1]);
      const value = rows >= 1 ? squares / rows + half - (total / rows) ** 2 : 0;
      return {
        value: toUnits(value),
        low: known ? toUnits(second[0] + half - farthest ** 2) : 0,
        high: known ? toUnits(second[1] + half - nearest ** 2) : toUnits(largest),
      };
    },
    imagine: (rows) => [0, 0, rows],
  };
}

function histogram(column: BinTable["column"], edges: readonly number[]): AggregatePlan {
  const size = edges.length - 1;
  return {
    needs: { kind: "bins", table: { column, bins: { kind: "edges", edges } }, size, levels: 1 },
    finish: ({ numbers, scales }, confidence) =>
      numbers.map((number, index) => ({
        from: edges[index] as number,
        to: edges[index + 1] as number,
        ...around(number / rowWeight, noiseBound(scales[index] as number, 1 - confidence) / rowWeight),
      })),
    imagine: (rows) => Array.from({ length: size }, () => (rows * rowWeight) / size),
  };
}

function quantiles(column: BinTable["column"], grid: ValueGrid, probabilities: readonly number[]): AggregatePlan {
  const { lower, upper } = grid;
  return {
    needs: {
      kind: "bins",
      table: { column, bins: { kind: "equal", lower, upper, count: leafCount } },
      size: leafCount,
      levels: 2,
    },
    finish: ({ numbers, scales }, confidence) =>
      quantilesOf(
        numbers.map((number) => number / rowWeight),
        { probabilities, lower, upper, scale: (scales[0] as number) / rowWeight, confidence },
      ),
    imagine: (rows) => [
      ...Array.from({ length: branching }, () => (rows * rowWeight) / branching),
      ...Array.from({ length: leafCount }, () => (rows * rowWeight) / leafCount),
    ],
  };
}

/** What is computed from bounded values. */
export type BoundedAggregate = Extract<Aggregate, { kind: "sum" | "mean" | "variance" | "quantiles" }>;

const mostEdges = 1_000;

/**
 * @param gridOf the bounds of an aggregate's column
 * @param valueIndex where a column in whole steps is kept; equal ones are kept once
 * @throws DeepwrightError `INVALID_ARGUMENT`
 */
export function planAggregate(
  aggregate: Aggregate,
  columnOf: (name: string) => BinTable["column"],
  gridOf: (aggregate: BoundedAggregate) => ValueGrid,
  valueIndex: (value: GridValue) => number,
): AggregatePlan {
  switch (aggregate.kind) {
    case "people":
    case "rows":
      return count({ kind: aggregate.kind });
    case "sum": {
      const grid = gridOf(aggregate);
      const clipped = aggregate.per ?? "row";
      if (clipped !== "row" && clipped !== "person") throw invalidArgument('a sum per "row" or "person"', clipped);
      const value = valueIndex({ column: columnOf(aggregate.column), grid, clip: clipped });
      return sum(clipped === "row" ? { kind: "sum", value, offset: 0 } : { kind: "person-sum", value }, grid);
    }
    case "mean":
    case "variance": {
      const grid = gridOf(aggregate);
      const value = valueIndex({ column: columnOf(aggregate.column), grid, clip: "row" });
      return aggregate.kind === "mean" ? mean(value, grid) : variance(value, grid);
    }
    case "quantiles": {
      if (aggregate.probabilities.length === 0) throw invalidArgument("at least one probability", "none");
      for (const probability of aggregate.probabilities) requireOpenProbability("probability", probability);
      return quantiles(columnOf(aggregate.column), gridOf(aggregate), aggregate.probabilities);
    }
    case "histogram": {
      const { edges } = aggregate;
      const ascending = edges.every((edge, index) => index === 0 || edge > (edges[index - 1] as number));
      if (edges.length < 2 || edges.length > mostEdges || !edges.every(Number.isFinite) || !ascending) {
        throw invalidArgument(`2 to ${mostEdges} finite ascending edges`, `[${edges.slice(0, 5).join(", ")}]`);
      }
      return histogram(columnOf(aggregate.column), edges);
    }
    default: {
      const unknown: never = aggregate;
      throw invalidArgument("an aggregate that this version knows", JSON.stringify(unknown));
    }
  }
}
