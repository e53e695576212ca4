import {
  compareFingerprints,
  type DataFingerprint,
  type DataSource,
  type FingerprintComparison,
  type QueryEngine,
} from "@deepwright/engines";
import { sql } from "../sql/fragment.js";
import { argumentInvalid, figure, type OpenTable, openTable, Questions } from "../sql/open-table.js";
import { keyColumns, type MatchedColumns, matchColumns } from "./columns.js";
import { diffAcrossEngines } from "./diff-across-engines.js";
import { diffByKey } from "./diff-by-key.js";
import { diffMultisets } from "./diff-multisets.js";
import { type DiffFigures, describeDiff, type TableDiff } from "./table-diff.js";
import { checkTolerance, type Tolerance } from "./tolerance.js";

export interface DiffOptions {
  /** Columns that together name a row. Without it rows are compared as a multiset, and no cell is said to be changed. */
  readonly key?: readonly string[];
  /** By column; needs a key. */
  readonly tolerances?: Readonly<Record<string, Tolerance>>;
  /** Columns to leave out. */
  readonly ignore?: readonly string[];
  /** Engine of `after`. Default: that of `before`. */
  readonly afterEngine?: QueryEngine;
  /** Most rows or cells in each sample, 0 .. 10,000. Default: 10. */
  readonly sampleSize?: number;
  /** Across engines: about how many rows of each side to hold at a time. Default: 100,000. */
  readonly rowsAtOnce?: number;
  readonly signal?: AbortSignal;
}

/** What a way of comparing finds out about the rows. */
export type RowFigures = Pick<
  DiffFigures,
  | "matchedRows"
  | "addedRows"
  | "removedRows"
  | "changedRows"
  | "ambiguousRowsBefore"
  | "ambiguousRowsAfter"
  | "changedColumns"
  | "addedSample"
  | "removedSample"
  | "fetchedRows"
>;

export interface DiffTask {
  readonly before: OpenTable;
  readonly after: OpenTable;
  readonly matched: MatchedColumns;
  readonly key: ReturnType<typeof keyColumns> | null;
  readonly tolerances: Readonly<Record<string, Tolerance>>;
  readonly sampleSize: number;
  readonly questions: Questions;
}

const noRows: RowFigures = {
  matchedRows: 0,
  addedRows: 0,
  removedRows: 0,
  changedRows: 0,
  ambiguousRowsBefore: 0,
  ambiguousRowsAfter: 0,
  changedColumns: [],
  addedSample: [],
  removedSample: [],
  fetchedRows: 0,
};

/**
 * What changed from one data set to another: rows added and removed, cells changed by column, columns added, removed and
 * retyped, or only the order of rows. The engine compares, and fingerprints tell another order where nothing else differs.
 * Data on two engines is compared by fingerprints of buckets of the key, and only the rows of buckets that differ are fetched.
 *
 * NULL equals NULL, NaN equals NaN, 0 equals -0, and a number equals the same number of another type. Values of types that can't be
 * compared (a number that became text) are compared as text.
 *
 * @param before the older data, of `engine`
 * @param after the newer data, of `options.afterEngine` or the same engine
 * @example
 * ```ts
 * const { verdict, sentence } = await diffTables(engine, yesterday, today, { key: ["id"] });
 * console.log(verdict, sentence); // other-rows 1 row added, 2 rows changed ("price" in 2).
 * ```
 * @throws DeepwrightError `ARGUMENT_INVALID`, `COLUMN_MISSING` for a key that a side lacks, or one of the engine
 */
export async function diffTables(
  engine: QueryEngine,
  before: DataSource,
  after: DataSource,
  options: DiffOptions = {},
): Promise<TableDiff> {
  const { key, tolerances = {}, sampleSize = 10, rowsAtOnce = 100_000, signal, ignore = [] } = options;
  checkOptions(options);
  const afterEngine = options.afterEngine ?? engine;
  const questions = new Questions(signal);
  const left = without(await openTable(engine, before, signal), ignore);
  const right = without(await openTable(afterEngine, after, signal), ignore);
  const matched = matchColumns(left, right);
  const task: DiffTask = {
    before: left,
    after: right,
    matched,
    key: key === undefined ? null : keyColumns(key, matched, left, right),
    tolerances,
    sampleSize,
    questions,
  };
  for (const name of Object.keys(tolerances)) {
    left.column(name);
    right.column(name);
  }
  const counts = [await countRows(task, left), await countRows(task, right)] as const;
  const rows =
    matched.common.length === 0
      ? { ...noRows, addedRows: Math.max(0, counts[1] - counts[0]), removedRows: Math.max(0, counts[0] - counts[1]) }
      : afterEngine !== engine
        ? await diffAcrossEngines(task, { before, after, rowsAtOnce, rowCount: Math.max(...counts) })
        : task.key === null
          ? await diffMultisets(task)
          : await diffByKey(task, task.key);
  const noneDiffers = rows.addedRows + rows.removedRows + rows.changedRows === 0;
  const prints = noneDiffers ? await bothPrints(task, [before, after], ignore) : null;
  const rowsAreSame = prints?.verdict.startsWith("same-rows") ?? false;
  const figures: DiffFigures = {
    orderKnown: prints !== null && !prints.orderUnknown,
    rowCountBefore: counts[0],
    rowCountAfter: counts[1],
    addedColumns: matched.added,
    removedColumns: matched.removed,
    retypedColumns: matched.retyped,
    ...rows,
    ...(rowsAreSame && key === undefined && { matchedRows: counts[0] }),
    statementCount: questions.count,
  };
  return describeDiff(figures, {
    rowsAreSame: rowsAreSame || key === undefined,
    otherOrder: prints?.verdict === "same-rows-other-order",
  });
}

async function countRows({ questions }: DiffTask, table: OpenTable): Promise<number> {
  return figure(await questions.row(table, sql`SELECT count(*) AS n FROM ${table.rows("data")}`), "n");
}

/** Tells another order, and differences within the tolerances. A fingerprint costs more than a join, so it is taken last. */
async function bothPrints(
  { before, after, questions }: DiffTask,
  sources: readonly [DataSource, DataSource],
  ignore: readonly string[],
): Promise<FingerprintComparison> {
  const { signal } = questions;
  const print = (table: OpenTable, source: DataSource): Promise<DataFingerprint> => {
    questions.count += 1;
    return table.engine.fingerprint(narrowed(table, source, ignore), signal && { signal });
  };
  return compareFingerprints(await print(before, sources[0]), await print(after, sources[1]));
}

function checkOptions({ key, tolerances = {}, sampleSize = 10, rowsAtOnce = 100_000 }: DiffOptions): void {
  if (key !== undefined && key.length === 0) {
    throw argumentInvalid("at least one key column", "none", "Name the columns that name a row, or leave `key` out.");
  }
  if (key === undefined && Object.keys(tolerances).length > 0) {
    throw argumentInvalid(
      "a key with tolerances",
      "no key",
      "Rows without a key have no partner to be near to: name a key.",
    );
  }
  for (const [name, tolerance] of Object.entries(tolerances)) checkTolerance(name, tolerance);
  if (!(Number.isInteger(sampleSize) && sampleSize >= 0 && sampleSize <= 10_000)) {
    throw argumentInvalid("a sample size in 0 .. 10,000", String(sampleSize), "Give a whole number.");
  }
  if (!(Number.isInteger(rowsAtOnce) && rowsAtOnce > 0)) {
    throw argumentInvalid("rowsAtOnce of at least 1", String(rowsAtOnce), "Give a whole number.");
  }
}

function without(table: OpenTable, ignore: readonly string[]): OpenTable {
  const left = new Set(ignore);
  return { ...table, columns: table.columns.filter(({ name }) => !left.has(name)) };
}

function narrowed(table: OpenTable, source: DataSource, ignore: readonly string[]): DataSource {
  if (ignore.length === 0) return source;
  const names = table.columns.map(({ name }) => table.engine.quoteIdentifier(name));
  return { kind: "query", sql: `SELECT ${names.join(", ")} FROM ${table.engine.fromClause(source)}` };
}
