import type { QueryEngine } from "@deepwright/engines";
import fc from "fast-check";
import { expect } from "vitest";
import { type Row, randomRows } from "../conformance/random-table.js";
import type { WriteTable } from "../conformance/write-table.test.support.js";
import { rowTypes } from "./diff.test.support.js";
import { drift } from "./drift.js";

/** Both distribution functions at every value, by definition. */
function naiveNumbers(before: readonly number[], after: readonly number[]) {
  const values = [...new Set([...before, ...after].map((value) => (value === 0 ? 0 : value)))].sort((a, b) => a - b);
  const at = (sample: readonly number[], x: number): number =>
    sample.filter((value) => value <= x).length / sample.length;
  const gaps = values.map((x) => Math.abs(at(before, x) - at(after, x)));
  const area = gaps.reduce(
    (sum, gap, index) => sum + gap * ((values[index + 1] ?? values[index] ?? 0) - (values[index] ?? 0)),
    0,
  );
  const center = before.reduce((sum, value) => sum + value, 0) / before.length;
  const deviation = Math.sqrt(before.reduce((sum, value) => sum + (value - center) ** 2, 0) / (before.length - 1));
  return { statistic: Math.max(...gaps), wasserstein: before.length > 1 && deviation > 0 ? area / deviation : null };
}

function naiveVariation(before: readonly unknown[], after: readonly unknown[]): number {
  const share = (sample: readonly unknown[], value: unknown): number =>
    sample.filter((each) => each === value).length / sample.length;
  return (
    [...new Set([...before, ...after])].reduce<number>(
      (sum, value) => sum + Math.abs(share(before, value) - share(after, value)),
      0,
    ) / 2
  );
}

/** Random pairs of tables give the distances of the definitions. */
export async function checkDrift(engine: QueryEngine, write: WriteTable, numRuns: number): Promise<void> {
  const rows = randomRows.filter((each) => each.length > 0);
  await fc.assert(
    fc.asyncProperty(rows, rows, async (older, newer) => {
      const before = await write(
        "drift before",
        rowTypes,
        older.map((row) => ({ ...row })),
      );
      const after = await write(
        "drift after",
        rowTypes,
        newer.map((row) => ({ ...row })),
      );
      const found = await drift(engine, before, after, {
        columns: ["i", "j", "d", "t", "s", "b", "day", "at"],
        bins: 4,
      });
      expect([found.rowCountBefore, found.rowCountAfter]).toEqual([older.length, newer.length]);
      expect(found.columns.length).toBe(8);
      for (const column of found.columns) {
        const cells = [older, newer].map((table) => table.map((row) => row[column.column as keyof Row]));
        const [b, a] = cells as [(typeof cells)[number], (typeof cells)[number]];
        expect(column.missingBefore).toBeCloseTo(b.filter((cell) => cell === null).length / b.length, 9);
        expect(column.bins.reduce((sum, bin) => sum + bin.before, 0)).toBe(b.length);
        expect(column.bins.reduce((sum, bin) => sum + bin.after, 0)).toBe(a.length);
        if (column.kind === "category") {
          expect(column.totalVariation).toBeCloseTo(naiveVariation(b, a), 9);
          continue;
        }
        const usable = [b, a].map((sample) =>
          sample
            .map((cell) =>
              typeof cell === "string"
                ? Date.parse(`${cell.replace(" ", "T")}${cell.length === 10 ? "" : "Z"}`) / 1000
                : Number(cell ?? Number.NaN),
            )
            .filter(Number.isFinite),
        );
        const [left = [], right = []] = usable;
        if (left.length === 0 || right.length === 0) {
          expect(column.kolmogorovSmirnov).toBe(null);
          continue;
        }
        const naive = naiveNumbers(left, right);
        expect(column.kolmogorovSmirnov).toBeCloseTo(naive.statistic, 9);
        if (naive.wasserstein === null) expect(column.wasserstein).toBe(null);
        else expect(column.wasserstein).toBeCloseTo(naive.wasserstein, 6);
      }
    }),
    { numRuns, seed: 5, endOnFailure: true },
  );
}
