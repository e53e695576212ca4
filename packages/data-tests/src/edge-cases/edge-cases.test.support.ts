import type { CellValue, QueryEngine } from "@deepwright/engines";
import fc from "fast-check";
import { expect } from "vitest";
import type { ColumnTypes, TableRow, WriteTable } from "../conformance/write-table.test.support.js";
import type { Cell } from "./cell.js";
import { checkCoverage } from "./coverage.js";
import { type Combination, rareCombinations } from "./rare-combinations.js";

const types: ColumnTypes = { id: "INTEGER", s: "VARCHAR", b: "BOOLEAN", i: "INTEGER", x: "DOUBLE PRECISION" };
const cells = fc.record({
  s: fc.option(fc.constantFrom("a", "b", "", "missing", "ä'"), { freq: 6 }),
  b: fc.option(fc.boolean(), { freq: 6 }),
  i: fc.option(fc.constantFrom(1, 1, 1, 2, 3), { freq: 6 }),
  x: fc.option(
    fc.oneof(fc.double({ min: -5, max: 5, noNaN: true }), fc.constantFrom(0, Number.NaN, Number.POSITIVE_INFINITY)),
    { freq: 6 },
  ),
});

function isIn(value: CellValue | undefined, cell: Cell): boolean {
  if (value === null || value === undefined) return cell.is === "missing";
  const number = Number(value);
  switch (cell.is) {
    case "missing":
      return false;
    case "not-finite":
      return typeof value === "number" && !Number.isFinite(value);
    case "number":
      return number === cell.value;
    case "value":
      return String(value) === cell.value;
    case "range":
      return (
        Number.isFinite(number) &&
        number >= (cell.from ?? Number.NEGATIVE_INFINITY) &&
        number < (cell.below ?? Number.POSITIVE_INFINITY)
      );
  }
}

const holds = (row: TableRow, { cells: asked }: Pick<Combination, "cells">): boolean =>
  Object.entries(asked).every(([name, cell]) => isIn(row[name], cell));

/** Combinations, counts and covering rows are those of the definition. */
export async function checkCombinations(engine: QueryEngine, write: WriteTable, numRuns: number): Promise<void> {
  const tables = fc
    .array(cells, { minLength: 6, maxLength: 40 })
    .map((rows) => rows.map((row, id): TableRow => ({ id, ...row })));
  await fc.assert(
    fc.asyncProperty(
      tables,
      fc.constantFrom<1 | 2 | 3>(1, 2, 3),
      fc.constantFrom(3, 10, 30),
      async (rows, strength, sampleSize) => {
        const source = await write("edge rows", types, rows);
        const options = {
          columns: ["s", "b", "i", "x"],
          strength,
          sampleSize,
          maxValues: 6,
          quantiles: [0.1, 0.5, 0.9],
          minMissProbability: 0.4,
        };
        const found = await rareCombinations(engine, source, options);
        const isRare = (count: number): boolean => (1 - count / rows.length) ** sampleSize >= 0.4 - 1e-9;
        for (const combination of found.combinations) {
          const count = rows.filter((row) => holds(row, combination)).length;
          expect(combination.rowCount).toBe(count);
          expect(combination.missProbability).toBeCloseTo((1 - count / rows.length) ** sampleSize, 9);
          expect(count > 0 && isRare(count)).toBe(true);
          expect(found.edgeCases.some(({ row }) => holds(row, combination))).toBe(true);
        }
        for (const { row, covers } of found.edgeCases)
          for (const combination of covers) expect(holds(row, combination)).toBe(true);
        // By values alone the combinations can be listed without the engine.
        const subsets = {
          1: [["s"], ["b"], ["i"]],
          2: [
            ["s", "b"],
            ["s", "i"],
            ["b", "i"],
          ],
          3: [["s", "b", "i"]],
        }[strength];
        const wanted = subsets.map((names) => {
          const counts = new Map<string, number>();
          for (const row of rows) {
            const key = JSON.stringify(names.map((name) => row[name] ?? null));
            counts.set(key, (counts.get(key) ?? 0) + 1);
          }
          return [...counts.values()].filter(isRare).length;
        });
        const without = found.combinations.filter((each) => !("x" in each.cells));
        expect(without.length).toBe(wanted.reduce((sum, count) => sum + count, 0));
        const kept = [{ hash: "", row: {}, covers: [...found.combinations] }];
        expect(await checkCoverage(engine, source, kept)).toMatchObject({
          covered: found.combinations.length,
          lost: [],
        });
        const half = rows.filter((_, index) => index % 2 === 0);
        const { lost } = await checkCoverage(engine, await write("half rows", types, half), kept);
        expect(lost).toEqual(found.combinations.filter((combination) => !half.some((row) => holds(row, combination))));
      },
    ),
    { numRuns, seed: 13, endOnFailure: true },
  );
}
