import type { QueryEngine } from "@deepwright/engines";
import { requireOpenProbability } from "../arguments.js";
import type { BudgetLedger } from "../budget/ledger.js";
import { type RandomBits, systemBits } from "../random/random-bits.js";
import type { AnswerGroup, PrivateAnswer } from "../sql/answer.js";
import type { PrivateDataSet } from "../sql/data-set.js";
import { invalidArgument } from "../sql/errors.js";
import { boundedGroups, releaseGroups } from "../sql/execute.js";
import { type OpenDataSet, openDataSet } from "../sql/open-data-set.js";
import { planQuery, type QueryPlan } from "../sql/plan.js";
import type { PrivateQuery } from "../sql/query.js";
import { type Prediction, predictPlan } from "./predict.js";

/** Limits of a budget, see `BudgetLedger.declare`. */
export interface BudgetLimits {
  readonly epsilon: number;
  readonly delta: number;
}

export interface ExplorerOptions {
  readonly engine: QueryEngine;
  readonly ledger: BudgetLedger;
  readonly dataSets: readonly PrivateDataSet[];
  /** Who asks; has a budget of their own on each data set. */
  readonly analyst: string;
  readonly budgets: {
    /** What all analysts together may learn of each data set: what holds when they share their answers. */
    readonly dataSet: BudgetLimits;
    /** What this analyst may. */
    readonly analyst: BudgetLimits;
  };
  /** Default: the operating system's generator. Another one is for tests. */
  readonly bits?: RandomBits;
}

export interface AskOptions {
  /** Share of intervals that hold the bounded value, above 0 and below 1. Default 0.95. */
  readonly confidence?: number;
  readonly signal?: AbortSignal;
}

/** Answers questions about people's data within budgets. */
export interface Explorer {
  /**
   * What a query would cost and how wide its error bars would be. Reads no row and spends nothing.
   *
   * @param options.rows size of the groups that is imagined. Default: the people of the data set, spread over the known groups
   * @throws DeepwrightError of a query that would be refused
   */
  predict(query: PrivateQuery, options?: AskOptions & { readonly rows?: number }): Promise<Prediction>;
  /**
   * Charges the cost to the analyst's and the data sets' budgets, then computes and releases the answer. A failure after
   * the charge refunds nothing.
   *
   * @throws DeepwrightError `BUDGET_EXHAUSTED`, `PRIVATE_QUERY_FAILED`, and for what is refused before anything is spent
   *   `INVALID_ARGUMENT`, `COLUMN_MISSING`, `COLUMN_TYPE_INVALID`, `DATA_SET_MISSING`, `BOUNDS_MISSING`, `SENSITIVITY_TOO_LARGE`
   */
  ask<const Asked extends PrivateQuery["select"]>(
    query: Omit<PrivateQuery, "select"> & { readonly select: Asked },
    options?: AskOptions,
  ): Promise<PrivateAnswer<Asked>>;
}

/** Name of the budget of all that is learned of a data set. */
export const dataSetBudget = (dataSet: string): string => `data set ${JSON.stringify(dataSet)}`;

/** Name of the budget of what one analyst learns of it. */
export const analystBudget = (dataSet: string, analyst: string): string =>
  `data set ${JSON.stringify(dataSet)}, analyst ${JSON.stringify(analyst)}`;

const purposeOf = (query: PrivateQuery): string =>
  JSON.stringify(query, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));

/**
 * Opens data sets for private questions. Noise is drawn as exact integers, everything that depends on the data is bounded
 * by person, and errors never say what the data holds. Neighbors are data sets with and without one person (of all joined
 * tables). The time that an answer takes is not protected.
 *
 * @throws DeepwrightError `PERSON_KEY_INVALID`, `COLUMN_MISSING`, `BUDGET_EXISTS`, `INVALID_ARGUMENT`
 * @example
 * ```ts
 * const explorer = await openExplorer({ engine, ledger, dataSets, analyst: "ann", budgets });
 * const { groups } = await explorer.ask({ from: "visits", select: { people: { kind: "people" } }, epsilon: 0.5 });
 * ```
 */
export async function openExplorer(options: ExplorerOptions): Promise<Explorer> {
  const { engine, ledger, analyst, budgets, bits = systemBits() } = options;
  const opened = new Map<string, OpenDataSet>();
  for (const [index, dataSet] of options.dataSets.entries()) {
    if (opened.has(dataSet.name)) throw invalidArgument("data sets of different names", JSON.stringify(dataSet.name));
    opened.set(dataSet.name, await openDataSet(engine, dataSet, `d${index}`));
  }
  for (const name of opened.keys()) {
    await ledger.declare({ name: dataSetBudget(name), ...budgets.dataSet });
    await ledger.declare({ name: analystBudget(name, analyst), ...budgets.analyst });
  }
  const budgetsOf = ({ dataSets }: QueryPlan): string[] =>
    dataSets.flatMap(({ dataSet: { name } }) => [dataSetBudget(name), analystBudget(name, analyst)]);
  const confidenceOf = (asked: AskOptions): number => requireOpenProbability("confidence", asked.confidence ?? 0.95);

  return {
    async predict(query, asked = {}) {
      const plan = planQuery(engine, opened, query);
      const prediction = predictPlan(plan, { confidence: confidenceOf(asked), rows: asked.rows });
      const previews = await Promise.all(
        budgetsOf(plan).map(async (budget) => ({ budget, ...(await ledger.preview(budget, plan.event)) })),
      );
      return { ...prediction, budgets: previews, allowed: previews.every(({ allowed }) => allowed) };
    },
    async ask<const Asked extends PrivateQuery["select"]>(
      query: Omit<PrivateQuery, "select"> & { readonly select: Asked },
      asked: AskOptions = {},
    ) {
      const confidence = confidenceOf(asked);
      const plan = planQuery(engine, opened, query);
      asked.signal?.throwIfAborted();
      await ledger.chargeAll({
        budgets: budgetsOf(plan),
        event: plan.event,
        purpose: purposeOf(query),
        chargedBy: analyst,
      });
      const bounded = await boundedGroups(engine, plan, bits.next32(), asked.signal);
      return {
        // Each answer is finished by the plan of its own aggregate.
        groups: releaseGroups(bounded, plan, confidence, bits) as readonly AnswerGroup<Asked>[],
        event: plan.event,
        confidence,
        threshold: plan.groups.threshold === null ? null : Number(plan.groups.threshold.least),
      };
    },
  };
}
