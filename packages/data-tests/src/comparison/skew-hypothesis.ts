import type { CellValue } from "@deepwright/engines";

/** A cell as the training path and as the serving path computed it, which differ. */
export interface SkewPair {
  readonly training: CellValue;
  readonly serving: CellValue;
  /** Training values of the rows before (-3 .. -1) and after (1 .. 3) in the order asked for. */
  readonly neighbors?: Readonly<Record<number, CellValue>>;
}

export type SkewKind =
  | "missing-default"
  | "missing-value"
  | "sign"
  | "unit-factor"
  | "offset"
  | "linear"
  | "rounding"
  | "clipping"
  | "row-shift"
  | "category-encoding"
  | "text-normalization"
  | "time-zone"
  | "time-offset"
  | "time-truncation"
  | "unknown";

export interface SkewGuess {
  readonly kind: SkewKind;
  /** Fraction of the cells looked at that it explains, 0 .. 1. */
  readonly explains: number;
  /** What is done to the training value to get the serving value. */
  readonly words: string;
}

/** A guess that can say of each pair whether it explains it. */
export interface Hypothesis {
  readonly kind: SkewKind;
  readonly words: string;
  explains(pair: SkewPair): boolean;
  /** Whether it can be judged by the pair. Default: by every pair. */
  applies?(pair: SkewPair): boolean;
}

/** The most frequent cell. */
export function mode(cells: readonly CellValue[]): { readonly cell: CellValue; readonly count: number } | undefined {
  const counts = new Map<string, { cell: CellValue; count: number }>();
  for (const cell of cells) {
    const key = `${typeof cell}:${String(cell)}`;
    const entry = counts.get(key) ?? { cell, count: 0 };
    entry.count += 1;
    counts.set(key, entry);
  }
  return [...counts.values()].sort((left, right) => right.count - left.count)[0];
}
