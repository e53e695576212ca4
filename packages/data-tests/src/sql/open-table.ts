import { DeepwrightError } from "@deepwright/core";
import type { CellValue, DataSource, QueryEngine } from "@deepwright/engines";
import type { ColumnReference } from "../planner/context.js";
import { type Dialect, dialectOf } from "./dialect.js";
import { type Fragment, sql, text, toStatement } from "./fragment.js";
import { type TypeFamily, typeFamily } from "./type-family.js";

export type ResultRow = Readonly<Record<string, CellValue>>;

/** A source whose columns are known, with its engine's dialect. */
export interface OpenTable {
  readonly engine: QueryEngine;
  readonly dialect: Dialect;
  readonly columns: readonly ColumnReference[];
  /** FROM item under an alias. */
  rows(alias: string): Fragment;
  /** @throws DeepwrightError `COLUMN_MISSING`, or `COLUMN_TYPE_INVALID` where it is of none of the families */
  column(name: string, families?: readonly TypeFamily[]): ColumnReference;
}

/** @throws DeepwrightError of the engine */
export async function openTable(engine: QueryEngine, source: DataSource, signal?: AbortSignal): Promise<OpenTable> {
  const found = await engine.columns(source, signal && { signal });
  const columns = found.map(({ name, type }) => ({
    name,
    type,
    sql: text(engine.quoteIdentifier(name)),
    family: typeFamily(type),
  }));
  const byName = new Map(columns.map((column) => [column.name, column]));
  const from = text(engine.fromClause(source));
  return {
    engine,
    dialect: dialectOf(engine),
    columns,
    rows: (alias) => sql`(SELECT * FROM ${from}) AS ${text(alias)}`,
    column(name, families) {
      const column = byName.get(name);
      if (column === undefined) throw columnMissing(name, [...byName.keys()]);
      if (families !== undefined && !families.includes(column.family)) throw columnType(column, families);
      return column;
    },
  };
}

/** Asks an engine and counts the statements. */
export class Questions {
  count = 0;
  constructor(readonly signal?: AbortSignal) {}

  async rows(table: Pick<OpenTable, "engine" | "dialect">, statement: Fragment): Promise<readonly ResultRow[]> {
    const { sql: written, parameters } = toStatement(statement, table.dialect.cast);
    this.count += 1;
    return table.engine.query<Record<string, CellValue>>(written, {
      parameters,
      ...(this.signal && { signal: this.signal }),
    });
  }

  async row(table: Pick<OpenTable, "engine" | "dialect">, statement: Fragment): Promise<ResultRow> {
    return (await this.rows(table, statement))[0] ?? {};
  }
}

/** A figure of a result; an aggregate over no rows is NULL and counts as 0. */
export const figure = (row: ResultRow, name: string): number => Number(row[name] ?? 0);

/** An argument of a call is wrong, whatever the data. */
export function argumentInvalid(expected: string, got: string, todo: string): DeepwrightError {
  return new DeepwrightError({ code: "ARGUMENT_INVALID", expected, got, todo });
}

function columnMissing(name: string, names: readonly string[]): DeepwrightError {
  const shown = names.slice(0, 12).map((each) => JSON.stringify(each));
  return new DeepwrightError({
    code: "COLUMN_MISSING",
    expected: `a column ${JSON.stringify(name)}`,
    got: `${shown.join(", ")}${names.length > 12 ? ` and ${names.length - 12} more` : ""}`,
    todo: "Name a column of the data.",
    details: { column: name },
  });
}

function columnType(column: ColumnReference, families: readonly TypeFamily[]): DeepwrightError {
  return new DeepwrightError({
    code: "COLUMN_TYPE_INVALID",
    expected: `${JSON.stringify(column.name)} to be ${families.join(" or ")}`,
    got: column.type,
    todo: "Name another column, or cast it in a query.",
    details: { column: column.name },
  });
}
