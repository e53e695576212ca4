import type { CellValue, DataSource, QueryEngine } from "@deepwright/engines";
import { plural } from "../expectations/words.js";
import { argumentInvalid } from "../sql/open-table.js";
import { diffTables } from "./diff-tables.js";
import { guessSkew } from "./skew-guesses.js";
import type { SkewGuess, SkewPair } from "./skew-hypothesis.js";
import { neighborValues, rowName } from "./skew-neighbors.js";
import type { CellChange } from "./table-diff.js";
import type { Tolerance } from "./tolerance.js";

export interface SkewOptions {
  /** Columns that name a row on both sides. */
  readonly key: readonly string[];
  /** Columns of `training` that order rows in time, so that a shift by rows can be found. Default: the key. */
  readonly orderBy?: readonly string[];
  /** Columns within whose values rows follow each other (the customer, say). Default: none. */
  readonly entity?: readonly string[];
  readonly tolerances?: Readonly<Record<string, Tolerance>>;
  readonly ignore?: readonly string[];
  /** Engine of `serving`. Default: that of `training`. */
  readonly servingEngine?: QueryEngine;
  /** Differing cells of each feature to guess from, 10 .. 10,000. Default: 1,000. */
  readonly pairs?: number;
  readonly signal?: AbortSignal;
}

export interface FeatureSkew {
  readonly feature: string;
  /** Exact. */
  readonly differingCells: number;
  /** Fraction of the matched rows, 0 .. 1. */
  readonly rate: number;
  /** Of differing numbers among those looked at, or of times in seconds; `null` where there are none. */
  readonly medianDifference: number | null;
  readonly maxDifference: number | null;
  /** Cells that sizes and guesses are taken from. */
  readonly lookedAt: number;
  /** Likely kinds of error, the one that explains most first. */
  readonly guesses: readonly SkewGuess[];
  readonly sample: readonly CellChange[];
  readonly sentence: string;
}

export interface SkewReport {
  /** Features that differ, highest rate first. */
  readonly features: readonly FeatureSkew[];
  readonly matchedRows: number;
  /** Rows of one path that the other lacks, or that their key does not name. */
  readonly onlyTraining: number;
  readonly onlyServing: number;
  /** Columns of one path only. */
  readonly missingFeatures: readonly string[];
  readonly extraFeatures: readonly string[];
  readonly sentence: string;
}

/**
 * Compares the same rows as the training path and as the serving path computed them, cell by cell and all of them, names the features that
 * differ, and guesses from the data what was done to each: a unit factor, a shift by rows, rounding, a default for missing
 * values, another coding of categories, a time zone.
 *
 * @example
 * ```ts
 * const { features } = await trainServeSkew(engine, training, served, { key: ["request"] });
 * console.log(features[0]?.sentence);
 * // "distance" differs in 980 of 1,000 rows (98 %): when serving it is multiplied by 1000 (...).
 * ```
 * @throws DeepwrightError `ARGUMENT_INVALID`, `COLUMN_MISSING`, or one of the engine
 */
export async function trainServeSkew(
  engine: QueryEngine,
  training: DataSource,
  serving: DataSource,
  options: SkewOptions,
): Promise<SkewReport> {
  const { key, pairs = 1_000, servingEngine, signal, tolerances, ignore } = options;
  if (!(Number.isInteger(pairs) && pairs >= 10 && pairs <= 10_000)) {
    throw argumentInvalid("pairs in 10 .. 10,000", String(pairs), "Give how many cells of each feature to guess from.");
  }
  const diff = await diffTables(engine, training, serving, {
    key,
    sampleSize: pairs,
    ...(tolerances && { tolerances }),
    ...(ignore && { ignore }),
    ...(servingEngine && { afterEngine: servingEngine }),
    ...(signal && { signal }),
  });
  const neighbors = await neighborValues(engine, training, diff.changedColumns, {
    key,
    orderBy: options.orderBy ?? key,
    entity: options.entity ?? [],
    ...(signal && { signal }),
  });
  const features = diff.changedColumns.map(({ column, changedCells, sample }): FeatureSkew => {
    const near = neighbors.get(column);
    const looked = sample.map(({ key: name, before, after }): SkewPair => {
      const around = near?.get(rowName(name));
      return { training: before, serving: after, ...(around && { neighbors: around }) };
    });
    const guesses = guessSkew(looked);
    const rate = diff.matchedRows === 0 ? 0 : changedCells / diff.matchedRows;
    return {
      feature: column,
      differingCells: changedCells,
      rate,
      ...differenceSizes(looked),
      lookedAt: looked.length,
      guesses,
      sample: sample.slice(0, 10),
      sentence: featureSentence(column, changedCells, diff.matchedRows, rate, guesses),
    };
  });
  const names = features.map(({ feature }) => JSON.stringify(feature)).join(", ");
  return {
    features,
    matchedRows: diff.matchedRows,
    onlyTraining: diff.removedRows,
    onlyServing: diff.addedRows,
    missingFeatures: diff.removedColumns,
    extraFeatures: diff.addedColumns,
    sentence:
      features.length === 0
        ? `No feature differs in ${plural(diff.matchedRows, "row")}.`
        : `${plural(features.length, "feature")} of ${plural(diff.matchedRows, "row")} ${features.length === 1 ? "differs" : "differ"}: ${names}.`,
  };
}

function featureSentence(
  column: string,
  cells: number,
  rows: number,
  rate: number,
  guesses: readonly SkewGuess[],
): string {
  const words = guesses.map(({ words: each, explains }) =>
    explains === 0 || explains > 0.995 ? each : `${each} (${Math.round(explains * 100)} % of them)`,
  );
  return `${JSON.stringify(column)} differs in ${cells.toLocaleString("en-US")} of ${plural(rows, "row")} (${Number((rate * 100).toPrecision(3))} %): when serving it ${words.join("; it ")}.`;
}

function differenceSizes(pairs: readonly SkewPair[]): Pick<FeatureSkew, "medianDifference" | "maxDifference"> {
  const differences = pairs
    .map(({ training, serving }) => Math.abs(asNumber(serving) - asNumber(training)))
    .filter(Number.isFinite)
    .sort((left, right) => left - right);
  if (differences.length === 0) return { medianDifference: null, maxDifference: null };
  return {
    medianDifference: differences[Math.floor((differences.length - 1) / 2)] ?? null,
    maxDifference: differences.at(-1) ?? null,
  };
}

function asNumber(cell: CellValue): number {
  if (typeof cell === "number" || typeof cell === "bigint") return Number(cell);
  return typeof cell === "string" && /^\d{4}-\d\d-\d\d/.test(cell) ? Date.parse(cell) / 1000 : Number.NaN;
}
