import type { CellValue, DataSource, QueryEngine } from "@deepwright/engines";
import { finiteValue } from "../expectations/row-check.js";
import { plural } from "../expectations/words.js";
import type { ColumnReference } from "../planner/context.js";
import { type Fragment, join, sql, text, toStatement } from "../sql/fragment.js";
import { argumentInvalid, figure, type OpenTable, openTable, Questions } from "../sql/open-table.js";
import { numeric, temporal } from "../sql/type-family.js";
import type { LeakageFinding } from "./finding.js";
import { chooseBanding, recallOf } from "./minhash.js";
import { type IndexedRow, NearIndex } from "./near-index.js";
import { type ColumnTokens, rowTokens, shingleLength } from "./row-tokens.js";

export interface NearDuplicateOptions {
  /** Columns that are compared. Default: all that both splits have but the key. */
  readonly columns?: readonly string[];
  /** Columns that name a row: shown with pairs, and not compared. */
  readonly key?: readonly string[];
  /** Texts that are compared by pieces of five characters. Default: texts of 30 characters or more on average. */
  readonly textColumns?: readonly string[];
  /** Jaccard similarity of the rows' tokens from which on they are near-duplicates, above 0.3, at most 1. Default: 0.8. */
  readonly threshold?: number;
  /** Probability that a pair at the threshold is found; closer pairs are found more surely. 0.5 .. 0.9999, default 0.99. */
  readonly recall?: number;
  /** Numbers nearer than about this many standard deviations are the same, above 0. Default: 0.001. */
  readonly resolution?: number;
  /** Rows of the smaller split that are held at a time; the other split is read once for each such part. Default: 50,000. */
  readonly rowsAtOnce?: number;
  /** Most pairs in the sample. Default: 10. */
  readonly sampleSize?: number;
  readonly signal?: AbortSignal;
}

export interface NearDuplicates {
  readonly findings: readonly LeakageFinding[];
  /** Pairs found, of which the sample shows some. */
  readonly pairs: number;
  /** Rows of the smaller split that are too common to judge: other rows are like them by chance. */
  readonly tooCommon: number;
  /** Probability with which a pair at the threshold is found. */
  readonly recallAtThreshold: number;
  readonly statementCount: number;
}

/** Two rows are alike by chance with probability 2^-bits; this many bits beside those for the number of pairs make that rare. */
const margin = 10;
const textLength = 30;

/**
 * Rows of two splits that are the same but for little: an edited text, a rounded number, a field changed. Rows become sets of tokens (pieces
 * of text, values, cells of a grid of numbers); MinHash with banding finds candidates, and each is checked exactly. Pairs that chance
 * explains in data of few different values are no finding: what two rows share must be rarer than one in a thousand data sets.
 *
 * @param splits the two splits, training first
 * @example
 * ```ts
 * const { findings } = await nearDuplicates(engine, { train, test }, { key: ["id"] });
 * console.log(findings[0]?.sentence); // 31 of 4,000 rows of "test" are nearly in "train" (similarity 0.8 or more).
 * ```
 * @throws DeepwrightError `ARGUMENT_INVALID`, `COLUMN_MISSING`, or one of the engine
 */
export async function nearDuplicates(
  engine: QueryEngine,
  splits: Readonly<Record<string, DataSource>>,
  options: NearDuplicateOptions = {},
): Promise<NearDuplicates> {
  const { threshold = 0.8, recall = 0.99, rowsAtOnce = 50_000, sampleSize = 10, signal } = options;
  const [firstName, secondName, ...more] = Object.keys(splits);
  if (firstName === undefined || secondName === undefined || more.length > 0) {
    throw argumentInvalid("two splits", Object.keys(splits).join(", ") || "none", "Compare two splits at a time.");
  }
  checkOptions(options);
  const questions = new Questions(signal);
  const tables = [
    { name: firstName, table: await openTable(engine, splits[firstName] as DataSource, signal) },
    { name: secondName, table: await openTable(engine, splits[secondName] as DataSource, signal) },
  ] as const;
  const counts = [await countRows(questions, tables[0].table), await countRows(questions, tables[1].table)] as const;
  const [small, large] = counts[1] <= counts[0] ? [tables[1], tables[0]] : tables;
  const [smallCount, largeCount] = counts[1] <= counts[0] ? [counts[1], counts[0]] : counts;
  const key = (options.key ?? []).map((name) => small.table.column(name));
  const columns = comparedColumns(small.table, large.table, options);
  const tokens = await columnTokens(questions, small.table, columns, options);
  const banding = chooseBanding(threshold, recall);
  const needed = Math.log2(Math.max(2, smallCount * largeCount)) + margin;
  const shown = [...key, ...columns];
  const touched = { small: 0, large: new Set<number>() };
  const sample: Record<string, CellValue>[] = [];
  let [pairs, tooCommon] = [0, 0];
  const matchedLarge = touched.large;
  for await (const part of parts(read(questions, small.table, shown), rowsAtOnce, key.length, tokens)) {
    const index = new NearIndex(part, banding, needed, tokenShare(tokens));
    tooCommon += index.tooCommon;
    const matched = new Set<number>();
    let place = 0;
    for await (const cells of read(questions, large.table, shown)) {
      const row = { cells, tokens: rowTokens(cells.slice(key.length), tokens) };
      for (const { index: found, similarity } of index.similar(row, threshold)) {
        pairs += 1;
        matched.add(found);
        matchedLarge.add(place);
        if (sample.length < sampleSize) {
          sample.push({
            similarity,
            ...named(shown, cells, large.name),
            ...named(shown, (part[found] as IndexedRow).cells, small.name),
          });
        }
      }
      place += 1;
    }
    touched.small += matched.size;
  }
  const recallAtThreshold = recallOf(banding, threshold);
  const onSecond = small.name === secondName;
  const rows = onSecond ? touched.small : matchedLarge.size;
  const considered = onSecond ? smallCount : largeCount;
  const finding: LeakageFinding = {
    kind: "near-duplicates",
    columns: columns.map(({ name }) => name),
    splits: [firstName, secondName],
    rows,
    considered,
    evidence: {
      pairs,
      rowsEarlier: onSecond ? matchedLarge.size : touched.small,
      rowsLater: rows,
      threshold,
      recallAtThreshold,
    },
    sample,
    sentence: `${rows.toLocaleString("en-US")} of ${plural(considered, "row")} of ${JSON.stringify(secondName)} ${rows === 1 ? "is" : "are"} nearly in ${JSON.stringify(firstName)} (similarity ${threshold} or more).`,
  };
  return {
    findings: pairs === 0 ? [] : [finding],
    pairs,
    tooCommon,
    recallAtThreshold,
    statementCount: questions.count,
  };
}

function checkOptions({
  threshold = 0.8,
  recall = 0.99,
  resolution = 0.001,
  rowsAtOnce = 50_000,
}: NearDuplicateOptions): void {
  if (!(threshold > 0.3 && threshold <= 1))
    throw argumentInvalid("a threshold above 0.3, at most 1", String(threshold), "0.8 is usual.");
  if (!(recall >= 0.5 && recall <= 0.9999))
    throw argumentInvalid("a recall in 0.5 .. 0.9999", String(recall), "0.99 is usual.");
  if (!(resolution > 0 && resolution < 10))
    throw argumentInvalid("a resolution above 0, below 10", String(resolution), "0.001 is usual.");
  if (!(Number.isInteger(rowsAtOnce) && rowsAtOnce > 0))
    throw argumentInvalid("rowsAtOnce of at least 1", String(rowsAtOnce), "Give a whole number.");
}

async function countRows(questions: Questions, table: OpenTable): Promise<number> {
  return figure(await questions.row(table, sql`SELECT count(*) AS n FROM ${table.rows("data")}`), "n");
}

function comparedColumns(
  small: OpenTable,
  large: OpenTable,
  { columns, key = [] }: NearDuplicateOptions,
): readonly ColumnReference[] {
  if (columns !== undefined) {
    for (const name of columns) large.column(name);
    return columns.map((name) => small.column(name));
  }
  const theirs = new Set(large.columns.map(({ name }) => name));
  const found = small.columns.filter(({ name }) => theirs.has(name) && !key.includes(name));
  if (found.length === 0)
    throw argumentInvalid("columns that both splits have", "none", "Name the columns to compare.");
  return found;
}

/** Spreads of numbers and lengths of texts, in one scan of the smaller split. */
async function columnTokens(
  questions: Questions,
  table: OpenTable,
  columns: readonly ColumnReference[],
  { resolution = 0.001, textColumns }: NearDuplicateOptions,
): Promise<readonly ColumnTokens[]> {
  const { dialect } = table;
  const figures = columns.flatMap((column, index): Fragment[] => {
    const name = text(`f${index}`);
    if (numeric.includes(column.family)) {
      const value = dialect.toDouble(finiteValue(column));
      return [sql`stddev_samp(CASE WHEN abs(${value}) < 1e140 THEN ${value} END) AS ${name}`];
    }
    return column.family === "text" ? [sql`avg(${dialect.toDouble(dialect.textLength(column.sql))}) AS ${name}`] : [];
  });
  const row =
    figures.length === 0
      ? {}
      : await questions.row(table, sql`SELECT ${join(figures, ", ")} FROM ${table.rows("data")}`);
  return columns.map(({ name, family }, index) => {
    const found = figure(row, `f${index}`);
    if (numeric.includes(family))
      return found > 0 ? { kind: "number", name, width: found * resolution * 2 } : { kind: "value", name };
    const isText = family === "text" && (textColumns?.includes(name) ?? found >= textLength);
    return { kind: isText ? "text" : "value", name };
  });
}

/** Every character of a text is in five pieces, and every other value is two tokens. */
const tokenShare =
  (columns: readonly ColumnTokens[]) =>
  ({ tokens }: IndexedRow): number => {
    const others = 2 * columns.filter(({ kind }) => kind !== "text").length;
    const pieces = Math.max(0, tokens.length - others);
    return (pieces / shingleLength + Math.min(others, tokens.length) / 2) / Math.max(1, tokens.length);
  };

async function* read(
  questions: Questions,
  table: OpenTable,
  columns: readonly ColumnReference[],
): AsyncGenerator<readonly CellValue[]> {
  const list = columns.map(({ name }, index) => {
    const { sql: value, family } = table.column(name);
    return sql`${temporal.includes(family) || family === "other" ? table.dialect.toText(value) : value} AS ${text(`v${index}`)}`;
  });
  const { sql: written, parameters } = toStatement(
    sql`SELECT ${join(list, ", ")} FROM ${table.rows("data")}`,
    table.dialect.cast,
  );
  questions.count += 1;
  const { signal } = questions;
  for await (const batch of table.engine.stream(written, { parameters, ...(signal && { signal }) })) {
    const found = columns.map((_, index) => batch.columns[`v${index}`] ?? []);
    for (let row = 0; row < batch.rowCount; row++) yield found.map((column) => column[row] ?? null);
  }
}

async function* parts(
  rows: AsyncIterable<readonly CellValue[]>,
  most: number,
  keyLength: number,
  columns: readonly ColumnTokens[],
): AsyncGenerator<IndexedRow[]> {
  let part: IndexedRow[] = [];
  for await (const cells of rows) {
    part.push({ cells, tokens: rowTokens(cells.slice(keyLength), columns) });
    if (part.length < most) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

const named = (
  columns: readonly ColumnReference[],
  cells: readonly CellValue[],
  split: string,
): Record<string, CellValue> =>
  Object.fromEntries(columns.map(({ name }, index) => [`${split}.${name}`, cells[index] ?? null]));
