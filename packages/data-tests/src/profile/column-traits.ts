import type { ColumnProfile } from "./profile.js";

/**
 * What a column's figures say about it: `empty` (no value at all), `constant` (one value, none missing), `near-constant` (one value
 * in 99 % of the rows or more), `id-like` (a value of its own in nearly each row), `mostly-missing` (half of the rows or more),
 * `not-finite` (NaN or infinities in it).
 */
export type ColumnTrait = "empty" | "constant" | "near-constant" | "id-like" | "mostly-missing" | "not-finite";

const nearConstantShare = 0.99;
/** Estimates of distinct counts are off by some percent either way. */
const idLikeShare = { exact: 1, estimated: 0.9 };
const fewestIds = 10;

export function traitsOf(column: Omit<ColumnProfile, "traits">, rowCount: number): readonly ColumnTrait[] {
  if (rowCount === 0) return [];
  const { nullCount, distinctCount, distinctIsExact, family, topValues } = column;
  const present = rowCount - nullCount;
  if (present === 0) return ["empty"];
  const traits: ColumnTrait[] = [];
  const most = topValues?.[0]?.count ?? 0;
  if (nullCount === 0 && (topValues === null ? distinctIsExact && distinctCount === 1 : most === rowCount)) {
    traits.push("constant");
  } else if (most >= nearConstantShare * rowCount) traits.push("near-constant");
  const share = distinctIsExact ? idLikeShare.exact : idLikeShare.estimated;
  if (["integer", "text"].includes(family) && present >= fewestIds && distinctCount >= share * present) {
    traits.push("id-like");
  }
  if (2 * nullCount >= rowCount) traits.push("mostly-missing");
  if ((column.nonFiniteCount ?? 0) > 0) traits.push("not-finite");
  return traits;
}
