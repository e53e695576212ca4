import type { CellValue } from "@deepwright/engines";
import type { Fragment } from "../sql/fragment.js";

/** Values that a statement gave, by the names of its aggregates. */
export type Figures = Readonly<Record<string, CellValue>>;

export interface Decision {
  readonly passed: boolean;
  /** What was seen, as a figure or a short list. */
  readonly observed: CellValue;
  /** How many rows, values or groups break the expectation, where that can be counted. */
  readonly failing?: number;
  /** How many were looked at. */
  readonly considered?: number;
  /** Said in the sentence instead of the observed value. */
  readonly reason?: string;
}

/** Each row is as expected or not; counted in the one scan. */
export interface RowCheck {
  readonly by: "row";
  /** Completes "expected ...". */
  readonly expected: string;
  readonly columns: readonly string[];
  /** True for a row that is as expected; NULL where a value is missing. */
  readonly pass: Fragment;
  /** Rows in which this is NULL are not looked at; `null` looks at all rows. */
  readonly present: Fragment | null;
  /** Whether a row that passes is present for sure. Default: true. */
  readonly implied?: boolean;
  /** Aggregate that counts the rows that pass, where there is a cheaper one than counting `pass`. */
  readonly passCount?: Fragment;
  readonly mostly: number;
}

/** Figures over all rows, computed in the one scan. Each aggregate is a single call of a function. */
export interface FigureCheck {
  readonly by: "figure";
  readonly expected: string;
  readonly columns: readonly string[];
  readonly aggregates: Readonly<Record<string, Fragment>>;
  /** `rowCount` is of the rows that the filter lets through. */
  decide(figures: Figures, rowCount: number): Decision;
  /** True for rows to show when the expectation fails. */
  readonly suspicious?: Fragment;
}

/** Needs another grouping or a join, so a statement of its own that gives one row. */
export interface QueryCheck {
  readonly by: "query";
  readonly expected: string;
  readonly columns: readonly string[];
  /** Names of the statement's columns. */
  readonly figures: readonly string[];
  readonly statement: Fragment;
  /** A cheaper statement that some figures of the scan allow. */
  readonly shortcut?: Shortcut;
  decide(figures: Figures, rowCount: number): Decision;
  /** A query that gives the failing rows, groups or keys; its order and number are the planner's. */
  readonly failing?: Fragment;
  /** True for a failing row, also with windows and subqueries; lets quarantine take the rows out. */
  readonly failingRow?: Fragment;
}

export interface Shortcut {
  readonly aggregates: Readonly<Record<string, Fragment>>;
  /**
   * Gives the figures that `decide` takes, and `proven`: where that is not true, the whole statement is asked after all.
   * `null` where the scan's figures don't allow the shortcut.
   */
  statement(figures: Figures, rowCount: number): Fragment | null;
}

/** Decided by names and types alone. */
export interface SchemaCheck {
  readonly by: "schema";
  readonly expected: string;
  readonly columns: readonly string[];
  readonly decision: Decision;
}

/** Rows that a function of TypeScript looks at, streamed with bounded memory. */
export interface StreamCheck {
  readonly by: "stream";
  readonly expected: string;
  readonly columns: readonly string[];
  readonly mostly: number;
  passes(row: Readonly<Record<string, CellValue>>): boolean;
}

export type Check = RowCheck | FigureCheck | QueryCheck | SchemaCheck | StreamCheck;
