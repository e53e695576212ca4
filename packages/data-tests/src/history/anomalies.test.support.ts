import type { Rng } from "@deepwright/core";
import type { ColumnState, PartitionState } from "./state.js";

/** The name of a day, counted from Thursday 2026-01-01. */
export const dayName = (day: number): string => new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10);

/** A column of doubles by its moments. */
export function doubles(rowCount: number, mean: number, deviation: number, nullCount = 0): ColumnState {
  const count = rowCount - nullCount;
  return {
    family: "double",
    rowCount,
    nullCount,
    nonFiniteCount: 0,
    numbers: { count, mean, squares: deviation ** 2 * (count - 1), min: mean - 3 * deviation, max: mean, bins: null },
    values: null,
    registers: null,
  };
}

/** A column of texts by the number of each. */
export function texts(values: Readonly<Record<string, number>>): ColumnState {
  const rowCount = Object.values(values).reduce((sum, each) => sum + each, 0);
  return { family: "text", rowCount, nullCount: 0, nonFiniteCount: 0, numbers: null, values, registers: null };
}

export function stateOf(day: number, rowCount: number, columns: Readonly<Record<string, ColumnState>>): PartitionState {
  return { partition: dayName(day), content: null, rowCount, scannedAtMs: 0, columns };
}

/** A shop that sells half as much on weekends, grows by 0.2 % a day, and lacks 2 % of the prices. */
export function shopDay(day: number, rng: Rng): PartitionState {
  const weekend = [2, 3].includes(day % 7) ? 0.5 : 1;
  const rowCount = Math.round(10_000 * weekend * 1.002 ** day * Math.exp(0.05 * rng.normal()));
  const nullCount = Math.round(rowCount * (0.02 + 0.002 * rng.normal()));
  return stateOf(day, rowCount, {
    price: doubles(rowCount, 50 + rng.normal(), 20 + 0.4 * rng.normal(), nullCount),
    country: texts({ DE: Math.round(rowCount * 0.6), FR: rowCount - Math.round(rowCount * 0.6) }),
  });
}

export const shopDays = (count: number, rng: Rng): PartitionState[] =>
  Array.from({ length: count }, (_, day) => shopDay(day, rng));

/** Noise of about deviation 1. */
export function noises(rng: Rng): Readonly<Record<string, () => number>> {
  const t = (degrees: number): number => {
    let squares = 0;
    for (let index = 0; index < degrees; index++) squares += rng.normal() ** 2;
    return rng.normal() / Math.sqrt(squares / degrees);
  };
  let before = 0;
  return {
    normal: () => rng.normal(),
    "Student's t with 6 degrees of freedom": () => t(6),
    Laplace: () => {
      const u = rng.uniform() - 0.5;
      return -Math.sign(u) * Math.log(1 - 2 * Math.abs(u));
    },
    "autocorrelated by 0.5": () => {
      before = 0.5 * before + rng.normal();
      return before;
    },
  };
}
