import type { z } from "zod";
import type { Check } from "../planner/check.js";
import type { PlanContext } from "../planner/context.js";

/** A kind of expectation: what it may say, and how it becomes SQL. */
export interface Kind<Schema extends z.ZodType> {
  /** Completes "Expects ...", for the catalogue's documentation. */
  readonly expects: string;
  readonly options: Schema;
  /** @throws PlanFault where the data's columns don't allow the question, DeepwrightError where the options are wrong */
  plan(options: z.output<Schema>, context: PlanContext): Check;
}

export function kind<Schema extends z.ZodType>(definition: Kind<Schema>): Kind<Schema> {
  return definition;
}
