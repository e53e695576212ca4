import type { QueryEngine } from "@deepwright/engines";
import { requireInteger } from "../arguments.js";
import { type ColumnFamily, columnFamily } from "./column-family.js";
import type { PrivateDataSet } from "./data-set.js";
import { dialectOf } from "./dialects/dialect.js";
import { invalidArgument, queryRefused } from "./errors.js";
import { type Fragment, sql, text } from "./fragment.js";
import { valueGrid } from "./value-grid.js";

export interface OpenColumn {
  readonly name: string;
  /** The engine's own name of the type. */
  readonly type: string;
  readonly family: ColumnFamily;
  /** The column under its table's alias, in a form whose comparison with a literal can't fail. */
  readonly comparable: Fragment;
  /** The column under its table's alias. */
  readonly value: Fragment;
  readonly dataSet: PrivateDataSet;
}

/** A data set whose columns are known and allowed. */
export interface OpenDataSet {
  readonly dataSet: PrivateDataSet;
  readonly person: OpenColumn;
  readonly columns: ReadonlyMap<string, OpenColumn>;
  /** What is read: the source without rows of nobody. */
  readonly from: Fragment;
}

const personFamilies: readonly ColumnFamily[] = ["integer", "text"];

/**
 * Looks at the columns of a data set, not at its rows.
 *
 * @param alias short name of the table in SQL
 * @throws DeepwrightError `INVALID_ARGUMENT`, `PERSON_KEY_INVALID`, `COLUMN_MISSING`, and what the engine says of a missing table
 */
export async function openDataSet(engine: QueryEngine, dataSet: PrivateDataSet, alias: string): Promise<OpenDataSet> {
  requireInteger("people", dataSet.people, 1);
  const dialect = dialectOf(engine);
  const found = await engine.columns(dataSet.source);
  const allowed = dataSet.columns && new Set(dataSet.columns);
  const open = (name: string, type: string): OpenColumn => {
    const value = text(`${alias}.${engine.quoteIdentifier(name)}`);
    const family = columnFamily(type);
    const comparable =
      family === "decimal" || family === "double"
        ? dialect.double(value, family)
        : family === "text"
          ? dialect.toText(value)
          : value;
    return { name, type, family, value, comparable, dataSet };
  };
  for (const name of [...(dataSet.columns ?? []), ...Object.keys(dataSet.bounds ?? {})]) {
    if (!found.some((column) => column.name === name))
      throw columnMissing(
        name,
        found.map((column) => column.name),
      );
  }
  for (const [name, bounds] of Object.entries(dataSet.bounds ?? {})) valueGrid(name, bounds);
  const person = found.find(({ name }) => name === dataSet.person);
  if (person === undefined)
    throw columnMissing(
      dataSet.person,
      found.map((column) => column.name),
    );
  const opened = open(person.name, person.type);
  if (!personFamilies.includes(opened.family)) throw personInvalid(dataSet, `a column of type ${person.type}`);
  const missing = dataSet.missingPersons ?? "refuse";
  if (missing === "refuse" && person.nullable) throw personInvalid(dataSet, "a column that may be null");
  if (missing !== "refuse" && missing !== "drop")
    throw invalidArgument('missingPersons to be "refuse" or "drop"', missing);
  return {
    dataSet,
    person: opened,
    columns: new Map(
      found
        .filter(({ name }) => name !== dataSet.person && (allowed === undefined || allowed.has(name)))
        .map(({ name, type }) => [name, open(name, type)]),
    ),
    from: sql`(SELECT * FROM ${text(engine.fromClause(dataSet.source))} WHERE ${text(engine.quoteIdentifier(person.name))} IS NOT NULL) AS ${text(alias)}`,
  };
}

function personInvalid({ name, person }: PrivateDataSet, got: string): Error {
  return queryRefused(
    "PERSON_KEY_INVALID",
    `${JSON.stringify(person)} of ${JSON.stringify(name)} to be an integer or a text that is never null`,
    got,
    'Declare the column not null, or say missingPersons: "drop" so that rows of nobody never count',
  );
}

export function columnMissing(name: string, names: readonly string[]): Error {
  const shown = names.slice(0, 20).map((each) => JSON.stringify(each));
  return queryRefused(
    "COLUMN_MISSING",
    `${JSON.stringify(name)} to be a column that may be asked about`,
    shown.length === 0 ? "none such" : `${shown.join(", ")}${names.length > 20 ? " and others" : ""}`,
    "Name one of these columns",
  );
}
