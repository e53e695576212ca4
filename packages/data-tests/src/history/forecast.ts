import { median, ridge, studentT } from "@deepwright/stats";

/** A value of the past on the metric's scale. */
export interface PastValue {
  /** Days, or numbers in order. */
  readonly time: number;
  /** 0 .. 6; `null` where the partitions are no days. */
  readonly weekday: number | null;
  readonly value: number;
  readonly samplingDeviation: number;
}

/** What the next value is expected to be, on the metric's scale. */
export interface Forecast {
  readonly center: number;
  /** Standard deviation of the next value about the center, the center's own error included; 0 for an unvarying past. */
  readonly deviation: number;
  readonly degreesOfFreedom: number;
  /** Past values that count. */
  readonly valueCount: number;
  /** Past values that were left out, because they were anomalies themselves. */
  readonly outlierCount: number;
  readonly weekdays: boolean;
}

/** Weeks of history from which weekdays are told apart. */
const weekdayWeeks = 3;
/** Robust standard deviations beyond which a past value is an anomaly itself. */
const outlierDeviations = 6;
/** Largest share of the past that may be left out: what is more common is how the data is. */
const outlierShare = 0.25;

/**
 * Level, linear trend and, from three weeks on, weekdays, by least squares without the past's own outliers.
 *
 * @param past in order of time
 * @param next the value's time, weekday and least deviation
 * @returns `null` where the weekday was seen less than twice, while others are told apart
 */
export function forecast(past: readonly PastValue[], next: Omit<PastValue, "value">): Forecast | null {
  const weekdays = hasWeekdays(past) && next.weekday !== null;
  const seen = (weekday: number): number => past.filter((each) => each.weekday === weekday).length;
  if (weekdays && seen(next.weekday as number) < 2) return null;
  const told = weekdays ? [0, 1, 2, 3, 4, 5, 6].filter((weekday) => seen(weekday) >= 2) : [];
  const usable = weekdays ? past.filter(({ weekday }) => told.includes(weekday as number)) : past;
  const span = Math.max(1, next.time - (usable[0]?.time ?? 0));
  const rowOf = ({ time, weekday }: Pick<PastValue, "time" | "weekday">): number[] => [
    1,
    (time - next.time) / span,
    ...told.slice(1).map((each) => (weekday === each ? 1 : 0)),
  ];
  const kept = withoutOutliers(usable, rowOf);
  // A weekday that only outliers held could not be told apart any more.
  const values = told.every((weekday) => kept.some((each) => each.weekday === weekday)) ? kept : usable;
  const row = rowOf(next);
  const fit = ridge(
    values.map(rowOf),
    values.map(({ value }) => value),
    row.map(() => 0),
  );
  const degreesOfFreedom = values.length - row.length;
  if (degreesOfFreedom < 1) return null;
  const center = row.reduce((sum, x, j) => sum + x * (fit.coefficients[j] as number), 0);
  const leverage = row.reduce(
    (sum, x, j) =>
      sum + x * row.reduce((inner, y, k) => inner + ((fit.covariance[j] as Float64Array)[k] as number) * y, 0),
    0,
  );
  const size = values.reduce((largest, { value }) => Math.max(largest, Math.abs(value)), Math.abs(center));
  const residual = Math.sqrt(fit.residualSquares / degreesOfFreedom);
  // What is left of an even past are rounding errors.
  const variance = residual <= 1e-9 * size ? 0 : residual ** 2;
  return {
    center,
    deviation: Math.sqrt(variance * leverage + Math.max(variance, next.samplingDeviation ** 2)),
    degreesOfFreedom,
    valueCount: values.length,
    outlierCount: usable.length - values.length,
    weekdays,
  };
}

function hasWeekdays(past: readonly PastValue[]): boolean {
  const [first, last] = [past[0], past.at(-1)];
  if (first === undefined || last === undefined || past.some(({ weekday }) => weekday === null)) return false;
  const different = new Set(past.map(({ weekday }) => weekday)).size;
  return different > 1 && last.time - first.time >= weekdayWeeks * 7 - 1 && past.length >= different * weekdayWeeks;
}

/** Without values far from the line of least absolute distances, which the outliers themselves can't move. */
function withoutOutliers(past: readonly PastValue[], rowOf: (value: PastValue) => number[]): readonly PastValue[] {
  const rows = past.map(rowOf);
  const penalties = (rows[0] ?? []).map(() => 0);
  const size = past.reduce((largest, { value }) => Math.max(largest, Math.abs(value)), 0);
  let weights = past.map(() => 1);
  let residuals: number[] = past.map(({ value }) => value);
  // Iteratively reweighted least squares (E. J. Schlossmacher, J. Am. Stat. Assoc. 68, 1973).
  for (let round = 0; round < 12; round++) {
    const fit = ridge(
      rows.map((row, index) => row.map((x) => x * (weights[index] as number))),
      past.map(({ value }, index) => value * (weights[index] as number)),
      penalties,
    );
    residuals = rows.map((row, index) => {
      const fitted = row.reduce((sum, x, j) => sum + x * (fit.coefficients[j] as number), 0);
      return (past[index] as PastValue).value - fitted;
    });
    const typical = median(residuals.map(Math.abs));
    // What is left of an even past are rounding errors.
    if (typical <= 1e-9 * size) break;
    weights = residuals.map(
      (residual) => 1 / Math.sqrt(Math.min(Math.max(Math.abs(residual), typical / 100), typical * 1e4)),
    );
    const largest = Math.max(...weights);
    weights = weights.map((weight) => weight / largest);
  }
  // As many residuals as there are coefficients are 0 whatever the noise.
  const sizes = residuals.map(Math.abs).sort((left, right) => left - right);
  const spread = 1.4826 * median(sizes.slice(Math.min(penalties.length, sizes.length - 1)));
  const usual = median(past.map(({ samplingDeviation }) => samplingDeviation));
  const kept = past.filter((value, index) => {
    const deviation = Math.max(spread, usual, value.samplingDeviation);
    return deviation === 0 || Math.abs(residuals[index] as number) <= outlierDeviations * deviation;
  });
  return past.length - kept.length <= outlierShare * past.length ? kept : past;
}

/**
 * Probability of a value at least this far from the forecast, and the interval of the values that are not, when the noise has tails
 * no heavier than Student's t with `tailDegrees` degrees of freedom, scaled to the noise's deviation.
 */
export function tailTest(forecasted: Forecast, tailDegrees: number) {
  const { center, deviation, degreesOfFreedom } = forecasted;
  // Heavier tails than the normal's, in units of their own standard deviation sqrt(ν / (ν - 2)), and the error of the deviation.
  const distribution = studentT(1 / (1 / tailDegrees + 1 / degreesOfFreedom));
  const unit = tailDegrees === Number.POSITIVE_INFINITY ? 1 : Math.sqrt(tailDegrees / (tailDegrees - 2));
  return {
    pValue: (value: number): number =>
      Math.min(1, 2 * distribution.survival((Math.abs(value - center) / deviation) * unit)),
    interval: (alpha: number): { readonly low: number; readonly high: number } => {
      const margin = (-distribution.quantile(alpha / 2) * deviation) / unit;
      return { low: center - margin, high: center + margin };
    },
  };
}
