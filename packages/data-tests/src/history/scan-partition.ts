import type { CellValue, DataSource, QueryEngine } from "@deepwright/engines";
import { type ColumnReference, planContext } from "../planner/context.js";
import { openSources } from "../planner/run-suite.js";
import { Scan } from "../planner/scan.js";
import type { Dialect } from "../sql/dialect.js";
import { boundNumber, type Fragment, join, sql, text, toStatement } from "../sql/fragment.js";
import { numeric, type TypeFamily, temporal } from "../sql/type-family.js";
import { binKey } from "./binning.js";
import { hashOf, registerKey, registerKeyOf, registerParts, registersOf } from "./distinct-sketch.js";
import type { Binning, ColumnState, NumberState, PartitionState } from "./state.js";

export interface ScanOptions {
  readonly signal?: AbortSignal;
  /** Most different values of a column that are counted one by one, 0 for none. Default: 200. */
  readonly valueLimit: number;
  /** Whether numbers of different values are estimated. */
  readonly distinct: boolean;
  /** The bins of a column, from its figures in this partition where it has none yet. */
  binningOf(column: string, numbers: NumberState): Promise<Binning>;
}

export interface ScannedPartition {
  readonly rowCount: number;
  readonly columns: PartitionState["columns"];
  readonly statementCount: number;
}

/** Squares of numbers beyond overflow. */
const largestMeasured = boundNumber(1e150);
const smallestMeasured = boundNumber(-1e150);
/** Longest text that is counted by its value. */
const longestValue = 200;
/** Groupings that one statement makes side by side, each with a hash table of its own. */
const maxGroupings = 48;

/** Families whose text is the same on every engine, so that values and hashes of different engines merge. */
const portableText: readonly TypeFamily[] = ["text", "integer", "date"];

/**
 * Everything that is kept of a partition, in two statements: moments first, then bins, values and hashes, either as grouping
 * sets over one pass or, where columns are read alone, as one grouping for each column.
 *
 * @throws DeepwrightError of the engine
 */
export async function scanPartition(
  engine: QueryEngine,
  source: DataSource,
  options: ScanOptions,
): Promise<ScannedPartition> {
  const opened = await openSources(engine, source, options.signal ? { signal: options.signal } : {}, 0);
  const context = planContext(opened, undefined);
  const { dialect } = opened;
  const scan = new Scan();
  const rowCountPlace = scan.add(text("count(*)"), null);
  const columns = opened.table.columns.map(({ name }) => addColumn(context.column(name), scan, dialect, options));
  const first = await scan.run(engine, dialect, opened.table, options.signal);
  const rowCount = Number(first.values[rowCountPlace]);

  const groupings: Grouping[] = [];
  const drafts: Draft[] = [];
  for (const column of columns) {
    const draft = draftOf(column, first.values, rowCount);
    drafts.push(draft);
    groupings.push(...(await groupingsOf(column, draft, dialect, options)));
  }
  const grouped = await askGroupings(engine, opened.table.from, groupings, dialect, options.signal);
  return {
    rowCount,
    columns: Object.fromEntries(drafts.map((draft) => [draft.name, stateOf(draft)])),
    statementCount: first.statementCount + grouped,
  };
}

interface ScannedColumn {
  readonly column: ColumnReference;
  /** The number that stands for a value; `null` where the type has none. */
  readonly measure: Fragment | null;
  readonly places: Readonly<Record<string, number>>;
}

function addColumn(column: ColumnReference, scan: Scan, dialect: Dialect, options: ScanOptions): ScannedColumn {
  const measure = measureOf(column, dialect);
  const aggregates: Record<string, Fragment> = { present: sql`count(${column.sql})` };
  if (measure !== null) {
    aggregates.count = sql`count(${measure})`;
    aggregates.mean = sql`avg(${measure})`;
    aggregates.variance = sql`var_pop(${measure})`;
    aggregates.min = sql`min(${measure})`;
    aggregates.max = sql`max(${measure})`;
  }
  if (portableText.includes(column.family) && options.valueLimit > 0) {
    aggregates.distinct = dialect.approximateDistinct?.(column.sql) ?? sql`count(DISTINCT ${column.sql})`;
  }
  return {
    column,
    measure,
    places: Object.fromEntries(
      Object.entries(aggregates).map(([name, aggregate]) => [name, scan.add(aggregate, null)]),
    ),
  };
}

function measureOf({ sql: value, family }: ColumnReference, dialect: Dialect): Fragment | null {
  if (family === "boolean") return dialect.toDouble(sql`CASE WHEN ${value} THEN 1 WHEN NOT ${value} THEN 0 END`);
  if (family === "text") return dialect.toDouble(dialect.textLength(dialect.toText(value)));
  const number = numeric.includes(family)
    ? dialect.toDouble(value)
    : temporal.includes(family)
      ? dialect.epochSeconds(value)
      : null;
  return number && sql`CASE WHEN ${number} BETWEEN ${smallestMeasured} AND ${largestMeasured} THEN ${number} END`;
}

/** A state that grows as answers come. */
interface Draft {
  readonly name: string;
  readonly family: TypeFamily;
  readonly rowCount: number;
  readonly present: number;
  readonly distinct: number | null;
  readonly numbers: Omit<NumberState, "bins"> | null;
  binning: Binning | null;
  bins: Record<string, number> | null;
  values: Record<string, number> | null;
  registers: string | null;
}

function draftOf({ column, measure, places }: ScannedColumn, values: readonly CellValue[], rowCount: number): Draft {
  const figure = (name: string): number | null => {
    const place = places[name];
    const value = place === undefined ? null : (values[place] ?? null);
    return value === null ? null : Number(value);
  };
  const count = figure("count") ?? 0;
  return {
    name: column.name,
    family: column.family,
    rowCount,
    present: figure("present") ?? 0,
    distinct: figure("distinct"),
    numbers:
      measure === null
        ? null
        : {
            count,
            mean: figure("mean") ?? 0,
            squares: Math.max(0, figure("variance") ?? 0) * count,
            min: figure("min"),
            max: figure("max"),
          },
    binning: null,
    bins: null,
    values: null,
    registers: null,
  };
}

/** Rows counted by a key that is never NULL. */
export interface Grouping {
  readonly key: Fragment;
  /** A shorter key and the text whose least value, put behind it, says as much: fewer groups where each has its own statement. */
  readonly parts?: { readonly key: Fragment; readonly least: Fragment };
  take(counts: ReadonlyMap<string, number>): void;
}

async function groupingsOf(
  { column, measure }: ScannedColumn,
  draft: Draft,
  dialect: Dialect,
  options: ScanOptions,
): Promise<readonly Grouping[]> {
  const groupings: Grouping[] = [];
  const { numbers, family } = draft;
  if (numbers !== null && measure !== null && !temporal.includes(family)) {
    const binning = await options.binningOf(draft.name, { ...numbers, bins: null });
    draft.binning = binning;
    groupings.push({
      key: binKey(measure, binning, dialect),
      take: (counts) => {
        draft.bins = withoutMissing(counts);
      },
    });
  }
  const keepsRegisters = options.distinct && portableText.includes(family);
  if (countsValues(draft, options)) {
    groupings.push({
      key: sql`COALESCE(${text("'v' || ")}${dialect.toText(column.sql)}, 'none')`,
      take: (counts) => {
        const values = Object.entries(withoutMissing(counts)).map(([value, count]) => [value.slice(1), count] as const);
        draft.values = values.length > options.valueLimit ? null : Object.fromEntries(values);
        if (keepsRegisters) draft.registers = registersOf(values.map(([value]) => registerKeyOf(value)));
      },
    });
  } else if (keepsRegisters) {
    const hash = hashOf(column.sql, dialect);
    const { register, rest } = registerParts(hash);
    groupings.push({
      key: registerKey(hash),
      parts: { key: register, least: rest },
      take: (counts) => {
        draft.registers = registersOf(Object.keys(withoutMissing(counts)));
      },
    });
  }
  return groupings;
}

/** An engine's estimate says only whether it is worth asking. */
function countsValues({ distinct, family, numbers }: Draft, { valueLimit }: ScanOptions): boolean {
  if (family === "boolean") return valueLimit >= 2;
  if (distinct === null || distinct > valueLimit * 2) return false;
  return family !== "text" || (numbers?.max ?? 0) <= longestValue;
}

function withoutMissing(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].filter(([key]) => key !== "none"));
}

/** @returns number of statements */
export async function askGroupings(
  engine: QueryEngine,
  from: Fragment,
  groupings: readonly Grouping[],
  dialect: Dialect,
  signal: AbortSignal | undefined,
): Promise<number> {
  const write = dialect.groupsColumnsApart ? separateGroupings : groupingSets;
  let statements = 0;
  for (let start = 0; start < groupings.length; start += maxGroupings) {
    const chunk = groupings.slice(start, start + maxGroupings);
    const statement = toStatement(write(chunk, from), dialect.cast);
    const found = chunk.map(() => new Map<string, number>());
    const stream = engine.stream(statement.sql, { parameters: statement.parameters, ...(signal && { signal }) });
    for await (const { columns, rowCount } of stream) {
      for (let row = 0; row < rowCount; row++) {
        found[Number(columns.grouping_number?.[row])]?.set(String(columns.k?.[row]), Number(columns.n?.[row]));
      }
    }
    chunk.forEach((grouping, index) => {
      grouping.take(found[index] ?? new Map());
    });
    statements += 1;
  }
  return statements;
}

/** One pass over the rows: a row of the answer has the key of one grouping, and NULL as all others. */
function groupingSets(groupings: readonly Grouping[], from: Fragment): Fragment {
  const names = groupings.map((_, index) => text(`k${index}`));
  const keys = groupings.map(({ key }, index) => sql`${key} AS ${names[index] as Fragment}`);
  const numbers = names.map((name, index) => sql`WHEN ${name} IS NOT NULL THEN ${text(String(index))}`);
  const sets = names.map((name) => sql`(${name})`);
  return sql`SELECT CASE ${join(numbers, " ")} END AS grouping_number, COALESCE(${join(names, ", ")}) AS k, count(*) AS n FROM (SELECT ${join(keys, ", ")} FROM ${from}) AS keyed GROUP BY GROUPING SETS (${join(sets, ", ")})`;
}

function separateGroupings(groupings: readonly Grouping[], from: Fragment): Fragment {
  const each = groupings.map(({ key, parts }, index) => {
    const number = text(String(index));
    if (parts === undefined) {
      return sql`SELECT ${number} AS grouping_number, k, count(*) AS n FROM (SELECT ${key} AS k FROM ${from}) AS keyed GROUP BY k`;
    }
    return sql`SELECT ${number} AS grouping_number, k || COALESCE(min(l), '') AS k, count(*) AS n FROM (SELECT ${parts.key} AS k, ${parts.least} AS l FROM ${from}) AS keyed GROUP BY keyed.k`;
  });
  return join(each, " UNION ALL ");
}

function stateOf(draft: Draft): ColumnState {
  const { family, rowCount, present, numbers, values, registers, binning, bins } = draft;
  return {
    family,
    rowCount,
    nullCount: rowCount - present,
    nonFiniteCount: numbers === null ? 0 : present - numbers.count,
    numbers: numbers && { ...numbers, bins: binning && { binning, counts: bins ?? {} } },
    values,
    registers,
  };
}
