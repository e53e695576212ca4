import { parseDuration } from "@deepwright/core";
import { z } from "zod";
import { suiteInvalid } from "../../errors.js";
import { describeBounds, someBound } from "../../suite/common.js";
import { type Coordinates, coordinateText } from "../scan/coordinates.js";
import type { SampleRow } from "../scan/samples.js";
import type { Outcome } from "../scan/scan-check.js";
import { type ArrayContext, ArrayFault, type ArrayPlan, arrayKind, arrayShape } from "./array-kind.js";

const dimension = z.string().min(1);

interface Broken {
  readonly index: number;
  readonly more?: SampleRow;
}

function judge(
  coordinates: Coordinates,
  expected: string,
  considered: number,
  broken: readonly Broken[],
  context: ArrayContext,
): ArrayPlan {
  const samples = context.samples();
  for (const { index, more } of broken) {
    samples.add(index, () => ({
      [coordinates.dimension]: index,
      at: coordinateText(coordinates, index),
      ...more,
    }));
  }
  const outcome: Outcome = {
    passed: broken.length === 0,
    observed: broken.length,
    considered,
    failing: broken.length,
    sample: samples.rows(),
    unit: "coordinate",
  };
  return { by: "facts", about: [coordinates.dimension], expected, outcome };
}

export const coordinateMonotonic = arrayKind({
  expects: "coordinates that only rise, or only fall; equal neighbors and NaN break it",
  options: z.strictObject({
    ...arrayShape,
    dimension,
    direction: z.enum(["increasing", "decreasing", "either"]).optional(),
  }),
  async plan({ dimension, direction = "either" }, context) {
    const coordinates = await context.coordinates(dimension);
    const { values } = coordinates;
    const [first = 0, last = 0] = [values[0], values[values.length - 1]];
    const rising = direction === "either" ? last >= first : direction === "increasing";
    const broken: Broken[] = [];
    if (values.length === 1 && !Number.isFinite(first)) broken.push({ index: 0 });
    for (let index = 1; index < values.length; index++) {
      const step = (values[index] as number) - (values[index - 1] as number);
      if (!(rising ? step > 0 : step < 0)) {
        broken.push({ index, more: { before: coordinateText(coordinates, index - 1) } });
      }
    }
    const expected = `${dimension} to be strictly ${direction === "either" ? "monotonic" : direction}`;
    return judge(coordinates, expected, values.length, broken, context);
  },
});

export const coordinateRegular = arrayKind({
  expects:
    "equal steps between coordinates: `step` in their units (or a duration such as `1h`), else the median of all steps",
  options: z.strictObject({
    ...arrayShape,
    dimension,
    step: z.union([z.number(), z.string().min(1)]).optional(),
    /** Most that a step may differ, as a fraction of it. Default: 1e-6. */
    tolerance: z.number().min(0).max(1).optional(),
  }),
  async plan({ dimension, step, tolerance = 1e-6 }, context) {
    const coordinates = await context.coordinates(dimension);
    const { values } = coordinates;
    const steps = values.subarray(1).map((value, index) => value - (values[index] as number));
    const wanted =
      step === undefined
        ? steps.toSorted()[steps.length >> 1]
        : typeof step === "number"
          ? step
          : durationIn(coordinates, step);
    const broken: Broken[] = [];
    steps.forEach((found, index) => {
      if (Math.abs(found - (wanted ?? 0)) <= tolerance * Math.abs(wanted ?? 0)) return;
      broken.push({ index: index + 1, more: { step: found } });
    });
    const expected = `${dimension} to have equal steps of ${step ?? wanted}`;
    return judge(coordinates, expected, steps.length, broken, context);
  },
});

export const coordinateBetween = arrayKind({
  expects: "all coordinates to be within bounds; times as ISO 8601",
  options: z
    .strictObject({
      ...arrayShape,
      dimension,
      min: z.union([z.number(), z.string().min(1)]).optional(),
      max: z.union([z.number(), z.string().min(1)]).optional(),
    })
    .refine(someBound, "min or max is needed"),
  async plan({ dimension, min, max }, context) {
    const coordinates = await context.coordinates(dimension);
    const low = min === undefined ? Number.NEGATIVE_INFINITY : coordinateNumber(coordinates, min);
    const high = max === undefined ? Number.POSITIVE_INFINITY : coordinateNumber(coordinates, max);
    const broken: Broken[] = [];
    coordinates.values.forEach((value, index) => {
      if (!(value >= low && value <= high)) broken.push({ index });
    });
    return judge(
      coordinates,
      `${dimension} to be ${describeBounds(min, max)}`,
      coordinates.values.length,
      broken,
      context,
    );
  },
});

export const timeGapsAtMost = arrayKind({
  expects: "no two neighboring times to lie further apart than a duration",
  options: z.strictObject({ ...arrayShape, dimension: dimension.optional(), gap: z.string().min(1) }),
  async plan({ dimension = "time", gap }, context) {
    const coordinates = await context.coordinates(dimension);
    const most = durationIn(coordinates, gap);
    const { values } = coordinates;
    const broken: Broken[] = [];
    for (let index = 1; index < values.length; index++) {
      const step = Math.abs((values[index] as number) - (values[index - 1] as number));
      if (!(step <= most * (1 + 1e-9))) {
        const missing = Math.round(step / most) - 1;
        broken.push({ index, more: { after: coordinateText(coordinates, index - 1), missing_steps: missing } });
      }
    }
    return judge(
      coordinates,
      `gaps of ${dimension} to be at most ${gap}`,
      Math.max(0, values.length - 1),
      broken,
      context,
    );
  },
});

export const timeCovers = arrayKind({
  expects: "the time axis to begin at or before one time and to end at or after another",
  options: z.strictObject({
    ...arrayShape,
    dimension: dimension.optional(),
    from: z.string().min(1),
    to: z.string().min(1),
  }),
  async plan({ dimension = "time", from, to }, context) {
    const coordinates = await context.coordinates(dimension);
    const { values } = coordinates;
    let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const value of values) {
      first = Math.min(first, value);
      last = Math.max(last, value);
    }
    const passed = first <= coordinateNumber(coordinates, from) && last >= coordinateNumber(coordinates, to);
    const text = (value: number): string => coordinateText({ ...coordinates, values: Float64Array.of(value) }, 0);
    const observed = values.length === 0 ? null : `${text(first)} to ${text(last)}`;
    return {
      by: "facts",
      about: [dimension],
      expected: `${dimension} to cover ${from} to ${to}`,
      outcome: { passed, observed, considered: values.length },
    };
  },
});

/** A duration in the units of the coordinates. */
function durationIn({ dimension, time }: Coordinates, duration: string): number {
  const milliseconds = parseDuration(duration);
  if (time?.stepMs == null) throw notTime(dimension, time?.calendar);
  return milliseconds / time.stepMs;
}

/** A number, or a time in ISO 8601, in the units of the coordinates. */
export function coordinateNumber({ dimension, time }: Coordinates, value: number | string): number {
  if (typeof value === "number") return value;
  if (time?.stepMs == null) throw notTime(dimension, time?.calendar);
  const withZone = /T.*(Z|[+-]\d{2}:?\d{2})$/i.test(value) ? value : value.includes("T") ? `${value}Z` : value;
  const milliseconds = Date.parse(withZone);
  if (Number.isNaN(milliseconds)) {
    throw suiteInvalid(
      `a time in ISO 8601 for ${dimension}`,
      JSON.stringify(value),
      "Write 2019-03-01 or 2019-03-01T12:00:00Z.",
    );
  }
  return (milliseconds - time.sinceMs) / time.stepMs;
}

function notTime(dimension: string, calendar: string | undefined): ArrayFault {
  const why = calendar === undefined ? "has no units of time" : `counts by the calendar ${JSON.stringify(calendar)}`;
  return new ArrayFault("NOT_ANSWERABLE", `${JSON.stringify(dimension)} ${why}`);
}
