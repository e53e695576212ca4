import type { CellValue } from "@deepwright/engines";
import type { Region } from "../array-file.js";
import type { SampleRow } from "./samples.js";

/** A box of decoded values. Its arrays are used again for the next box. */
export interface Block {
  readonly region: Region;
  readonly count: number;
  /** In C order; NaN where missing. */
  readonly values: Float64Array;
  /** 1 where the value is missing by a marker of the file. */
  readonly missing: Uint8Array;
  /** 1 for elements that are looked at; `null`: all. */
  readonly selected: Uint8Array | null;
  readonly absentChunks: readonly (readonly number[])[];
  /** First box of a column along the axis of the scan. */
  readonly startsColumn: boolean;
}

/** What came of a check. */
export interface Outcome {
  readonly passed: boolean;
  readonly observed: CellValue;
  /** Elements, cells, slices looked at. */
  readonly considered?: number;
  readonly failing?: number;
  readonly sample?: readonly SampleRow[];
  /** What is counted, in one word: `element`, `cell`, `slice`. */
  readonly unit?: string;
  /** Ends the sentence "Expected ...: " where counts don't. */
  readonly reason?: string;
}

/** Looks at each box once, keeps what it needs, decides at the end; the same for any boxes that cover the array. */
export interface ScanCheck {
  visit(block: Block): void | Promise<void>;
  finish(): Outcome;
}

/** Elements along an axis: how many cells lie before and after it, and how far its indexes are apart. */
export function axisSteps(shape: readonly number[], axis: number): { outer: number; length: number; inner: number } {
  const product = (lengths: readonly number[]): number => lengths.reduce((total, length) => total * length, 1);
  return { outer: product(shape.slice(0, axis)), length: shape[axis] as number, inner: product(shape.slice(axis + 1)) };
}
