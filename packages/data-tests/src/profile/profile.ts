import type { CellValue, DataSource, QueryEngine } from "@deepwright/engines";
import { finiteValue } from "../expectations/row-check.js";
import { type ColumnReference, type PlanContext, planContext } from "../planner/context.js";
import { openSources } from "../planner/run-suite.js";
import { Scan } from "../planner/scan.js";
import { boundNumber, type Fragment, sql, text } from "../sql/fragment.js";
import { argumentInvalid } from "../sql/open-table.js";
import { numeric, type TypeFamily, temporal } from "../sql/type-family.js";
import { askDetails, type ColumnDetails, type KnownFigures, measureOf, noDetails } from "./column-details.js";
import { type ColumnTrait, traitsOf } from "./column-traits.js";
import { shapeOf } from "./shape.js";

/** Figures of one column. What its type does not have is `null`. */
export interface ColumnProfile extends ColumnDetails {
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
  readonly traits: readonly ColumnTrait[];
}

export interface Profile {
  readonly rowCount: number;
  readonly columns: readonly ColumnProfile[];
  /** Pearson's correlation of each pair of numeric columns, where asked for; `null` where it is not defined. */
  readonly correlations: readonly Correlation[];
  readonly statementCount: number;
}

export interface Correlation {
  readonly columns: readonly [string, string];
  readonly value: number | null;
}

export interface ProfileOptions {
  readonly signal?: AbortSignal;
  /** Whether values, shapes and bins are counted, in a second statement. Default: true. */
  readonly details?: boolean;
  /** Most different values of a column that are counted one by one. Default: 1,000. */
  readonly valueLimit?: number;
  /** Most common values and shapes to keep. Default: 20. */
  readonly topCount?: number;
  /** Whether numeric columns are correlated, the first 50 of them. Default: false. */
  readonly correlations?: boolean;
}

const maxCorrelated = 50;

/**
 * Figures of every column. One statement computes all aggregates; a second one counts values, shapes and bins of all columns side
 * by side (48 countings a statement) and is left out without `details`.
 *
 * @example
 * ```ts
 * const { rowCount, columns } = await profile(engine, { kind: "file", path: "sales.csv" });
 * ```
 * @throws DeepwrightError of the engine
 */
export async function profile(engine: QueryEngine, source: DataSource, options: ProfileOptions = {}): Promise<Profile> {
  const { details = true, valueLimit = 1_000, topCount = 20, signal } = options;
  requireWhole("valueLimit", valueLimit);
  requireWhole("topCount", topCount);
  const opened = await openSources(engine, source, signal === undefined ? {} : { signal }, 0);
  const context = planContext(opened, undefined);
  const scan = new Scan();
  const rowCountPlace = scan.add(text("count(*)"), null);
  const columns = opened.table.columns.map(({ name }) => {
    const column = context.column(name);
    const places = Object.entries({
      ...aggregatesOf(column, context),
      ...(details && detailAggregates(column, context)),
    }).map(([figure, aggregate]) => [figure, scan.add(aggregate, null)] as const);
    return { column, places };
  });
  const pairs = options.correlations ? numericPairs(columns.map(({ column }) => column)) : [];
  const pairPlaces = pairs.map(([left, right]) =>
    scan.add(sql`corr(${measured(left, context)}, ${measured(right, context)})`, null),
  );
  const { values, statementCount } = await scan.run(engine, opened.dialect, opened.table, signal);
  const rowCount = Number(values[rowCountPlace]);
  const found = columns.map(({ column, places }) => ({
    column,
    figures: Object.fromEntries(places.map(([figure, place]) => [figure, values[place] ?? null])),
  }));
  const known = found.map(({ column, figures }) => [column, knownFigures(figures)] as const);
  const asked = details
    ? await askDetails(engine, opened.table.from, opened.dialect, known, { valueLimit, topCount }, signal)
    : { details: [], statementCount: 0 };
  return {
    rowCount,
    columns: found.map(({ column, figures }, index) => {
      const exact = context.dialect.approximateDistinct === null;
      const plain = columnProfile(column, rowCount, figures, exact, asked.details[index] ?? noDetails);
      return { ...plain, traits: traitsOf(plain, rowCount) };
    }),
    correlations: pairs.map(([left, right], index) => {
      const value = values[pairPlaces[index] ?? -1] ?? null;
      const number = value === null ? null : Number(value);
      return {
        columns: [left.name, right.name] as const,
        value: number === null || !Number.isFinite(number) ? null : Math.min(1, Math.max(-1, number)),
      };
    }),
    statementCount: statementCount + asked.statementCount,
  };
}

function requireWhole(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw argumentInvalid(`${name} to be a whole number of at least 0`, String(value), "Correct it.");
}

function numericPairs(columns: readonly ColumnReference[]): (readonly [ColumnReference, ColumnReference])[] {
  const numbers = columns.filter(({ family }) => numeric.includes(family)).slice(0, maxCorrelated);
  return numbers.flatMap((left, index) => numbers.slice(index + 1).map((right) => [left, right] as const));
}

const measured = (column: ColumnReference, { dialect }: PlanContext): Fragment =>
  measureOf(column, dialect) ?? text("NULL");

/** What the second statement needs to know before it can bin and choose what to count. */
function detailAggregates(column: ColumnReference, { dialect }: PlanContext): Readonly<Record<string, Fragment>> {
  if (column.family === "text") {
    const shape = shapeOf(dialect.toText(column.sql));
    return { shapes: dialect.approximateDistinct?.(shape) ?? sql`count(DISTINCT ${shape})` };
  }
  const measure = measureOf(column, dialect);
  if (measure === null) return {};
  return {
    measured: sql`count(${measure})`,
    measuredMean: sql`avg(${measure})`,
    measuredSpread: sql`stddev_pop(${measure})`,
    measuredMin: sql`min(${measure})`,
    measuredMax: sql`max(${measure})`,
  };
}

function knownFigures(figures: Readonly<Record<string, CellValue>>): KnownFigures {
  const number = (name: string): number | null => {
    const value = figures[name];
    return value === undefined || value === null ? null : Number(value);
  };
  return {
    distinct: number("distinct") ?? 2,
    distinctShapes: number("shapes") ?? 0,
    finiteCount: number("measured") ?? 0,
    mean: number("measuredMean"),
    deviation: number("measuredSpread"),
    min: number("measuredMin"),
    max: number("measuredMax"),
    maxLength: number("maxLength"),
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
  details: ColumnDetails,
): Omit<ColumnProfile, "traits"> {
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
    ...details,
  };
}
