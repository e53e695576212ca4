import { DeepwrightError } from "@deepwright/core";
import { defineSuite } from "../suite/build.js";
import type { Expectation, Suite } from "../suite/suite.js";
import { type AnomalyCheck, type AnomalyOptions, checkAnomalies } from "./anomalies.js";
import type { PartitionState } from "./state.js";
import { byPartition } from "./state-store.js";

/** Kinds of expectations that bound a metric. Estimates decide nothing, so numbers of different values have none. */
const kinds: Readonly<Record<string, Expectation["kind"]>> = {
  rowCount: "rowCountBetween",
  nullFraction: "nullFractionBetween",
  mean: "meanBetween",
  standardDeviation: "standardDeviationBetween",
  "quantile(0.5)": "medianBetween",
};

export interface UsualSuiteOptions extends Omit<AnomalyOptions, "partition" | "across"> {
  /** The partition to come; an ISO date tells its weekday and how far the trend goes. */
  readonly partition: string;
  /** Default: `usual <partition>`. */
  readonly name?: string;
}

/**
 * What is usual for a partition to come, as a suite of bounds: so it can be tested where it arises, on any engine and without a
 * history at hand. If the partition is as usual, the probability that any expectation fails is at most `rate`.
 *
 * @param states of one store, in any order
 * @throws DeepwrightError `ARGUMENT_INVALID`; `HISTORY_TOO_SHORT` where nothing can be told yet
 * @example
 * ```ts
 * const suite = usualSuite(await store.read(), { partition: "2026-02-01" });
 * ```
 */
export function usualSuite(states: readonly PartitionState[], options: UsualSuiteOptions): Suite {
  const { partition, name = `usual ${partition}`, ...rest } = options;
  const past = states.filter((each) => each.partition < partition).sort(byPartition);
  const last = past.at(-1);
  const report =
    last && checkAnomalies([...past, { ...last, partition }], { ...rest, partition, across: "bonferroni" });
  const expectations = report?.checks.flatMap((each) => expectationOf(each, last as PartitionState) ?? []) ?? [];
  if (expectations.length === 0) {
    throw new DeepwrightError({
      code: "HISTORY_TOO_SHORT",
      kind: "conflict",
      expected: `enough partitions before ${JSON.stringify(partition)} to tell what is usual`,
      got: `${past.length}`,
      todo: `Keep at least ${rest.minimum ?? 14} partitions.`,
    });
  }
  return defineSuite({ name, expectations });
}

function expectationOf(found: AnomalyCheck, last: PartitionState): Expectation | null {
  const { column, low, high, metric, historyCount } = found;
  const figure = column === null ? metric : metric.slice(0, metric.length - column.length - 1);
  const kind = Object.hasOwn(kinds, figure) ? kinds[figure] : undefined;
  // The numbers of a text are its lengths, about which no kind speaks.
  const isLength = column !== null && figure !== "nullFraction" && last.columns[column]?.family === "text";
  if (kind === undefined || low === null || high === null || isLength) return null;
  return {
    kind,
    ...(column !== null && { column }),
    ...(figure === "rowCount" ? { min: Math.floor(low), max: Math.ceil(high) } : { min: low, max: high }),
    ...(column !== null && figure !== "nullFraction" && { nulls: "ignore" }),
    because: `usual by ${historyCount} partitions`,
  } as Expectation;
}
