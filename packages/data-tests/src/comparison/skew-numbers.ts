import { median } from "@deepwright/stats";
import { type Hypothesis, mode, type SkewPair } from "./skew-hypothesis.js";

/** Factors between units that people mix up, by what they turn the training value into. */
const units: readonly (readonly [factor: number, words: string])[] = [
  [100, "a fraction as percent, or a currency's unit as hundredths"],
  [1_000, "thousands as ones, seconds as milliseconds, or kilo as base units"],
  [60, "minutes as seconds, or hours as minutes"],
  [3_600, "hours as seconds"],
  [24, "days as hours"],
  [86_400, "days as seconds"],
  [1e6, "millions as ones, or seconds as microseconds"],
  [1e9, "seconds as nanoseconds"],
  [1_024, "kibi as base units"],
  [1_048_576, "mebi as base units"],
  [2.54, "inches as centimeters"],
  [0.3048, "feet as meters"],
  [0.09290304, "square feet as square meters"],
  [1.609344, "miles as kilometers"],
  [0.45359237, "pounds as kilograms"],
  [Math.PI / 180, "degrees as radians"],
  [Math.LN10, "log10 as ln"],
  [Math.LN2, "log2 as ln"],
];

interface NumberPair {
  readonly t: number;
  readonly s: number;
}

const numbers = ({ training, serving }: SkewPair): NumberPair | null => {
  const usable = [training, serving].every(
    (cell) =>
      typeof cell === "number" || typeof cell === "bigint" || (typeof cell === "string" && /^-?\d+\.\d+$/.test(cell)),
  );
  const pair = { t: Number(training), s: Number(serving) };
  return usable && Number.isFinite(pair.t) && Number.isFinite(pair.s) ? pair : null;
};

const near = (left: number, right: number): boolean =>
  Math.abs(left - right) <= 1e-6 * Math.max(Math.abs(left), Math.abs(right), 1e-12);

export function numberGuesses(pairs: readonly SkewPair[]): Hypothesis[] {
  const usable = pairs.flatMap((pair) => numbers(pair) ?? []);
  // One value fits every formula with one constant.
  if (usable.length < 5 || new Set(usable.map(({ t }) => t)).size < 3) return usable.length < 5 ? [] : clipping(usable);
  return [...factors(usable), ...offset(usable), ...rounding(), ...clipping(usable), ...linear(usable)];
}

const hypothesis = (kind: Hypothesis["kind"], words: string, holds: (pair: NumberPair) => boolean): Hypothesis => ({
  kind,
  words,
  explains(pair) {
    const found = numbers(pair);
    return found !== null && holds(found);
  },
});

/** The median is the constant as long as most pairs follow it. */
function factors(pairs: readonly NumberPair[]): Hypothesis[] {
  const ratios = pairs.filter(({ t, s }) => t !== 0 && s !== 0).map(({ t, s }) => s / t);
  const ratio = middleOf(ratios);
  const sign = hypothesis("sign", "has the other sign", ({ t, s }) => s === -t && t !== 0);
  const byFactor = (factor: number, words: string): Hypothesis =>
    hypothesis("unit-factor", words, ({ t, s }) => t !== 0 && near(s, factor * t));
  const known = units.flatMap(([factor, words]) => {
    if (near(ratio, factor)) return [byFactor(factor, `is multiplied by ${shown(factor)} (${words})`)];
    return near(ratio, 1 / factor)
      ? [byFactor(1 / factor, `is divided by ${shown(factor)} (${words}, the other way round)`)]
      : [];
  });
  // A factor of 1 is an error of rounding.
  const other = known.length === 0 && Number.isFinite(ratio) && Math.abs(ratio - 1) > 1e-5;
  return [sign, ...known, ...(other ? [byFactor(ratio, `is multiplied by ${shown(ratio)}`)] : [])];
}

function offset(pairs: readonly NumberPair[]): Hypothesis[] {
  const difference = middleOf(pairs.map(({ t, s }) => s - t));
  // Differences that small beside the values are errors of rounding.
  const scale = middleOf(pairs.map(({ t }) => Math.abs(t)));
  if (!(Math.abs(difference) > 1e-5 * scale)) return [];
  const words = near(Math.abs(difference), 273.15) ? " (degrees Celsius and kelvins)" : "";
  return [
    hypothesis(
      "offset",
      `is ${shown(Math.abs(difference))} ${difference > 0 ? "more" : "less"}${words}`,
      ({ t, s }) => Math.abs(s - t - difference) <= 1e-6 * Math.max(Math.abs(difference), Math.abs(t) * 1e-6),
    ),
  ];
}

function rounding(): Hypothesis[] {
  const digits = [0, 1, 2, 3, 4, 5, 6, -1, -2, -3];
  const nearest = digits.flatMap((places) => {
    const unit = 10 ** -places;
    const words =
      places > 0
        ? `to ${places} ${places === 1 ? "decimal" : "decimals"}`
        : places === 0
          ? "to whole numbers"
          : `to multiples of ${unit}`;
    const isMultiple = (s: number): boolean =>
      Math.abs(s / unit - Math.round(s / unit)) <= 1e-6 * Math.max(1, Math.abs(s / unit)) * 1e-3;
    return [
      hypothesis(
        "rounding",
        `is rounded ${words}`,
        ({ t, s }) => isMultiple(s) && Math.abs(s - t) <= (unit / 2) * (1 + 1e-9) && s !== t,
      ),
      hypothesis(
        "rounding",
        `is cut off ${words}`,
        ({ t, s }) => isMultiple(s) && Math.abs(s) <= Math.abs(t) && Math.abs(s - t) < unit && s !== t,
      ),
    ];
  });
  return [
    ...nearest,
    hypothesis("rounding", "is rounded to a 32-bit float", ({ t, s }) => s === Math.fround(t) && s !== t),
  ];
}

/** Many serving values are one constant that lies between it and the training values' side. */
function clipping(pairs: readonly NumberPair[]): Hypothesis[] {
  const [low, high] = [pairs.filter(({ t, s }) => s > t), pairs.filter(({ t, s }) => s < t)];
  return [
    {
      group: low,
      words: "at least",
      holds:
        (bound: number) =>
        ({ t, s }: NumberPair) =>
          s === bound && t < bound,
    },
    {
      group: high,
      words: "at most",
      holds:
        (bound: number) =>
        ({ t, s }: NumberPair) =>
          s === bound && t > bound,
    },
  ].flatMap(({ group, words, holds }) => {
    const found = mode(group.map(({ s }) => s));
    if (found === undefined || found.count < 5 || new Set(group.map(({ t }) => t)).size < 3) return [];
    const bound = Number(found.cell);
    return [hypothesis("clipping", `is clipped to ${words} ${shown(bound)}`, holds(bound))];
  });
}

/** The line through the medians of the lower and of the upper third (Tukey's resistant line, 1977, first step). */
function linear(pairs: readonly NumberPair[]): Hypothesis[] {
  const sorted = [...pairs].sort((left, right) => left.t - right.t);
  const third = Math.max(1, Math.floor(sorted.length / 3));
  const middle = (group: readonly NumberPair[]): NumberPair => group[Math.floor(group.length / 2)] as NumberPair;
  const [low, high] = [middle(sorted.slice(0, third)), middle(sorted.slice(-third))];
  if (high.t === low.t) return [];
  const slope = (high.s - low.s) / (high.t - low.t);
  const start = low.s - slope * low.t;
  const scale = Math.max(...pairs.map(({ s }) => Math.abs(s)));
  const isRounding = Math.abs(slope - 1) <= 1e-5 && Math.abs(start) <= 1e-5 * scale;
  if (slope === 0 || !Number.isFinite(slope) || !Number.isFinite(start) || isRounding) return [];
  const words =
    near(slope, 1.8) && near(start, 32)
      ? " (Celsius as Fahrenheit)"
      : near(slope, 1 / 1.8) && near(start, -32 / 1.8)
        ? " (Fahrenheit as Celsius)"
        : "";
  return [
    hypothesis(
      "linear",
      `is ${shown(slope)} times the value ${start < 0 ? "minus" : "plus"} ${shown(Math.abs(start))}${words}`,
      ({ t, s }) => Math.abs(slope * t + start - s) <= 1e-6 * Math.max(Math.abs(s), scale * 1e-3),
    ),
  ];
}

/** The median of what is finite; NaN where nothing is. */
function middleOf(values: readonly number[]): number {
  const usable = values.filter(Number.isFinite);
  return usable.length === 0 ? Number.NaN : median(usable);
}

const shown = (value: number): string => String(Number(value.toPrecision(6)));
