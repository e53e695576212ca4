import type { CellValue, DataSource, QueryEngine } from "@deepwright/engines";
import { all, type BoundType, bound, type Fragment, join, sql, text } from "../sql/fragment.js";
import { openTable, Questions } from "../sql/open-table.js";
import type { TypeFamily } from "../sql/type-family.js";
import type { ColumnDiff, DiffRow } from "./table-diff.js";

export interface NeighborOptions {
  readonly key: readonly string[];
  readonly orderBy: readonly string[];
  readonly entity: readonly string[];
  readonly signal?: AbortSignal;
}

const distances = [-3, -2, -1, 1, 2, 3] as const;
/** Rows that a shift is looked for in; more would only make the statement longer. */
const most = 200;

const boundTypes: Partial<Record<TypeFamily, BoundType>> = {
  integer: "integer",
  decimal: "double",
  double: "double",
  text: "text",
  boolean: "boolean",
  date: "date",
  timestamp: "timestamp",
};

/** The values of the rows before and after those that differ, by column and key; nothing where a key has no bindable type. */
export async function neighborValues(
  engine: QueryEngine,
  training: DataSource,
  changed: readonly ColumnDiff[],
  options: NeighborOptions,
): Promise<ReadonlyMap<string, ReadonlyMap<string, Readonly<Record<number, CellValue>>>>> {
  const found = new Map<string, Map<string, Record<number, CellValue>>>();
  if (changed.length === 0) return found;
  const table = await openTable(engine, training, options.signal);
  const questions = new Questions(options.signal);
  const key = options.key.map((name) => table.column(name));
  const order = join(
    [...options.orderBy.map((name) => table.column(name)), ...key].map(({ sql: name }) => name),
    ", ",
  );
  const entity = options.entity.map((name) => table.column(name).sql);
  if (key.some(({ family }) => boundTypes[family] === undefined)) return found;
  const window = sql`OVER (${entity.length === 0 ? sql`` : sql`PARTITION BY ${join(entity, ", ")} `}ORDER BY ${order})`;
  for (const { column, sample } of changed) {
    const value = table.column(column).sql;
    const rows = spread(
      sample.map(({ key: name }) => name),
      most,
    );
    if (rows.length === 0) continue;
    const shifted = distances.map(
      (by) =>
        sql`${text(by < 0 ? "lag" : "lead")}(${value}, ${text(String(Math.abs(by)))}) ${window} AS ${text(nameOf(by))}`,
    );
    const names = key.map(({ sql: name }, index) => sql`${name} AS ${text(`k${index}`)}`);
    const isAsked = rows.map((row) =>
      all(key.map(({ name, family }, index) => keyIs(index, row[name] ?? null, family))),
    );
    const answer = await questions.rows(
      table,
      sql`SELECT * FROM (SELECT ${join([...names, ...shifted], ", ")} FROM ${table.rows("data")}) AS shifted WHERE ${join(isAsked, " OR ")}`,
    );
    const byKey = new Map<string, Record<number, CellValue>>();
    for (const row of answer) {
      const name: DiffRow = Object.fromEntries(key.map((each, index) => [each.name, row[`k${index}`] ?? null]));
      byKey.set(rowName(name), Object.fromEntries(distances.map((by) => [by, row[nameOf(by)] ?? null])));
    }
    found.set(column, byKey);
  }
  return found;
}

export const rowName = (key: DiffRow): string => JSON.stringify(Object.values(key).map(String));

const nameOf = (by: number): string => (by < 0 ? `before${-by}` : `after${by}`);

function keyIs(index: number, value: CellValue, family: TypeFamily): Fragment {
  const cell = family === "timestamp" ? String(value).replace("T", " ").replace("Z", "") : value;
  return sql`${text(`k${index}`)} = ${bound(cell, boundTypes[family] ?? "text")}`;
}

/** So many items from all over a list. */
function spread<Item>(items: readonly Item[], count: number): Item[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, index) => items[Math.floor((index * items.length) / count)] as Item);
}
