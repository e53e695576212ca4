import { z } from "zod";
import { finite } from "../expectations/row-check.js";
import type { ColumnReference } from "../planner/context.js";
import { all, bound, boundText, type Fragment, sql } from "../sql/fragment.js";
import type { OpenTable } from "../sql/open-table.js";

/** A part of a column's values, written so that it can be asked of any data set. */
export const cellSchema = z.discriminatedUnion("is", [
  /** The value as text; of numbers only integers beyond 2^53. */
  z.strictObject({ is: z.literal("value"), value: z.string() }),
  z.strictObject({ is: z.literal("number"), value: z.number() }),
  /** Finite numbers from `from` (included) to `below` (not included); `null` is no bound. */
  z.strictObject({ is: z.literal("range"), from: z.number().nullable(), below: z.number().nullable() }),
  z.strictObject({ is: z.literal("missing") }),
  /** NaN or infinite. */
  z.strictObject({ is: z.literal("not-finite") }),
]);
export type Cell = z.output<typeof cellSchema>;

/** True for rows whose value is in the cell. */
export function cellCondition(cell: Cell, column: ColumnReference, { dialect }: OpenTable): Fragment {
  switch (cell.is) {
    case "missing":
      return sql`(${column.sql} IS NULL)`;
    case "value":
      return sql`(${dialect.toText(column.sql)} = ${boundText(cell.value)})`;
    case "number":
      return sql`(${dialect.toDouble(column.sql)} = ${bound(cell.value, "double")})`;
    case "not-finite":
      return sql`(${column.sql} IS NOT NULL AND NOT ${finite(column)})`;
    case "range": {
      const value = dialect.toDouble(column.sql);
      const conditions = [
        finite(column),
        ...(cell.from === null ? [] : [sql`${value} >= ${bound(cell.from, "double")}`]),
        ...(cell.below === null ? [] : [sql`${value} < ${bound(cell.below, "double")}`]),
      ];
      return all(conditions);
    }
  }
}

export function cellWords(cell: Cell): string {
  switch (cell.is) {
    case "missing":
      return "missing";
    case "not-finite":
      return "NaN or infinite";
    case "number":
      return String(cell.value);
    case "value":
      return JSON.stringify(cell.value);
    case "range":
      return `${cell.from ?? "-∞"} .. ${cell.below ?? "∞"}`;
  }
}
