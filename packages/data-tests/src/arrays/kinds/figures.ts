import { z } from "zod";
import { boundsShape, describeBounds, someBound } from "../../suite/common.js";
import { ExactSum } from "../scan/exact-sum.js";
import type { Grid } from "../scan/grid.js";
import type { Samples } from "../scan/samples.js";
import { axisSteps, type Block, type Outcome, type ScanCheck } from "../scan/scan-check.js";
import { type ArrayContext, type ArrayPlan, arrayKind, scanShape } from "./array-kind.js";

/** What is kept of a group of elements. */
class Tally {
  count = 0;
  missing = 0;
  notFinite = 0;
  notANumber = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  matching = 0;
  readonly sum = new ExactSum();
  readonly squares = new ExactSum();
}

interface Figure {
  /** Takes in a value that is there. */
  add(tally: Tally, value: number): void;
  /** `null` where the group allows none. */
  of(tally: Tally): number | null;
  /** Missing values are looked at, too. */
  readonly ofMissing?: boolean;
}

const finiteOnly =
  (of: (tally: Tally) => number): Figure["of"] =>
  (tally) =>
    tally.notFinite > 0 || tally.count === 0 ? null : of(tally);

const figures = {
  mean: {
    add: (tally, value) => tally.sum.add(value),
    of: finiteOnly(({ sum, count }) => sum.value() / count),
  },
  sum: { add: (tally, value) => tally.sum.add(value), of: finiteOnly(({ sum }) => sum.value()) },
  "standard deviation": {
    add(tally, value) {
      tally.sum.add(value);
      tally.squares.addSquare(value);
    },
    of: finiteOnly(({ sum, squares, count }) => {
      const total = sum.value();
      return Math.sqrt(Math.max(0, squares.value() - (total * total) / count) / count);
    }),
  },
  minimum: {
    add(tally, value) {
      if (value < tally.min) tally.min = value;
    },
    // Which of two zeros comes first is nobody's business: adding 0 takes the sign away.
    of: finiteOnly(({ min }) => min + 0),
  },
  maximum: {
    add(tally, value) {
      if (value > tally.max) tally.max = value;
    },
    of: finiteOnly(({ max }) => max + 0),
  },
} as const satisfies Record<string, Figure>;

/** One figure of all elements that are looked at, or one for each index of a dimension. */
class FigureCheck implements ScanCheck {
  readonly #figure: Figure;
  readonly #isGood: (figure: number) => boolean;
  readonly #grid: Grid;
  readonly #by: number | null;
  readonly #samples: Samples;
  readonly #tallies = new Map<number, Tally>();

  constructor(figure: Figure, isGood: (figure: number) => boolean, grid: Grid, by: number | null, samples: Samples) {
    this.#figure = figure;
    this.#isGood = isGood;
    this.#grid = grid;
    this.#by = by;
    this.#samples = samples;
  }

  visit({ region, count, values, missing, selected }: Block): void {
    const { shape, origin } = region;
    const { inner, length } = this.#by === null ? { inner: count, length: 1 } : axisSteps(shape, this.#by);
    const first = this.#by === null ? 0 : (origin[this.#by] as number);
    for (let start = 0, group = 0; start < count; start += inner, group = (group + 1) % length) {
      const tally = this.#tally(first + group);
      const end = start + inner;
      for (let index = start; index < end; index++) {
        if (selected !== null && selected[index] === 0) continue;
        const value = values[index] as number;
        if (missing[index] === 1) tally.missing += 1;
        else {
          tally.count += 1;
          if (Number.isFinite(value)) this.#figure.add(tally, value);
          else {
            tally.notFinite += 1;
            if (Number.isNaN(value)) tally.notANumber += 1;
          }
        }
      }
    }
  }

  finish(): Outcome {
    const groups = [...this.#tallies].filter(([, { count, missing }]) => count + missing > 0);
    const ofMissing = this.#figure.ofMissing === true;
    const considered = groups.reduce((total, [, { count, missing }]) => total + count + (ofMissing ? missing : 0), 0);
    const broken = groups
      .map(([group, tally]) => ({ group, tally, figure: this.#figure.of(tally) }))
      .filter(({ figure }) => figure === null || !this.#isGood(figure));
    if (this.#by === null) {
      const { figure = null, tally } = broken[0] ?? { ...this.#only(groups[0]?.[1]) };
      const notFinite = tally?.notFinite ?? 0;
      return {
        passed: broken.length === 0 && considered > 0,
        observed: figure,
        considered,
        ...(notFinite > 0 &&
          figure === null && { reason: `${notFinite.toLocaleString("en-US")} values are NaN or infinite` }),
      };
    }
    const axis = this.#by;
    for (const { group, figure } of broken) {
      this.#samples.addSlice(axis, group, () => ({ ...this.#grid.sliceRow(axis, group), figure }));
    }
    return {
      passed: broken.length === 0 && groups.length > 0,
      observed: broken.length,
      considered: groups.length,
      failing: broken.length,
      sample: this.#samples.rows(),
      unit: "slice",
    };
  }

  #only(tally: Tally | undefined): { figure: number | null; tally: Tally | undefined } {
    return { figure: tally === undefined ? null : this.#figure.of(tally), tally };
  }

  #tally(group: number): Tally {
    let tally = this.#tallies.get(group);
    if (tally === undefined) {
      tally = new Tally();
      this.#tallies.set(group, tally);
    }
    return tally;
  }
}

const figureOptions = z
  .strictObject({
    ...scanShape,
    ...boundsShape,
    /** A dimension: the figure of each of its indexes must be within the bounds. */
    by: z.string().min(1).optional(),
  })
  .refine(someBound, "min or max is needed");

type FigureOptions = z.output<typeof figureOptions>;

async function figurePlan(
  context: ArrayContext,
  name: string,
  figure: Figure,
  options: Omit<FigureOptions, "min" | "max">,
  bounds: string,
  isGood: (figure: number) => boolean,
): Promise<ArrayPlan> {
  const variable = context.variable(options.variable);
  const by = options.by === undefined ? null : context.dimension(variable, options.by);
  const grid = await context.grid(variable);
  const each = options.by === undefined ? "" : ` for each ${options.by}`;
  return {
    by: "scan",
    variable,
    axis: null,
    region: options.region,
    expected: `the ${name} of ${JSON.stringify(variable.name)}${each} to be ${bounds}`,
    check: new FigureCheck(figure, isGood, grid, by, context.samples(variable)),
  };
}

const boundedKind = (name: keyof typeof figures) =>
  arrayKind({
    expects: `the ${name} of the values that are there to be within bounds; NaN and infinities break it`,
    options: figureOptions,
    plan: ({ min, max, ...options }, context) =>
      figurePlan(
        context,
        name,
        figures[name],
        options,
        describeBounds(min, max),
        (figure) => figure >= (min ?? Number.NEGATIVE_INFINITY) && figure <= (max ?? Number.POSITIVE_INFINITY),
      ),
  });

export const meanBetween = boundedKind("mean");
export const sumBetween = boundedKind("sum");
export const standardDeviationBetween = boundedKind("standard deviation");
export const minimumBetween = boundedKind("minimum");
export const maximumBetween = boundedKind("maximum");

const share = z.number().min(0).max(1);

export const missingShareAtMost = arrayKind({
  expects: "the share of markers of missing values and of NaN to be at most this",
  options: z.strictObject({ ...scanShape, share, by: z.string().min(1).optional() }),
  plan({ share, ...options }, context) {
    const figure: Figure = {
      add: () => undefined,
      of: ({ count, missing, notANumber }) => (missing + notANumber) / (count + missing),
      ofMissing: true,
    };
    return figurePlan(
      context,
      "share of missing values",
      figure,
      options,
      `at most ${share}`,
      (found) => found <= share,
    );
  },
});

export const saturatedShareAtMost = arrayKind({
  expects: "the share of values at or beyond the ends of a sensor's range to be at most this",
  options: z
    .strictObject({
      ...scanShape,
      share,
      low: z.number().optional(),
      high: z.number().optional(),
      by: z.string().min(1).optional(),
    })
    .refine(({ low, high }) => low !== undefined || high !== undefined, "low or high is needed"),
  plan({ share, low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY, ...options }, context) {
    const figure: Figure = {
      add(tally, value) {
        if (value <= low || value >= high) tally.matching += 1;
      },
      // Infinities lie beyond any range; NaN does not lie anywhere.
      of: ({ count, matching, notFinite, notANumber }) =>
        count === 0 ? null : (matching + notFinite - notANumber) / count,
    };
    return figurePlan(
      context,
      "share of saturated values",
      figure,
      options,
      `at most ${share}`,
      (found) => found <= share,
    );
  },
});
