import { DeepwrightError } from "@deepwright/core";

/** Points of one metric in columns, in the order of logging. */
export interface Points {
  readonly steps: readonly number[];
  readonly timesMs: readonly number[];
  readonly values: readonly number[];
}

const headerBytes = 8;
const regular = 0;
const plain = 1;

/**
 * Packs points into one frame, without loss. Frames can be joined end to end. Layout, little-endian: count (u32), form of
 * the steps (u8), form of the times (u8), two bytes 0; steps: first and stride (f64 each) when they are regular, else f64
 * each; times: first (f64) and whole milliseconds after it (i32 each) when they are whole and near, else f64 each;
 * values: f64 each.
 */
export function encodePoints(points: Points): Uint8Array {
  const count = points.values.length;
  const stepForm = isRegular(points.steps) ? regular : plain;
  const timeForm = areNear(points.timesMs) ? regular : plain;
  const stepBytes = stepForm === regular ? 16 : 8 * count;
  const timeBytes = timeForm === regular ? 8 + 4 * count : 8 * count;
  const bytes = new Uint8Array(headerBytes + stepBytes + timeBytes + 8 * count);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, count, true);
  view.setUint8(4, stepForm);
  view.setUint8(5, timeForm);
  let offset = headerBytes;
  const first = points.steps[0] ?? 0;
  if (stepForm === regular) {
    view.setFloat64(offset, first, true);
    view.setFloat64(offset + 8, count > 1 ? (points.steps[1] as number) - first : 0, true);
    offset += 16;
  } else offset = writeDoubles(view, offset, points.steps);
  const base = points.timesMs[0] ?? 0;
  if (timeForm === regular) {
    view.setFloat64(offset, base, true);
    offset += 8;
    for (const time of points.timesMs) {
      view.setInt32(offset, time - base, true);
      offset += 4;
    }
  } else offset = writeDoubles(view, offset, points.timesMs);
  writeDoubles(view, offset, points.values);
  return bytes;
}

/**
 * Reads all frames of byte strings, in their order.
 *
 * @throws DeepwrightError `METRIC_POINTS_CORRUPT`
 */
export function decodePoints(frames: readonly Uint8Array[]): { steps: number[]; timesMs: number[]; values: number[] } {
  const points = { steps: [], timesMs: [], values: [] };
  for (const bytes of frames) {
    try {
      readFrames(bytes, points);
    } catch (cause) {
      throw new DeepwrightError({
        code: "METRIC_POINTS_CORRUPT",
        kind: "internal",
        expected: "whole frames of metric points",
        got: `${bytes.byteLength} bytes that end within one`,
        todo: "Restore the database from a backup; its metric points were changed from outside.",
        cause,
      });
    }
  }
  return points;
}

function readFrames(
  bytes: Uint8Array,
  { steps, timesMs, values }: { readonly steps: number[]; readonly timesMs: number[]; readonly values: number[] },
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 0;
  while (offset < bytes.byteLength) {
    const count = view.getUint32(offset, true);
    const stepForm = view.getUint8(offset + 4);
    const timeForm = view.getUint8(offset + 5);
    offset += headerBytes;
    if (stepForm === regular) {
      const first = view.getFloat64(offset, true);
      const stride = view.getFloat64(offset + 8, true);
      for (let index = 0; index < count; index++) steps.push(first + index * stride);
      offset += 16;
    } else offset = readDoubles(view, offset, count, steps);
    if (timeForm === regular) {
      const base = view.getFloat64(offset, true);
      offset += 8;
      for (let index = 0; index < count; index++) timesMs.push(base + view.getInt32(offset + 4 * index, true));
      offset += 4 * count;
    } else offset = readDoubles(view, offset, count, timesMs);
    offset = readDoubles(view, offset, count, values);
  }
}

function isRegular(steps: readonly number[]): boolean {
  const first = steps[0] ?? 0;
  const stride = (steps[1] ?? first) - first;
  return !Object.is(first, -0) && steps.every((step, index) => step === first + index * stride && !Object.is(step, -0));
}

function areNear(times: readonly number[]): boolean {
  const base = times[0] ?? 0;
  return times.every((time) => Number.isInteger(time) && !Object.is(time, -0) && ((time - base) | 0) === time - base);
}

function writeDoubles(view: DataView, start: number, numbers: readonly number[]): number {
  let offset = start;
  for (const number of numbers) {
    view.setFloat64(offset, number, true);
    offset += 8;
  }
  return offset;
}

function readDoubles(view: DataView, start: number, count: number, into: number[]): number {
  for (let index = 0; index < count; index++) into.push(view.getFloat64(start + 8 * index, true));
  return start + 8 * count;
}
