import type { ColumnReference } from "../planner/context.js";
import { type Fragment, sql } from "../sql/fragment.js";
import { argumentInvalid, type OpenTable } from "../sql/open-table.js";
import { numeric, type TypeFamily, temporal } from "../sql/type-family.js";

/** A column that both sides have. */
export interface CommonColumn {
  readonly name: string;
  readonly before: ColumnReference;
  readonly after: ColumnReference;
  /** How values of the two are compared: as text where the types have no common one. */
  readonly family: TypeFamily;
}

export interface RetypedColumn {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

export interface MatchedColumns {
  readonly common: readonly CommonColumn[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly retyped: readonly RetypedColumn[];
}

export function matchColumns(before: OpenTable, after: OpenTable): MatchedColumns {
  const theirs = new Map(after.columns.map((column) => [column.name, column]));
  const ours = new Set(before.columns.map(({ name }) => name));
  const common = before.columns.flatMap((column): CommonColumn[] => {
    const other = theirs.get(column.name);
    if (other === undefined) return [];
    return [{ name: column.name, before: column, after: other, family: commonFamily(column.family, other.family) }];
  });
  const sameEngine = before.engine.capabilities.name === after.engine.capabilities.name;
  return {
    common,
    added: after.columns.map(({ name }) => name).filter((name) => !ours.has(name)),
    removed: before.columns.map(({ name }) => name).filter((name) => !theirs.has(name)),
    // Engines have different names for one type.
    retyped: common
      .filter((each) => (sameEngine ? each.before.type !== each.after.type : each.before.family !== each.after.family))
      .map(({ name, before: { type }, after: { type: other } }) => ({ name, before: type, after: other })),
  };
}

function commonFamily(before: TypeFamily, after: TypeFamily): TypeFamily {
  if (before === after) return before === "other" ? "text" : before;
  if (numeric.includes(before) && numeric.includes(after)) {
    return before === "double" || after === "double" ? "double" : "decimal";
  }
  return temporal.includes(before) && temporal.includes(after) ? "timestamp" : "text";
}

/** The columns that name a row, of both sides. @throws DeepwrightError where a side lacks one, or one is named twice */
export function keyColumns(key: readonly string[], matched: MatchedColumns, before: OpenTable, after: OpenTable) {
  if (new Set(key).size !== key.length) {
    throw argumentInvalid("key columns that differ", key.join(", "), "Name each key column once.");
  }
  return key.map((name) => {
    before.column(name);
    after.column(name);
    return matched.common.find((column) => column.name === name) as CommonColumn;
  });
}

/** The values of one side as the family in which they are compared. */
export function comparable(column: CommonColumn, side: "before" | "after", table: OpenTable): Fragment {
  const { sql: value, family } = column[side];
  const convert = column.family === "text" && family !== "text";
  return convert ? sql`${table.dialect.toText(value)}` : value;
}
