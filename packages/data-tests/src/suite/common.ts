import { z } from "zod";

export const columnName = z.string().min(1);
export const columnNames = z.array(columnName).min(1);

/** A value to compare with. Dates and timestamps are ISO 8601 texts; those without a zone are UTC. */
export const scalar = z.union([z.string(), z.number(), z.bigint(), z.boolean()]);
export type Scalar = z.output<typeof scalar>;

export const comparison = z.enum(["=", "<>", "<", "<=", ">", ">="]);

const conditionSchema = z.discriminatedUnion("is", [
  z.strictObject({ column: columnName, is: comparison, value: scalar }),
  z.strictObject({ column: columnName, is: z.enum(["in", "not in"]), values: z.array(scalar).min(1) }),
  z.strictObject({ column: columnName, is: z.enum(["null", "not null"]) }),
]);

/** Which rows are looked at: an SQL condition in the engine's dialect, or conditions that all must hold. */
export const rowFilter = z.union([z.string().min(1), z.array(conditionSchema).min(1)]);
export type RowFilter = z.output<typeof rowFilter>;

export const severities = ["error", "warning", "info"] as const;

/** What every expectation may say. */
export const commonShape = {
  /** Unique in the suite. Default: kind and columns, numbered where that is not unique. */
  id: z.string().min(1).optional(),
  /** Only failures of severity `error` fail the suite. Default: the suite's, else `error`. */
  severity: z.enum(severities).optional(),
  owner: z.string().min(1).optional(),
  /** Why this is expected; shown with a failure. */
  because: z.string().min(1).optional(),
  where: rowFilter.optional(),
  /** What no row at all means. Default: `fail`. */
  whenEmpty: z.enum(["fail", "pass"]).optional(),
} as const;

/** What every expectation about single rows may say. */
export const rowShape = {
  ...commonShape,
  /** Least fraction of the rows looked at that must be as expected, 0 .. 1. Default: 1. */
  mostly: z.number().min(0).max(1).optional(),
} as const;

/** What every expectation about values of columns may say. */
export const valueShape = {
  ...rowShape,
  /** Whether a missing value breaks the expectation or is not looked at. Default: `fail`. */
  nulls: z.enum(["fail", "ignore"]).optional(),
} as const;

/** Bounds of a figure, both inclusive; at least one is needed. */
export const boundsShape = { min: z.number().optional(), max: z.number().optional() } as const;

export function describeBounds(min: unknown, max: unknown): string {
  if (min !== undefined && max !== undefined) return min === max ? `equal to ${min}` : `between ${min} and ${max}`;
  return min !== undefined ? `at least ${min}` : `at most ${max}`;
}

export const someBound = (options: { min?: unknown; max?: unknown }): boolean =>
  options.min !== undefined || options.max !== undefined;
