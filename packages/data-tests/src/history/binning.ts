import type { Dialect } from "../sql/dialect.js";
import { bound, type Fragment, sql, text } from "../sql/fragment.js";
import type { Binning, NumberState } from "./state.js";

/** Relative error of a distance from the origin that a bin stands for. */
const relativeError = 0.01;

/**
 * Bins for a column, from the figures of its first partition: the distance from the mean is kept to 1 %, but not finer than a
 * thousandth of the standard deviation.
 */
export function binningFor({ count, mean, squares }: Pick<NumberState, "count" | "mean" | "squares">): Binning {
  const deviation = count > 0 ? Math.sqrt(squares / count) : 0;
  const floor = Math.max(deviation > 0 ? deviation / 1000 : Math.max(Math.abs(mean), 1) * 1e-6, 1e-100);
  return { origin: mean, floor, error: relativeError };
}

/** Ratio of a bin's upper bound to its lower one. */
const growth = ({ error }: Binning): number => (1 + error) / (1 - error);

/**
 * The bin of a number as text: 0 up to `floor` from the origin, else the number of the power of γ = (1 + α) / (1 - α) that
 * bounds the distance, signed. These are the buckets of DDSketch (C. Masson, J. E. Rim, H. K. Lee, "DDSketch: a fast and
 * fully-mergeable quantile sketch with relative-error guarantees", PVLDB 12, 2019, section 2.1), moved to an origin.
 */
export function binKey(value: Fragment, binning: Binning, dialect: Dialect): Fragment {
  const [origin, floor] = [bound(binning.origin, "double"), bound(binning.floor, "double")];
  const perPower = bound(1 / Math.log(growth(binning)), "double");
  const power = (distance: Fragment): Fragment =>
    dialect.toText(sql`CAST(ceil(ln(${distance} / ${floor}) * ${perPower}) AS BIGINT)`);
  const [above, below] = [sql`(${value} - ${origin})`, sql`(${origin} - ${value})`];
  return sql`CASE WHEN ${above} > ${floor} THEN ${power(above)} WHEN ${below} > ${floor} THEN ${text("'-' || ")}${power(below)} WHEN ${value} IS NOT NULL THEN '0' ELSE 'none' END`;
}

/** The number that a bin stands for: within the relative error of every distance in it (DDSketch, lemma 2). */
export function binValue(bin: number, binning: Binning): number {
  if (bin === 0) return binning.origin;
  const gamma = growth(binning);
  const distance = (2 * binning.floor * gamma ** Math.abs(bin)) / (gamma + 1);
  return binning.origin + Math.sign(bin) * distance;
}

/**
 * The smallest number whose cumulative fraction is at least `probability`, at most max(floor, error x its distance from the
 * origin) away; `null` where there is none.
 *
 * @param probability 0 .. 1; 0 and 1 give the exact extremes
 */
export function binnedQuantile(numbers: NumberState, probability: number): number | null {
  const { bins, count, min, max } = numbers;
  if (bins === null || min === null || max === null) return null;
  if (probability <= 0) return min;
  if (probability >= 1) return max;
  const sorted = Object.entries(bins.counts)
    .map(([bin, size]) => [Number(bin), size] as const)
    .sort(([left], [right]) => left - right);
  const rank = Math.ceil(probability * count);
  let below = 0;
  for (const [bin, size] of sorted) {
    below += size;
    if (below >= rank) return Math.min(max, Math.max(min, binValue(bin, bins.binning)));
  }
  return max;
}
