import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ArrayFile, type ArrayVariable, elementCount, type Region } from "./array-file.js";
import { cOrderStrides, copyBox } from "./formats/copy-box.js";
import { runArraySuite } from "./run-array-suite.js";
import { planBlocks } from "./scan/block-plan.js";
import { ExactSum } from "./scan/exact-sum.js";
import type { ArrayExpectation } from "./suite.js";

/** An array in memory that pretends to be chunked. */
function fileOf(shape: readonly number[], data: Float64Array, chunkShape: readonly number[] | null): ArrayFile {
  const whole = { origin: shape.map(() => 0), shape };
  const variable: ArrayVariable = {
    name: "x",
    shape,
    dimensions: ["time", "row", "column"],
    type: "float64",
    itemSize: 8,
    attributes: { _FillValue: -1 },
    chunkShape,
    fillValue: null,
    async read(region: Region) {
      const values = new Float64Array(elementCount(region.shape));
      copyBox(data, whole, cOrderStrides(shape), values, region);
      return { values, absentChunks: [] };
    },
  };
  return {
    path: "memory",
    format: "npy",
    variables: new Map([["x", variable]]),
    raster: null,
    close: async () => undefined,
  };
}

const expectations: readonly ArrayExpectation[] = [
  { kind: "valuesBetween", min: 0, max: 6, nulls: "ignore" },
  { kind: "valuesFinite" },
  { kind: "meanBetween", min: 3, max: 3.1 },
  { kind: "meanBetween", id: "by time", by: "time", min: 2, max: 4 },
  { kind: "meanBetween", id: "by column", by: "column", min: 2, max: 4 },
  { kind: "sumBetween", min: 0, max: 1 },
  { kind: "standardDeviationBetween", max: 0 },
  { kind: "missingShareAtMost", share: 0.1, by: "row" },
  { kind: "saturatedShareAtMost", high: 6, share: 0.1 },
  { kind: "notFrozen", along: "time" },
  { kind: "notFrozen", id: "frozen rows", along: "row", longest: 1 },
  { kind: "jumpsAtMost", along: "time", max: 2 },
  { kind: "jumpsAtMost", id: "jumps of columns", along: "column", max: 2 },
  { kind: "slicesUnique", along: "time" },
  { kind: "slicesUnique", id: "columns unique", along: "column" },
  { kind: "slicesVary", along: "row" },
  { kind: "minimumBetween", id: "corner", region: { time: [0, 1], row: [1, 9] }, min: 3 },
];

const cases = fc
  .record({
    shape: fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })),
    chunks: fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })),
    budget: fc.integer({ min: 1, max: 200 }),
    chunked: fc.boolean(),
  })
  .chain((given) =>
    fc.record({
      given: fc.constant(given),
      data: fc.array(
        fc.oneof(
          { weight: 8, arbitrary: fc.integer({ min: 0, max: 6 }) },
          { weight: 4, arbitrary: fc.double({ noNaN: true, min: -1e9, max: 1e9 }) },
          { weight: 2, arbitrary: fc.constant(-1) },
          { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -0) },
        ),
        { minLength: elementCount(given.shape), maxLength: elementCount(given.shape) },
      ),
    }),
  );

describe("scans of arrays", () => {
  it("have the same verdicts, figures and samples for any chunks and any memory", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ given: { shape, chunks, budget, chunked }, data }) => {
        const values = Float64Array.from(data);
        const run = async (chunkShape: readonly number[] | null, memoryLimit: number) => {
          const file = fileOf(shape, values, chunkShape);
          const { results } = await runArraySuite(file, { name: "any", expectations }, { memoryLimit, sampleSize: 5 });
          return results;
        };
        const whole = await run(null, 2 ** 28);
        expect(await run(chunked ? chunks : null, 4096 + 128 * budget)).toEqual(whole);
        expect(await run(chunks, 4096)).toEqual(whole);
      }),
      {
        numRuns: 200,
        examples: [[{ given: { shape: [1, 1, 4], chunks: [1, 1, 2], budget: 1, chunked: true }, data: [0, 1, -0, 2] }]],
      },
    );
  });

  it("cover every element once, whole chunks at a time, columns along the axis", () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        lengths,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 300 }),
        fc.nat(3),
        (shape, side, budget, pick) => {
          const axis = pick < shape.length ? pick : null;
          const chunks = shape.map(() => side);
          const seen = new Uint8Array(elementCount(shape));
          let next = 0;
          for (const region of planBlocks(shape, chunks, axis, budget)) {
            region.origin.forEach((origin, dimension) => {
              expect(origin % side).toBe(0);
              const end = origin + (region.shape[dimension] as number);
              expect(end % side === 0 || end === shape[dimension]).toBe(true);
            });
            const oneChunk = elementCount(
              chunks.map((length, dimension) => Math.min(length, shape[dimension] as number)),
            );
            expect(elementCount(region.shape)).toBeLessThanOrEqual(Math.max(budget, oneChunk));
            if (axis !== null) {
              expect(region.origin[axis]).toBe(next);
              const end = next + (region.shape[axis] as number);
              next = end === shape[axis] ? 0 : end;
            }
            const marks = new Uint8Array(elementCount(region.shape)).fill(1);
            const old = new Uint8Array(marks.length);
            copyBox(seen, { origin: shape.map(() => 0), shape }, cOrderStrides(shape), old, region);
            expect(old.every((mark) => mark === 0)).toBe(true);
            const step = cOrderStrides(shape);
            const visit = (dimension: number, place: number): void => {
              if (dimension === shape.length) {
                seen[place] = 1;
                return;
              }
              for (let index = 0; index < (region.shape[dimension] as number); index++) {
                visit(
                  dimension + 1,
                  place + ((region.origin[dimension] as number) + index) * (step[dimension] as number),
                );
              }
            };
            visit(0, 0);
          }
          expect(seen.every((mark) => mark === 1)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("the exact sum", () => {
  const doubles = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e150, max: 1e150 }), {
    maxLength: 60,
  });
  const sumOf = (values: readonly number[]): number => {
    const sum = new ExactSum();
    for (const value of values) sum.add(value);
    return sum.value();
  };

  it("does not depend on the order", () => {
    fc.assert(
      fc.property(doubles, fc.integer(), (values, seed) => {
        const shuffled = values
          .map((value, index) => ({ value, key: Math.imul(index + 1, seed | 1) }))
          .sort((a, b) => a.key - b.key)
          .map(({ value }) => value);
        expect(sumOf(shuffled)).toBe(sumOf(values));
        expect(sumOf([...values, ...values.map((value) => -value)])).toBe(0);
      }),
    );
  });

  it("is the integer that integers add up to, and the exact sum of squares", () => {
    const whole = fc.array(fc.integer({ min: -(2 ** 52), max: 2 ** 52 }), { maxLength: 50 });
    fc.assert(
      fc.property(whole, (values) => {
        expect(sumOf(values)).toBe(Number(values.reduce((total, value) => total + BigInt(value), 0n)));
        const squares = new ExactSum();
        for (const value of values) squares.addSquare(value);
        expect(squares.value()).toBe(Number(values.reduce((total, value) => total + BigInt(value) ** 2n, 0n)));
      }),
    );
    expect(sumOf([1e100, 1, -1e100])).toBe(1);
    expect(sumOf(Array.from({ length: 10 }, () => 0.1))).toBe(1);
  });
});
