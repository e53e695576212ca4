import type { RowCheck } from "../planner/check.js";
import type { ColumnReference, PlanContext } from "../planner/context.js";
import { bound, type Fragment, join, sql, text } from "../sql/fragment.js";
import type { TypeFamily } from "../sql/type-family.js";

interface ValueOptions {
  readonly mostly?: number | undefined;
  readonly nulls?: "fail" | "ignore" | undefined;
}

/** The check of one column's values; `pass` must be NULL for NULL and only for NULL. */
export function valueCheck(
  options: ValueOptions & { readonly column: string },
  context: PlanContext,
  families: readonly TypeFamily[] | undefined,
  expected: string,
  pass: (column: ColumnReference) => Fragment,
): RowCheck {
  const column = context.column(options.column, families);
  return {
    by: "row",
    expected: `${JSON.stringify(options.column)} ${expected}`,
    columns: [options.column],
    pass: pass(column),
    present: options.nulls === "ignore" ? column.sql : null,
    mostly: options.mostly ?? 1,
  };
}

/** The check of values of several columns in one row; with `nulls: "ignore"` only rows that have them all are looked at. */
export function columnsCheck(
  options: ValueOptions,
  columns: readonly ColumnReference[],
  expected: string,
  pass: Fragment,
): RowCheck {
  const present = columns.map((column) => sql`${column.sql} IS NOT NULL`);
  return {
    by: "row",
    expected,
    columns: columns.map((column) => column.name),
    pass,
    present: options.nulls === "ignore" ? sql`CASE WHEN ${join(present, " AND ")} THEN 1 END` : null,
    mostly: options.mostly ?? 1,
  };
}

const infinity = bound(Number.POSITIVE_INFINITY, "double");
const largest = bound(Number.MAX_VALUE, "double");
const smallest = bound(-Number.MAX_VALUE, "double");

/** Neither NaN nor infinite; NULL for NULL. In every engine NaN is above infinity. */
export function finite(column: ColumnReference): Fragment {
  if (column.family === "integer") return sql`(${column.sql} IS NOT NULL OR NULL)`;
  return sql`(${column.sql} BETWEEN ${smallest} AND ${largest})`;
}

export function isNotNaN(column: ColumnReference): Fragment {
  if (column.family === "integer") return sql`(${column.sql} IS NOT NULL OR NULL)`;
  return sql`(${column.sql} <= ${infinity})`;
}

/** The value where it is finite, else NULL: what sums and moments are taken of. */
export function finiteValue(column: ColumnReference): Fragment {
  return column.family === "integer" ? column.sql : sql`CASE WHEN ${finite(column)} THEN ${column.sql} END`;
}

/** An order that holds for NaN too, as in JavaScript: NaN is neither above nor below anything. */
export function compare(
  left: ColumnReference,
  operator: "=" | "<>" | "<" | "<=" | ">" | ">=",
  right: Fragment,
): Fragment {
  const condition = sql`${left.sql} ${text(operator)} ${right}`;
  const canBeNaN = left.family === "double" || left.family === "decimal";
  return canBeNaN && operator.startsWith(">") ? sql`(${condition} AND ${isNotNaN(left)})` : sql`(${condition})`;
}
