import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodePoints, encodePoints } from "./point-frame.js";

const point = fc.tuple(
  fc.oneof(fc.maxSafeInteger(), fc.integer({ min: 0, max: 5 })),
  fc.oneof(fc.double(), fc.integer({ min: 1.7e12, max: 1.8e12 })),
  fc.double(),
);
const points = fc.array(point, { maxLength: 50 }).map((rows) => ({
  steps: rows.map(([step]) => step),
  timesMs: rows.map(([, time]) => time),
  values: rows.map(([, , value]) => value),
}));
const regularPoints = fc
  .tuple(fc.integer(), fc.integer({ min: -9, max: 9 }), fc.array(fc.double(), { maxLength: 40 }))
  .map(([first, stride, values]) => ({
    steps: values.map((_, index) => first + index * stride),
    timesMs: values.map((_, index) => 1_767_225_600_000 + 13 * index),
    values,
  }));

describe("point frames", () => {
  it("give back every number, joined end to end too", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(points, regularPoints), { minLength: 1, maxLength: 4 }), (frames) => {
        const decoded = decodePoints([Buffer.concat(frames.map(encodePoints))]);
        expect(decodePoints(frames.map(encodePoints))).toEqual(decoded);
        expect(decoded).toStrictEqual({
          steps: frames.flatMap((frame) => frame.steps),
          timesMs: frames.flatMap((frame) => frame.timesMs),
          values: frames.flatMap((frame) => frame.values),
        });
      }),
    );
  });

  it("take 12 bytes a point when steps and times are regular", () => {
    const count = 1000;
    const steps = Array.from({ length: count }, (_, index) => 2 * index);
    const bytes = encodePoints({ steps, timesMs: steps.map((step) => 1_767_225_600_000 + step), values: steps });
    expect(bytes.byteLength).toBe(8 + 16 + 8 + 12 * count);
  });

  it("refuse bytes that end within a frame", () => {
    const bytes = encodePoints({ steps: [1], timesMs: [2], values: [3] });
    expect(() => decodePoints([bytes.subarray(0, bytes.length - 1)])).toThrow("whole frames");
  });
});
