import { z } from "zod";
import { boundsShape, describeBounds, someBound } from "../../suite/common.js";
import type { ArrayVariable } from "../array-file.js";
import type { Grid } from "../scan/grid.js";
import type { Samples } from "../scan/samples.js";
import type { Block, Outcome, ScanCheck } from "../scan/scan-check.js";
import { type ArrayContext, type ArrayPlan, arrayKind, elementShape, type RegionOption } from "./array-kind.js";

interface ElementOptions {
  readonly variable?: string | undefined;
  readonly region?: RegionOption | undefined;
  readonly mostly?: number | undefined;
  readonly nulls?: "fail" | "ignore" | undefined;
}

/** Counts elements that are not as expected and keeps the first of them. */
class ElementCheck implements ScanCheck {
  readonly #grid: Grid;
  readonly #samples: Samples;
  readonly #isGood: (value: number) => boolean;
  readonly #mostly: number;
  readonly #ignoreMissing: boolean;
  #considered = 0;
  #failing = 0;

  constructor(grid: Grid, samples: Samples, isGood: (value: number) => boolean, { mostly = 1, nulls }: ElementOptions) {
    this.#grid = grid;
    this.#samples = samples;
    this.#isGood = isGood;
    this.#mostly = mostly;
    this.#ignoreMissing = nulls === "ignore";
  }

  visit({ region, count, values, missing, selected }: Block): void {
    for (let index = 0; index < count; index++) {
      if (selected !== null && selected[index] === 0) continue;
      const isMissing = missing[index] === 1;
      if (isMissing && this.#ignoreMissing) continue;
      this.#considered += 1;
      const value = values[index] as number;
      if (!isMissing && this.#isGood(value)) continue;
      this.#failing += 1;
      const place = this.#grid.placeOf(region, index);
      this.#samples.addElement(place, () => ({
        ...this.#grid.row(this.#grid.indexesOf(place)),
        value: isMissing ? null : value,
      }));
    }
  }

  finish(): Outcome {
    const good = this.#considered - this.#failing;
    return {
      passed: good >= this.#mostly * this.#considered,
      observed: this.#considered === 0 ? null : good / this.#considered,
      considered: this.#considered,
      failing: this.#failing,
      sample: this.#samples.rows(),
      unit: "element",
    };
  }
}

/** A plan that asks one question of every element. */
async function elementPlan(
  context: ArrayContext,
  options: ElementOptions,
  expected: string,
  isGood: (value: number, variable: ArrayVariable) => boolean,
): Promise<ArrayPlan> {
  const variable = context.variable(options.variable);
  const grid = await context.grid(variable);
  const check = new ElementCheck(grid, context.samples(variable), (value) => isGood(value, variable), options);
  const { region } = options;
  const name = JSON.stringify(variable.name);
  return { by: "scan", variable, axis: null, region, expected: `${name} to be ${expected}`, check };
}

export const valuesBetween = arrayKind({
  expects: "every value to be within bounds, both inclusive; NaN is within none",
  options: z.strictObject({ ...elementShape, ...boundsShape }).refine(someBound, "min or max is needed"),
  plan: ({ min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, ...options }, context) =>
    elementPlan(
      context,
      options,
      describeBounds(Number.isFinite(min) ? min : undefined, Number.isFinite(max) ? max : undefined),
      (value) => value >= min && value <= max,
    ),
});

export const valuesFinite = arrayKind({
  expects: "no NaN and no infinity, apart from markers of missing values where these are ignored",
  options: z.strictObject(elementShape),
  plan: (options, context) => elementPlan(context, options, "finite", Number.isFinite),
});

export const valuesNotMissing = arrayKind({
  expects: "no marker of a missing value and no NaN",
  options: z.strictObject({ ...elementShape, nulls: z.undefined().optional() }),
  plan: (options, context) => elementPlan(context, options, "there", (value) => !Number.isNaN(value)),
});

export const valuesInSet = arrayKind({
  expects: "every value to be one of some",
  options: z.strictObject({ ...elementShape, values: z.array(z.number()).min(1) }),
  plan({ values, ...options }, context) {
    const allowed = new Set(values);
    const shown = values.slice(0, 12).join(", ");
    return elementPlan(context, options, `one of ${shown}${values.length > 12 ? ", ..." : ""}`, (value) =>
      allowed.has(value),
    );
  },
});

export const valuesNotInSet = arrayKind({
  expects: "no value to be one of some, such as markers that nobody declared",
  options: z.strictObject({ ...elementShape, values: z.array(z.number()).min(1) }),
  plan({ values, ...options }, context) {
    const refused = new Set(values);
    return elementPlan(context, options, `none of ${values.slice(0, 12).join(", ")}`, (value) => !refused.has(value));
  },
});

export const valuesWhole = arrayKind({
  expects: "whole numbers, as counts and classes are",
  options: z.strictObject(elementShape),
  plan: (options, context) => elementPlan(context, options, "whole numbers", Number.isInteger),
});
