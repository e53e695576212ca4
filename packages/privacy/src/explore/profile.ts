import type { BinEstimate, Estimate, QuantileEstimate } from "../sql/answer.js";
import type { ValueBounds } from "../sql/data-set.js";
import type { Aggregate } from "../sql/query.js";
import type { AskOptions, Explorer } from "./explorer.js";

/** What may be known of a numeric column without its rows. */
export interface ColumnProfile {
  /** Rows without a value, in weighted rows. */
  readonly missing: Estimate;
  readonly mean: Estimate;
  readonly quantiles: readonly QuantileEstimate[];
  readonly histogram: readonly BinEstimate[];
}

export interface PrivateProfile {
  readonly people: Estimate;
  readonly rows: Estimate;
  readonly columns: Readonly<Record<string, ColumnProfile>>;
}

const probabilities = [0.05, 0.25, 0.5, 0.75, 0.95];
const binCount = 10;

const edgesOf = ({ lower, upper }: ValueBounds): number[] =>
  Array.from({ length: binCount + 1 }, (_, index) => lower + ((upper - lower) * index) / binCount);

/**
 * Describes numeric columns: people, rows, missing values, mean, quantiles and a histogram of ten bins. The whole profile
 * costs `epsilon`: one part for the table, one for each column.
 *
 * @param options.columns bounds by column
 * @param options.rowsPerGroup as how many rows a person counts. Default 1
 * @throws DeepwrightError as `Explorer.ask`; what failed after a part of the profile has cost that part
 * @example
 * ```ts
 * const profile = await privateProfile(explorer, {
 *   from: "visits",
 *   columns: { paid: { lower: 0, upper: 100 } },
 *   epsilon: 1,
 * });
 * console.log(profile.columns.paid.quantiles);
 * ```
 */
export async function privateProfile<Name extends string>(
  explorer: Explorer,
  options: AskOptions & {
    readonly from: string;
    readonly columns: Readonly<Record<Name, ValueBounds>>;
    readonly epsilon: number;
    readonly rowsPerGroup?: number;
  },
): Promise<PrivateProfile & { readonly columns: Readonly<Record<Name, ColumnProfile>> }> {
  const { from, columns, epsilon, rowsPerGroup = 1, ...asked } = options;
  const bounds = Object.entries<ValueBounds>(columns);
  const share = epsilon / (bounds.length + 1);
  const common = { from, rowsPerGroup, epsilon: share };
  const table = { people: { kind: "people" }, rows: { kind: "rows" } } as const satisfies Record<string, Aggregate>;
  const questions = bounds.map(([column, bound]) => ({
    column,
    query: {
      ...common,
      select: {
        mean: { kind: "mean", column, ...bound },
        quantiles: { kind: "quantiles", column, probabilities, ...bound },
        histogram: { kind: "histogram", column, edges: edgesOf(bound) },
      } as const,
    },
    missing: { ...common, where: { column, is: "missing" }, select: { rows: { kind: "rows" } } } as const,
  }));
  // What would be refused is found before anything is spent.
  for (const { query } of questions) await explorer.predict(query, asked);
  const whole = (await explorer.ask({ ...common, select: table }, asked)).groups[0]?.values;
  const described: [string, ColumnProfile][] = [];
  for (const { column, query, missing } of questions) {
    const values = (await explorer.ask({ ...query, epsilon: share * 0.75 }, asked)).groups[0]?.values;
    const absent = (await explorer.ask({ ...missing, epsilon: share * 0.25 }, asked)).groups[0]?.values;
    if (values !== undefined && absent !== undefined) described.push([column, { missing: absent.rows, ...values }]);
  }
  return {
    people: whole?.people as Estimate,
    rows: whole?.rows as Estimate,
    columns: Object.fromEntries(described) as Record<Name, ColumnProfile>,
  };
}
