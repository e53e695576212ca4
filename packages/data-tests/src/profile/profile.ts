import type { CellValue, DataSource, QueryEngine } from "@deepwright/engines";
import { finiteValue } from "../expectations/row-check.js";
import { type ColumnReference, type PlanContext, planContext } from "../planner/context.js";
import { openSources } from "../planner/run-suite.js";
import { Scan } from "../planner/scan.js";
import { boundNumber, type Fragment, sql, text } from "../sql/fragment.js";
import { numeric, type TypeFamily, temporal } from "../sql/type-family.js";

/** Figures of one column. What its type does not have is `null`. */
export interface ColumnProfile {
  readonly name: string;
  /** The engine's own name. */
  readonly type: string;
  readonly family: TypeFamily;
  readonly nullCount: number;
  /** Different values; only as good as the engine's sketch where `distinctIsExact` is false. */
  readonly distinctCount: number;
  readonly distinctIsExact: boolean;
  /** Least and greatest value; of numbers the finite ones. */
  readonly min: CellValue;
  readonly max: CellValue;
  /** Of the finite values. */
  readonly mean: number | null;
  /** Of the finite values, divided by n - 1; `null` below two values. */
  readonly standardDeviation: number | null;
  /** NaN and infinite values. */
  readonly nonFiniteCount: number | null;
  readonly zeroCount: number | null;
  readonly negativeCount: number | null;
  /** Characters (code points) of the shortest and the longest text. */
  readonly minLength: number | null;
  readonly maxLength: number | null;
  readonly emptyCount: number | null;
  readonly trueCount: number | null;
}

export interface Profile {
  readonly rowCount: number;
  readonly columns: readonly ColumnProfile[];
}

/**
 * Figures of every column, in one scan.
 *
 * @example
 * ```ts
 * const { rowCount, columns } = await profile(engine, { kind: "file", path: "sales.csv" });
 * ```
 * @throws DeepwrightError of the engine
 */
export async function profile(
  engine: QueryEngine,
  source: DataSource,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Profile> {
  const opened = await openSources(engine, source, options, 0);
  const context = planContext(opened, undefined);
  const scan = new Scan();
  const rowCountPlace = scan.add(text("count(*)"), null);
  const columns = opened.table.columns.map(({ name }) => {
    const column = context.column(name);
    const places = Object.entries(aggregatesOf(column, context)).map(
      ([figure, aggregate]) => [figure, scan.add(aggregate, null)] as const,
    );
    return { column, places };
  });
  const { values } = await scan.run(engine, opened.dialect, opened.table, options.signal);
  const rowCount = Number(values[rowCountPlace]);
  return {
    rowCount,
    columns: columns.map(({ column, places }) => {
      const figures = Object.fromEntries(places.map(([figure, place]) => [figure, values[place] ?? null]));
      return columnProfile(column, rowCount, figures, context.dialect.approximateDistinct === null);
    }),
  };
}

function aggregatesOf(column: ColumnReference, { dialect }: PlanContext): Readonly<Record<string, Fragment>> {
  const { family, sql: value } = column;
  const distinct = dialect.approximateDistinct?.(value) ?? sql`count(DISTINCT ${value})`;
  const head = { present: sql`count(${value})` };
  if (numeric.includes(family)) {
    const finite = finiteValue(column);
    return {
      ...head,
      distinct,
      min: sql`min(${finite})`,
      max: sql`max(${finite})`,
      mean: sql`avg(${dialect.toDouble(finite)})`,
      spread: sql`stddev_samp(${dialect.toDouble(finite)})`,
      finite: sql`count(${finite})`,
      zero: dialect.countWhere(sql`${value} = ${boundNumber(0)}`),
      negative: dialect.countWhere(sql`${value} < ${boundNumber(0)}`),
    };
  }
  if (family === "text") {
    const length = dialect.textLength(value);
    return {
      ...head,
      distinct,
      min: sql`min(${value})`,
      max: sql`max(${value})`,
      minLength: sql`min(${length})`,
      maxLength: sql`max(${length})`,
      empty: dialect.countWhere(sql`${value} = ''`),
    };
  }
  if (family === "boolean")
    return { ...head, held: dialect.countWhere(value), fell: dialect.countWhere(sql`NOT ${value}`) };
  if (temporal.includes(family)) return { ...head, distinct, min: sql`min(${value})`, max: sql`max(${value})` };
  return {
    ...head,
    distinct: dialect.approximateDistinct?.(dialect.toText(value)) ?? sql`count(DISTINCT ${dialect.toText(value)})`,
  };
}

function columnProfile(
  { name, type, family }: ColumnReference,
  rowCount: number,
  figures: Readonly<Record<string, CellValue>>,
  exact: boolean,
): ColumnProfile {
  const number = (figure: string): number | null => {
    const value = figures[figure];
    return value === undefined || value === null ? null : Number(value);
  };
  // Over no rows some engines count NULL.
  const count = (figure: string): number | null => (Object.hasOwn(figures, figure) ? (number(figure) ?? 0) : null);
  const present = number("present") ?? 0;
  const [held, fell] = [count("held"), count("fell")];
  const finite = count("finite");
  return {
    name,
    type,
    family,
    nullCount: rowCount - present,
    distinctCount:
      held === null || fell === null
        ? Math.min(number("distinct") ?? 0, present)
        : Math.min(held, 1) + Math.min(fell, 1),
    distinctIsExact: exact || family === "boolean",
    min: figures.min ?? null,
    max: figures.max ?? null,
    mean: number("mean"),
    standardDeviation: number("spread"),
    nonFiniteCount: finite === null ? null : present - finite,
    zeroCount: count("zero"),
    negativeCount: count("negative"),
    minLength: number("minLength"),
    maxLength: number("maxLength"),
    emptyCount: count("empty"),
    trueCount: held,
  };
}
