import type { CellValue, Column, QueryEngine } from "@deepwright/engines";
import { suiteInvalid } from "../errors.js";
import type { Dialect } from "../sql/dialect.js";
import { authoredSql } from "../sql/expression.js";
import { all, bound, boundNumber, boundText, type Fragment, sql, text } from "../sql/fragment.js";
import { numeric, type TypeFamily, typeFamily } from "../sql/type-family.js";
import type { RowFilter, Scalar } from "../suite/common.js";
import { PlanFault } from "./plan-fault.js";

export interface ColumnReference {
  readonly name: string;
  /** Quoted. */
  readonly sql: Fragment;
  readonly family: TypeFamily;
  readonly type: string;
}

/** A function of TypeScript that says whether a row is as expected. */
export type RowTest = (row: Readonly<Record<string, CellValue>>) => boolean;

/** A table that expectations may look at, with its columns. */
export interface TableReference {
  readonly columns: readonly Column[];
  /** FROM item without an alias of ours. */
  readonly from: Fragment;
}

/** What a kind of expectation needs to know to plan its SQL. */
export interface PlanContext {
  readonly dialect: Dialect;
  readonly table: TableReference;
  /** Condition of the row filter; `null` where all rows are looked at. */
  readonly filter: Fragment | null;
  /** FROM item of the rows that the filter lets through, named `data`. */
  readonly rows: Fragment;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** @throws PlanFault where it is missing or of none of the families */
  column(name: string, families?: readonly TypeFamily[]): ColumnReference;
  /** A column of another table. */
  columnOf(table: TableReference, name: string): ColumnReference;
  /** A value as the column's type. @throws PlanFault where it can't be compared with the column */
  value(value: Scalar, column: ColumnReference): Fragment;
  quote(name: string): Fragment;
  /** Another source by its name in `sources` of the run. */
  source(name: string): TableReference;
  rowTest(name: string): RowTest;
}

export interface ContextOptions {
  readonly engine: QueryEngine;
  readonly dialect: Dialect;
  readonly table: TableReference;
  readonly sources: ReadonlyMap<string, TableReference>;
  readonly functions: Readonly<Record<string, RowTest>>;
  readonly nowMs: number;
}

export function planContext(options: ContextOptions, filter: RowFilter | undefined): PlanContext {
  const { engine, dialect, table } = options;
  const quote = (name: string): Fragment => text(engine.quoteIdentifier(name));
  const find = (columns: readonly Column[], name: string, families?: readonly TypeFamily[]): ColumnReference => {
    const found = columnsByName(columns).get(name);
    if (found === undefined) throw columnMissing(name, columns);
    const family = typeFamily(found.type);
    if (families !== undefined && !families.includes(family)) throw columnType(found, families);
    return { name, sql: quote(name), family, type: found.type };
  };
  const column = (name: string, families?: readonly TypeFamily[]): ColumnReference =>
    find(table.columns, name, families);
  const condition = filter === undefined ? null : filterCondition(filter, { column, dialect });
  return {
    dialect,
    table,
    filter: condition,
    rows:
      condition === null
        ? tableRows(table, "data")
        : sql`(SELECT * FROM ${tableRows(table, "unfiltered")} WHERE ${condition}) AS data`,
    nowMs: options.nowMs,
    column,
    columnOf: (other, name) => find(other.columns, name),
    value: valueFor,
    quote,
    source(name) {
      const source = options.sources.get(name);
      if (source !== undefined) return source;
      throw suiteInvalid(
        `a source named ${JSON.stringify(name)}`,
        options.sources.size === 0 ? "no further sources" : [...options.sources.keys()].join(", "),
        "Pass it as `sources` of the run.",
      );
    },
    rowTest(name) {
      const test = Object.hasOwn(options.functions, name) ? options.functions[name] : undefined;
      if (test !== undefined) return test;
      throw suiteInvalid(`a function named ${JSON.stringify(name)}`, "none", "Pass it as `functions` of the run.");
    },
  };
}

const columnMaps = new WeakMap<readonly Column[], ReadonlyMap<string, Column>>();

/** Tables may have ten thousand columns, and each expectation looks for its own. */
function columnsByName(columns: readonly Column[]): ReadonlyMap<string, Column> {
  const known = columnMaps.get(columns);
  if (known !== undefined) return known;
  const made = new Map(columns.map((column) => [column.name, column]));
  columnMaps.set(columns, made);
  return made;
}

/** FROM item under an alias; every engine takes `(SELECT * FROM item) AS alias`. */
export function tableRows(table: TableReference, alias: string): Fragment {
  return sql`(SELECT * FROM ${table.from}) AS ${text(alias)}`;
}

function filterCondition(filter: RowFilter, { column, dialect }: Pick<PlanContext, "column" | "dialect">): Fragment {
  if (typeof filter === "string") return authoredSql(filter);
  return all(
    filter.map((condition) => {
      const reference = column(condition.column);
      switch (condition.is) {
        case "null":
          return sql`(${reference.sql} IS NULL)`;
        case "not null":
          return sql`(${reference.sql} IS NOT NULL)`;
        case "in":
        case "not in": {
          const found = dialect.inList(
            reference.sql,
            condition.values.map((value) => valueFor(value, reference)),
          );
          return condition.is === "in" ? found : sql`(NOT ${found})`;
        }
        default:
          return sql`(${reference.sql} ${text(condition.is)} ${valueFor(condition.value, reference)})`;
      }
    }),
  );
}

function valueFor(value: Scalar, column: ColumnReference): Fragment {
  if (typeof value === "number" || typeof value === "bigint") {
    if (numeric.includes(column.family)) return boundNumber(value);
  } else if (typeof value === "boolean") {
    if (column.family === "boolean") return bound(value, "boolean");
  } else {
    if (column.family === "text") return boundText(value);
    const time = isoTime(value);
    if (column.family === "date" && time !== null) return bound(time.slice(0, 10), "date");
    if (column.family === "timestamp" && time !== null) return bound(time, "timestamp");
  }
  const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
  throw new PlanFault(
    "COLUMN_TYPE",
    `${JSON.stringify(column.name)} is ${column.type}, which can't be compared with ${shown}`,
    column.type,
  );
}

/** An ISO date or time as UTC without its zone; `null` for any other text. */
export function isoTime(value: string): string | null {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+-]\d{2}:\d{2})?)?$/.exec(value);
  if (match === null || Number.isNaN(Date.parse(value))) return null;
  const [, day, time, zone] = match;
  if (time === undefined) return `${day} 00:00:00`;
  if (zone === undefined || zone === "Z") return `${day} ${time}`;
  return new Date(value).toISOString().replace("T", " ").replace("Z", "");
}

function columnMissing(name: string, columns: readonly Column[]): PlanFault {
  const names = columns.map((column) => JSON.stringify(column.name));
  const shown = names.length > 12 ? `${names.slice(0, 12).join(", ")} and ${names.length - 12} more` : names.join(", ");
  return new PlanFault("COLUMN_MISSING", `there is no column ${JSON.stringify(name)}; there are ${shown}`, null);
}

function columnType(column: Column, families: readonly TypeFamily[]): PlanFault {
  return new PlanFault(
    "COLUMN_TYPE",
    `${JSON.stringify(column.name)} is ${column.type}, not ${families.join(" or ")}`,
    column.type,
  );
}
