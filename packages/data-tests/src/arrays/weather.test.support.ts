import { seededRng } from "@deepwright/core";
import type { TestArrays, TestVariable } from "./write-arrays.test.support.js";

const shape = { time: 48, latitude: 6, longitude: 8 } as const;
export const slab = shape.latitude * shape.longitude;

/** Two days of hourly temperatures of a small region, in kelvin, without a fault; `change` plants some. */
export function weather(change: (arrays: Record<string, Mutable>) => void = () => undefined): TestArrays {
  const rng = seededRng(7);
  const data = Float32Array.from({ length: shape.time * slab }, (_, index) => {
    const hour = Math.floor(index / slab);
    const cell = index % slab;
    return 282 + 4 * Math.sin((2 * Math.PI * hour) / 24) + 0.1 * cell + 0.2 * rng.uniform();
  });
  // One honest missing value.
  data[100] = -9999;
  const arrays: Record<string, Mutable> = {
    time: {
      dimensions: ["time"],
      shape: [shape.time],
      data: Int32Array.from({ length: shape.time }, (_, index) => 1_036_800 + index),
      attributes: { units: "hours since 1900-01-01 00:00:00", calendar: "proleptic_gregorian" },
    },
    latitude: {
      dimensions: ["latitude"],
      shape: [shape.latitude],
      data: Float64Array.from({ length: shape.latitude }, (_, index) => 58 - 0.25 * index),
      attributes: { units: "degrees_north" },
    },
    longitude: {
      dimensions: ["longitude"],
      shape: [shape.longitude],
      data: Float64Array.from({ length: shape.longitude }, (_, index) => -10 + 0.25 * index),
      attributes: { units: "degrees_east" },
    },
    t2m: {
      dimensions: ["time", "latitude", "longitude"],
      shape: [shape.time, shape.latitude, shape.longitude],
      data,
      attributes: { units: "K", _FillValue: -9999 },
      chunkShape: [12, 3, 4],
    },
  };
  change(arrays);
  return arrays;
}

export type Mutable = { -readonly [Name in keyof TestVariable]: TestVariable[Name] };
