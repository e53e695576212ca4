import type { OpenColumn } from "./open-data-set.js";
import type { ValueGrid } from "./value-grid.js";

/** A column in whole steps. */
export interface GridValue {
  readonly column: OpenColumn;
  readonly grid: ValueGrid;
  /** Whether rows are clipped to the grid's bounds; else only far out, and the person's total is clipped. */
  readonly clip: "row" | "person";
}

/** An integer to which each person adds, in each group, at most a stated amount. `value` is an index of values. */
export type Measure =
  | { readonly kind: "people" }
  | { readonly kind: "rows" }
  /** Rows with a value. */
  | { readonly kind: "present"; readonly value: number }
  /** Sum of steps, each less `offset`. */
  | { readonly kind: "sum"; readonly value: number; readonly offset: number }
  /** Sum of squared steps less `offset`, each square less half of the largest. */
  | { readonly kind: "squares"; readonly value: number; readonly offset: number }
  /** Sum of people's clipped totals. */
  | { readonly kind: "person-sum"; readonly value: number };

/** The distance from `offset` to the farther bound, in steps. */
export const reachFrom = ({ least, most }: ValueGrid, offset: number): number =>
  Math.max(most - offset, offset - least);

/** What is taken off squares, so that they lie as far below 0 as above. */
export const squareOffset = (grid: ValueGrid, offset: number): number => Math.floor(reachFrom(grid, offset) ** 2 / 2);

/** Least and most that one row adds. */
export function rowRange(measure: Measure, values: readonly GridValue[]): readonly [number, number] {
  if (measure.kind === "people" || measure.kind === "rows" || measure.kind === "present") return [0, 1];
  const { grid } = values[measure.value] as GridValue;
  if (measure.kind === "person-sum") return [grid.least, grid.most];
  if (measure.kind === "sum") return [grid.least - measure.offset, grid.most - measure.offset];
  const half = squareOffset(grid, measure.offset);
  return [-half, reachFrom(grid, measure.offset) ** 2 - half];
}

/** By how much a person that comes or goes moves the measure of one group, in steps. */
export function sensitivityOf(measure: Measure, values: readonly GridValue[], rowsPerGroup: number): number {
  const [least, most] = rowRange(measure, values);
  const once = Math.max(Math.abs(least), Math.abs(most));
  return measure.kind === "people" || measure.kind === "person-sum" ? once : once * rowsPerGroup;
}

/** Rows counted in bins. A row weighs `rowWeight`, so that a person's weight can be spread over several bins. */
export interface BinTable {
  readonly column: OpenColumn;
  readonly bins:
    | { readonly kind: "edges"; readonly edges: readonly number[] }
    | { readonly kind: "equal"; readonly lower: number; readonly upper: number; readonly count: number };
}

/** Units of weight that one row has in a bin. */
export const rowWeight = 16;
