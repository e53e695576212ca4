import type { CellValue, DataSource, QueryEngine } from "@deepwright/engines";
import { boundNumber, boundText, join, sql, text } from "../sql/fragment.js";
import { argumentInvalid, figure, type OpenTable, openTable, Questions } from "../sql/open-table.js";
import { numeric } from "../sql/type-family.js";
import { type Cell, cellWords } from "./cell.js";
import { type ColumnCells, columnCells, usualQuantiles } from "./column-cells.js";
import { coverGreedily } from "./cover.js";

export interface RareOptions {
  /** Rows of a random sample that is to be judged (a test set, say); at least 1. */
  readonly sampleSize: number;
  /** Columns that are combined. Default: all numbers, texts, booleans and dates. */
  readonly columns?: readonly string[];
  /** Columns in a combination: 1, 2 or 3. Default: 2 (every pair of columns). */
  readonly strength?: 1 | 2 | 3;
  /** Combinations that the sample lacks at least so probably are rare; above 0, below 1. Default: 0.5. */
  readonly minMissProbability?: number;
  /** Columns with more values are cut by quantiles where they are numbers, else left out. 2 .. 1,000, default 50. */
  readonly maxValues?: number;
  /** Fractions at which numbers are cut, rising within 0 .. 1. Default: thin tails and quarters. */
  readonly quantiles?: readonly number[];
  /** Most combinations to find, the rarest ones; 1 .. 100,000. Default: 5,000. */
  readonly maxCombinations?: number;
  readonly signal?: AbortSignal;
}

export interface Combination {
  /** By column, in the order of their names. */
  readonly cells: Readonly<Record<string, Cell>>;
  /** Rows of the full set; exact. */
  readonly rowCount: number;
  /** (1 - p)^n: probability that a random sample of n rows lacks it, where p is its fraction of the rows. */
  readonly missProbability: number;
}

export interface EdgeCase {
  readonly row: Readonly<Record<string, CellValue>>;
  /** The rare combinations that the row is an example of. */
  readonly covers: readonly Combination[];
}

export interface RareCombinations {
  readonly combinations: readonly Combination[];
  /** Rows that together hold every one of the combinations, as few as a greedy choice finds. */
  readonly edgeCases: readonly EdgeCase[];
  /** How many of the combinations a sample lacks on average: the sum of their probabilities. */
  readonly expectedMissing: number;
  /** Columns of too many values. */
  readonly skippedColumns: readonly string[];
  readonly rowCount: number;
  /** False where there were more than `maxCombinations`. */
  readonly complete: boolean;
  readonly statementCount: number;
  readonly sentence: string;
}

/** So many groupings in one statement. */
const setsAtOnce = 64;
const hashesAtOnce = 500;
const families = [...numeric, "text", "boolean", "date"] as const;

/**
 * The combinations of two (or three) columns' values that are in the data but rare, so that a random sample of n rows probably lacks them, and
 * rows that hold them all. Counts are exact, of all rows. Pairs are what most failures need (D. R. Kuhn, D. R. Wallace and
 * A. M. Gallo, "Software fault interactions and implications for software testing", IEEE Trans. Softw. Eng. 30 (2004), table 2).
 *
 * @example
 * ```ts
 * const { combinations, edgeCases, sentence } = await rareCombinations(engine, all, { sampleSize: 10_000 });
 * console.log(sentence);
 * // 212 combinations of 2 columns are missing from a sample of 10,000 rows with a probability of 50 % or more; 61 rows hold them all.
 * ```
 * @throws DeepwrightError `ARGUMENT_INVALID`, `COLUMN_MISSING`, `COLUMN_TYPE_INVALID`, or one of the engine
 */
export async function rareCombinations(
  engine: QueryEngine,
  source: DataSource,
  options: RareOptions,
): Promise<RareCombinations> {
  const {
    sampleSize,
    strength = 2,
    minMissProbability = 0.5,
    maxValues = 50,
    quantiles = usualQuantiles,
    maxCombinations = 5_000,
    signal,
  } = options;
  checkOptions({ ...options, strength, minMissProbability, maxValues, quantiles, maxCombinations });
  const table = await openTable(engine, source, signal);
  const questions = new Questions(signal);
  const chosen =
    options.columns?.map((name) => table.column(name, families)) ??
    table.columns.filter(({ family }) => families.some((each) => each === family));
  const { cells, skipped, rowCount } = await columnCells(questions, table, chosen, { maxValues, quantiles });
  if (cells.length < strength) {
    throw argumentInvalid(
      `at least ${strength} columns to combine`,
      `${cells.length}`,
      "Name columns of few values, or numbers.",
    );
  }
  // (1 - k/N)^n >= q  <=>  k <= N (1 - q^(1/n)).
  const mostRows = Math.floor(rowCount * -Math.expm1(Math.log(minMissProbability) / sampleSize) + 1e-9);
  const found =
    mostRows < 1
      ? []
      : await rareGroups(questions, table, cells, subsets(cells.length, strength), mostRows, maxCombinations + 1);
  const kept = found.slice(0, maxCombinations);
  const missProbability = (count: number): number =>
    count >= rowCount ? 0 : Math.exp(sampleSize * Math.log1p(-count / rowCount));
  const combinations = kept.map(
    ({ places, labels, count }): Combination => ({
      cells: Object.fromEntries(
        places
          .map(
            (place, index) =>
              [
                (cells[place] as ColumnCells).column.name,
                (cells[place] as ColumnCells).cellOf(labels[index] ?? ""),
              ] as const,
          )
          .sort(([left], [right]) => (left < right ? -1 : 1)),
      ),
      rowCount: count,
      missProbability: missProbability(count),
    }),
  );
  const rows = await exampleRows(questions, table, cells, [...new Set(kept.map(({ example }) => example))]);
  const place = new Map(kept.map((group, index) => [groupKey(group.places, group.labels), index]));
  const covering = rows.map(({ labels }) => {
    const sets = subsets(cells.length, strength).map((places) =>
      place.get(
        groupKey(
          places,
          places.map((each) => labels[each] ?? ""),
        ),
      ),
    );
    return sets.filter((index) => index !== undefined);
  });
  const edgeCases = coverGreedily(covering, combinations.length).map(
    (index): EdgeCase => ({
      row: rows[index]?.row ?? {},
      covers: (covering[index] ?? []).map((each) => combinations[each] as Combination),
    }),
  );
  const expectedMissing = combinations.reduce((sum, each) => sum + each.missProbability, 0);
  return {
    combinations,
    edgeCases,
    expectedMissing,
    skippedColumns: skipped,
    rowCount,
    complete: found.length <= maxCombinations,
    statementCount: questions.count,
    sentence: `${combinations.length.toLocaleString("en-US")} combinations of ${strength} ${strength === 1 ? "column" : "columns"} are missing from a sample of ${sampleSize.toLocaleString("en-US")} rows with a probability of ${Number((100 * minMissProbability).toPrecision(3))} % or more; ${edgeCases.length.toLocaleString("en-US")} rows hold them all.`,
  };
}

function checkOptions(options: Required<Omit<RareOptions, "columns" | "signal">>): void {
  const { sampleSize, strength, minMissProbability, maxValues, quantiles, maxCombinations } = options;
  const whole = (value: number, least: number, most: number): boolean =>
    Number.isInteger(value) && value >= least && value <= most;
  if (!whole(sampleSize, 1, Number.MAX_SAFE_INTEGER))
    throw argumentInvalid("a sampleSize of at least 1", String(sampleSize), "Give the rows of the sample.");
  if (!whole(strength, 1, 3)) throw argumentInvalid("a strength of 1, 2 or 3", String(strength), "2 is usual.");
  if (!(minMissProbability > 0 && minMissProbability < 1))
    throw argumentInvalid("minMissProbability between 0 and 1", String(minMissProbability), "0.5 is usual.");
  if (!whole(maxValues, 2, 1_000)) throw argumentInvalid("maxValues in 2 .. 1,000", String(maxValues), "50 is usual.");
  if (!whole(maxCombinations, 1, 100_000))
    throw argumentInvalid("maxCombinations in 1 .. 100,000", String(maxCombinations), "5,000 is usual.");
  const rises = quantiles.every((quantile, index) => quantile > (quantiles[index - 1] ?? 0) && quantile < 1);
  if (quantiles.length === 0 || !rises)
    throw argumentInvalid(
      "quantiles that rise within 0 .. 1",
      quantiles.join(", "),
      "Leave them out for the usual ones.",
    );
}

/** All sets of so many of the places 0 .. n - 1, in order. */
function subsets(n: number, size: number): number[][] {
  if (size === 0) return [[]];
  return subsets(n, size - 1).flatMap((set) =>
    Array.from({ length: n - 1 - (set.at(-1) ?? -1) }, (_, index) => [...set, (set.at(-1) ?? -1) + 1 + index]),
  );
}

const groupKey = (places: readonly number[], labels: readonly string[]): string => JSON.stringify([places, labels]);

interface RareGroup {
  readonly places: readonly number[];
  readonly labels: readonly string[];
  readonly count: number;
  /** Name of one of its rows. */
  readonly example: string;
}

const rowName = (table: OpenTable) =>
  table.dialect.md5(
    join(
      table.columns.map(({ sql: value }) => sql`coalesce(${table.dialect.toText(value)}, '~')`),
      " || ',' || ",
    ),
  );

function labelled(table: OpenTable, cells: readonly ColumnCells[]) {
  return join(
    [...cells.map(({ label }, index) => sql`${label} AS ${text(`g${index}`)}`), sql`${rowName(table)} AS row_name`],
    ", ",
  );
}

async function rareGroups(
  questions: Questions,
  table: OpenTable,
  cells: readonly ColumnCells[],
  sets: readonly (readonly number[])[],
  mostRows: number,
  limit: number,
): Promise<RareGroup[]> {
  const found: RareGroup[] = [];
  for (let start = 0; start < sets.length; start += setsAtOnce) {
    const chunk = sets.slice(start, start + setsAtOnce);
    const used = [...new Set(chunk.flat())].sort((a, b) => a - b);
    const names = join(
      used.map((place) => text(`g${place}`)),
      ", ",
    );
    const grouping = join(
      chunk.map(
        (set) =>
          sql`(${join(
            set.map((place) => text(`g${place}`)),
            ", ",
          )})`,
      ),
      ", ",
    );
    // Labels are never NULL, so NULL says that a column is not in the set.
    const rows = await questions.rows(
      table,
      sql`SELECT ${names}, count(*) AS n, min(row_name) AS example FROM (SELECT ${labelled(table, cells)} FROM ${table.rows("data")}) AS labelled GROUP BY GROUPING SETS (${grouping}) HAVING count(*) <= ${boundNumber(mostRows)} ORDER BY n, example, ${names} LIMIT ${text(String(limit))}`,
    );
    for (const row of rows) {
      const places = used.filter((place) => row[`g${place}`] !== null);
      found.push({
        places,
        labels: places.map((place) => String(row[`g${place}`])),
        count: figure(row, "n"),
        example: String(row.example),
      });
    }
  }
  return found
    .sort(
      (left, right) =>
        left.count - right.count || compare(groupKey(left.places, left.labels), groupKey(right.places, right.labels)),
    )
    .slice(0, limit);
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** One row of each name, with its labels. */
async function exampleRows(
  questions: Questions,
  table: OpenTable,
  cells: readonly ColumnCells[],
  examples: readonly string[],
) {
  const found = new Map<string, { labels: string[]; row: Record<string, CellValue> }>();
  for (let start = 0; start < examples.length; start += hashesAtOnce) {
    const chunk = examples.slice(start, start + hashesAtOnce);
    const values = join(
      table.columns.map(({ sql: value }, index) => sql`${value} AS ${text(`v${index}`)}`),
      ", ",
    );
    const rows = await questions.rows(
      table,
      sql`SELECT * FROM (SELECT ${values}, ${labelled(table, cells)} FROM ${table.rows("data")}) AS labelled WHERE ${table.dialect.inList(text("row_name"), chunk.map(boundText))}`,
    );
    for (const row of rows) {
      found.set(String(row.row_name), {
        labels: cells.map((_, index) => String(row[`g${index}`])),
        row: Object.fromEntries(table.columns.map(({ name }, index) => [name, row[`v${index}`] ?? null])),
      });
    }
  }
  return [...found].sort(([left], [right]) => compare(left, right)).map(([, each]) => each);
}

/** `price 100 .. 250, country "FR"`. */
export const combinationWords = ({ cells }: Pick<Combination, "cells">): string =>
  Object.entries(cells)
    .map(([name, cell]) => `${name} ${cellWords(cell)}`)
    .join(", ");
