import type { DataSource, QueryEngine } from "@deepwright/engines";
import { jensenShannonDistance, populationStabilityIndex } from "../expectations/distances.js";
import { kolmogorovSurvival } from "../expectations/distribution.js";
import type { ColumnReference } from "../planner/context.js";
import { argumentInvalid, openTable, Questions } from "../sql/open-table.js";
import { numeric, temporal } from "../sql/type-family.js";
import { type CategoryCounts, countCategories } from "./drift-categories.js";
import { type Effect, homogeneity, kolmogorovEffect, type PairCount, totalVariation } from "./drift-effects.js";
import { compareNumbers, type NumberBin, type NumberComparison } from "./drift-numbers.js";
import { rejectedByFalseDiscovery } from "./false-discovery.js";

export interface DriftOptions {
  /** Default: all numbers, texts and booleans of both sides. Dates and timestamps mostly drift by nature, so they must be named. */
  readonly columns?: readonly string[];
  /** Smallest effect that matters, 0 .. 1: a distance of distribution functions or of fractions. Default: 0.1. */
  readonly minEffect?: number;
  /** Expected fraction of columns said to drift that don't, above 0, below 1. Default: 0.05. */
  readonly falseDiscoveryRate?: number;
  /** Bins of numbers with about equal numbers of reference rows, 2 .. 100; for `populationStability` and `jensenShannon`. Default: 10. */
  readonly bins?: number;
  /** Most categories to tell apart, the most frequent ones; 2 .. 10,000. Default: 200. */
  readonly maxCategories?: number;
  readonly signal?: AbortSignal;
}

export interface ColumnDrift {
  readonly column: string;
  readonly kind: "number" | "category" | "time";
  /**
   * `drift`: the effect is greater than `minEffect`, and chance does not explain the excess; `small-change`: the distributions differ, but not
   * by so much as far as can be told; `no-change`: not told apart.
   */
  readonly verdict: "drift" | "small-change" | "no-change";
  /** Kolmogorov-Smirnov distance of numbers, or total variation distance of categories and of what is missing, whichever is greater; 0 .. 1. */
  readonly effect: number;
  /** The greatest effect that chance explains beside a true one of `minEffect`, with 95 % confidence. */
  readonly noiseBand: number;
  /** Bound of the probability of this effect where the true one is at most `minEffect`. */
  readonly pValueOfEffect: number;
  /** Of the same distribution: Kolmogorov-Smirnov or chi-square, and chi-square for what is missing. */
  readonly pValueOfChange: number;
  /** Population stability index over bins or categories, missing and unusable values among them. */
  readonly populationStability: number;
  /** What that index is on average when nothing changed: (bins - 1)(1/n + 1/m) (Yurdakul, 2018, section 3). */
  readonly populationStabilityByChance: number;
  /** 0 .. 1. */
  readonly jensenShannon: number;
  readonly kolmogorovSmirnov: number | null;
  /** Area between the distribution functions, in standard deviations of the reference; `null` where that is 0. */
  readonly wasserstein: number | null;
  readonly chiSquare: number | null;
  readonly totalVariation: number | null;
  /** Fractions of NULL. */
  readonly missingBefore: number;
  readonly missingAfter: number;
  readonly bins: readonly DriftBin[];
  readonly sentence: string;
}

export interface DriftBin extends PairCount {
  /** A category, `low .. high`, `NULL`, `NaN or infinite`, or `other categories`. */
  readonly label: string;
}

export interface DriftReport {
  readonly drifted: readonly string[];
  /** The columns looked at, greatest effect first. */
  readonly columns: readonly ColumnDrift[];
  readonly rowCountBefore: number;
  readonly rowCountAfter: number;
  readonly statementCount: number;
}

interface Measured {
  readonly column: ColumnReference;
  readonly kind: ColumnDrift["kind"];
  readonly bins: readonly DriftBin[];
  readonly counts: { readonly rows: PairCount; readonly missing: PairCount };
  readonly effects: readonly Effect[];
  readonly pValues: readonly number[];
  readonly figures: Pick<ColumnDrift, "kolmogorovSmirnov" | "wasserstein" | "chiSquare" | "totalVariation">;
}

/**
 * How far the columns of two data sets of one engine lie apart, from exact figures of the engine (one statement a column). With many
 * rows any difference is significant, so the verdict is about the size of the effect: a column drifts where the data proves an
 * effect above `minEffect`, at a false discovery rate over all columns.
 *
 * Numbers beyond 1e140 in magnitude are counted with the infinities.
 *
 * @param before the reference (what a model was trained on, say)
 * @example
 * ```ts
 * const { drifted, columns } = await drift(engine, training, lastWeek);
 * console.log(drifted, columns[0]?.effect); // [ 'price' ] 0.31
 * ```
 * @throws DeepwrightError `ARGUMENT_INVALID`, `COLUMN_MISSING`, `COLUMN_TYPE_INVALID`, `NO_ROWS`, or one of the engine
 */
export async function drift(
  engine: QueryEngine,
  before: DataSource,
  after: DataSource,
  options: DriftOptions = {},
): Promise<DriftReport> {
  const { minEffect = 0.1, falseDiscoveryRate = 0.05, bins = 10, maxCategories = 200, signal } = options;
  checkOptions(minEffect, falseDiscoveryRate, bins, maxCategories);
  const [left, right] = [await openTable(engine, before, signal), await openTable(engine, after, signal)];
  const questions = new Questions(signal);
  const theirs = new Set(right.columns.map(({ name }) => name));
  const usual = [...numeric, "text", "boolean"] as const;
  const chosen =
    options.columns?.map((name) => left.column(name, [...usual, ...temporal])) ??
    left.columns.filter(({ name, family }) => theirs.has(name) && usual.some((each) => each === family));
  const measured: Measured[] = [];
  for (const column of chosen) {
    const isNumber = numeric.includes(column.family);
    const other = right.column(
      column.name,
      isNumber ? numeric : temporal.includes(column.family) ? temporal : [column.family],
    );
    if (isNumber || temporal.includes(column.family)) {
      const found = await compareNumbers(questions, { left, right, before: column, after: other }, bins);
      measured.push(measureNumbers(column, isNumber ? "number" : "time", found, minEffect));
    } else {
      measured.push(
        measureCategories(
          column,
          await countCategories(questions, { left, right, before: column, after: other }, maxCategories),
          minEffect,
        ),
      );
    }
  }
  const pValuesOfEffect = measured.map(({ effects }) =>
    Math.min(1, effects.length * Math.min(...effects.map(({ pValue }) => pValue))),
  );
  const pValuesOfChange = measured.map(({ pValues }) => Math.min(1, pValues.length * Math.min(...pValues)));
  const drifts = rejectedByFalseDiscovery(pValuesOfEffect, falseDiscoveryRate);
  const changes = rejectedByFalseDiscovery(pValuesOfChange, falseDiscoveryRate);
  const columns = measured.map((each, index) =>
    report(each, {
      pValueOfEffect: pValuesOfEffect[index] ?? 1,
      pValueOfChange: pValuesOfChange[index] ?? 1,
      verdict: drifts[index] ? "drift" : changes[index] ? "small-change" : "no-change",
    }),
  );
  const rows = measured[0]?.counts.rows ?? { before: 0, after: 0 };
  if (measured.length > 0 && (rows.before === 0 || rows.after === 0)) {
    throw argumentInvalid(
      "rows on both sides",
      `${rows.before} and ${rows.after} rows`,
      "Compare data sets that hold rows.",
    );
  }
  return {
    drifted: columns.filter(({ verdict }) => verdict === "drift").map(({ column }) => column),
    columns: columns.sort((a, b) => b.effect - a.effect),
    rowCountBefore: rows.before,
    rowCountAfter: rows.after,
    statementCount: questions.count,
  };
}

function checkOptions(minEffect: number, rate: number, bins: number, maxCategories: number): void {
  const whole = (value: number, least: number, most: number): boolean =>
    Number.isInteger(value) && value >= least && value <= most;
  if (!(minEffect >= 0 && minEffect < 1))
    throw argumentInvalid("minEffect in 0 .. 1", String(minEffect), "0.1 is a usual bound.");
  if (!(rate > 0 && rate < 1))
    throw argumentInvalid("falseDiscoveryRate between 0 and 1", String(rate), "0.05 is usual.");
  if (!whole(bins, 2, 100)) throw argumentInvalid("bins in 2 .. 100", String(bins), "10 is usual.");
  if (!whole(maxCategories, 2, 10_000))
    throw argumentInvalid("maxCategories in 2 .. 10,000", String(maxCategories), "200 is usual.");
}

const shown = (value: number): string => String(Number(value.toPrecision(4)));

function measureNumbers(
  column: ColumnReference,
  kind: "number" | "time",
  found: NumberComparison,
  minEffect: number,
): Measured {
  const { usable, missing, unusable, rows } = found;
  const named = (bin: NumberBin): DriftBin => ({ ...bin, label: `${shown(bin.low)} .. ${shown(bin.high)}` });
  const presence = [
    { label: "usable", ...usable },
    { label: "NULL", ...missing },
    { label: "NaN or infinite", ...unusable },
  ];
  const gaps = presence.slice(1).filter(({ before, after }) => before + after > 0);
  const hasBoth = usable.before > 0 && usable.after > 0;
  const change = homogeneity(presence);
  return {
    column,
    kind,
    bins: [...found.bins.map(named), ...gaps],
    counts: { rows, missing },
    effects: [
      ...(hasBoth ? [kolmogorovEffect(found.statistic, usable.before, usable.after, minEffect)] : []),
      ...(gaps.length > 0 || !hasBoth ? [totalVariation(presence, minEffect)] : []),
    ],
    pValues: [
      ...(hasBoth ? [kolmogorovSurvival(found.statistic, usable.before, usable.after)] : []),
      ...(gaps.length > 0 || !hasBoth ? [change.pValue] : []),
    ],
    figures: {
      kolmogorovSmirnov: hasBoth ? found.statistic : null,
      wasserstein: hasBoth && found.deviation > 0 ? found.area / found.deviation : null,
      chiSquare: null,
      totalVariation: null,
    },
  };
}

function measureCategories(
  column: ColumnReference,
  { bins, rows, missing }: CategoryCounts,
  minEffect: number,
): Measured {
  const effect = totalVariation(bins, minEffect);
  const { statistic, pValue } = homogeneity(bins);
  return {
    column,
    kind: "category",
    bins,
    counts: { rows, missing },
    effects: [effect],
    pValues: [pValue],
    figures: { kolmogorovSmirnov: null, wasserstein: null, chiSquare: statistic, totalVariation: effect.effect },
  };
}

function report(
  { column, kind, bins, counts, effects, figures }: Measured,
  decision: Pick<ColumnDrift, "verdict" | "pValueOfEffect" | "pValueOfChange">,
): ColumnDrift {
  const { rows, missing } = counts;
  const sample = {
    observed: bins.map(({ after }) => after),
    expected: bins.map(({ before }) => before / Math.max(1, rows.before)),
  };
  const greatest = effects.reduce((best, each) => (each.effect > best.effect ? each : best));
  const words = {
    drift: "drifts",
    "small-change": "changes, but not by more than matters",
    "no-change": "shows no change",
  }[decision.verdict];
  return {
    column: column.name,
    kind,
    ...decision,
    effect: greatest.effect,
    noiseBand: greatest.noiseBand,
    populationStability: populationStabilityIndex(sample),
    populationStabilityByChance:
      Math.max(0, bins.length - 1) * (1 / Math.max(1, rows.before) + 1 / Math.max(1, rows.after)),
    jensenShannon: jensenShannonDistance(sample),
    ...figures,
    missingBefore: missing.before / Math.max(1, rows.before),
    missingAfter: missing.after / Math.max(1, rows.after),
    bins,
    sentence: `${JSON.stringify(column.name)} ${words}: its distributions lie ${shown(greatest.effect)} apart (chance explains up to ${shown(Math.min(1, greatest.noiseBand))}).`,
  };
}
