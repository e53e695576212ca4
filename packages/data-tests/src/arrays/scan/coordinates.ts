import { parseTimeUnits, type TimeUnits } from "./time-units.js";

/** Where the indexes of one dimension lie. */
export interface Coordinates {
  readonly dimension: string;
  readonly values: Float64Array;
  /** How values are times; `null` where they are plain numbers. */
  readonly time: TimeUnits | null;
}

export function coordinatesOf(dimension: string, values: Float64Array, units: unknown, calendar: unknown): Coordinates {
  return { dimension, values, time: typeof units === "string" ? parseTimeUnits(units, calendar) : null };
}

/** A coordinate as people write it. */
export function coordinateText({ values, time }: Coordinates, index: number): string {
  const value = values[index] as number;
  if (time === null || time.stepMs === null || !Number.isFinite(value)) return String(value);
  const date = new Date(time.sinceMs + value * time.stepMs);
  return Number.isNaN(date.getTime()) ? String(value) : date.toISOString().replace(/\.000Z$/, "Z");
}
