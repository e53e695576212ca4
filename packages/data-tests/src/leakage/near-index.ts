import type { CellValue } from "@deepwright/engines";
import { type Banding, bandKeys, jaccard } from "./minhash.js";

export interface IndexedRow {
  readonly cells: readonly CellValue[];
  readonly tokens: Uint32Array;
}

/** A bucket that holds more is of no help: its rows share what is common. */
const mostInBucket = 500;

/** Rows by the keys of their bands. */
export class NearIndex {
  readonly #buckets = new Map<number, number[]>();
  readonly #frequencies = new Map<number, number>();
  /** Rows that could not be told from others by their frequent values. */
  tooCommon = 0;
  readonly rows: readonly IndexedRow[];

  /**
   * @param needed bits of information by which a row must stand out, so that two rows are not alike by chance
   * @param weights of tokens in bits: pieces of one text overlap, and two grids say one thing
   */
  constructor(
    rows: readonly IndexedRow[],
    readonly banding: Banding,
    readonly needed: number,
    readonly tokenShare: (row: IndexedRow) => number,
  ) {
    this.rows = rows;
    for (const { tokens } of rows)
      for (const token of tokens) this.#frequencies.set(token, (this.#frequencies.get(token) ?? 0) + 1);
    rows.forEach((row, index) => {
      if (this.#bits(row.tokens, tokenShare(row)) < needed) {
        this.tooCommon += 1;
        return;
      }
      for (const key of bandKeys(row.tokens, banding)) {
        const bucket = this.#buckets.get(key);
        if (bucket === undefined) this.#buckets.set(key, [index]);
        else if (bucket.length < mostInBucket) bucket.push(index);
      }
    });
  }

  /** Indexed rows at least so similar, as far as shared bands show them, that share more than chance explains. */
  similar(row: IndexedRow, threshold: number): { readonly index: number; readonly similarity: number }[] {
    const seen = new Set<number>();
    const found: { index: number; similarity: number }[] = [];
    for (const key of bandKeys(row.tokens, this.banding)) {
      for (const index of this.#buckets.get(key) ?? []) {
        if (seen.has(index)) continue;
        seen.add(index);
        const other = this.rows[index] as IndexedRow;
        const similarity = jaccard(row.tokens, other.tokens);
        if (similarity < threshold) continue;
        const common = row.tokens.filter((token) => other.tokens.includes(token));
        if (this.#bits(common, this.tokenShare(other)) >= this.needed) found.push({ index, similarity });
      }
    }
    return found;
  }

  /** Surprise of a set of tokens if columns were independent. */
  #bits(tokens: Uint32Array, share: number): number {
    let bits = 0;
    for (const token of tokens) bits += Math.log2((this.rows.length + 1) / ((this.#frequencies.get(token) ?? 0) + 1));
    return bits * share;
  }
}
