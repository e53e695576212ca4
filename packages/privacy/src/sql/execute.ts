import type { CellValue, QueryEngine } from "@deepwright/engines";
import type { RandomBits } from "../random/random-bits.js";
import { toNumber } from "../random/rational.js";
import type { NoisyNumbers } from "./aggregates.js";
import type { AnswerGroup, KeyValue } from "./answer.js";
import type { ColumnFamily } from "./column-family.js";
import { dialectOf } from "./dialects/dialect.js";
import { queryFailed } from "./errors.js";
import { type Fragment, toStatement } from "./fragment.js";
import { drawNoise } from "./noise.js";
import type { PlannedBins, QueryPlan } from "./plan.js";
import { branching, leafCount } from "./quantiles.js";
import { binsStatement, totalsStatement } from "./statement.js";

/** The integers of one group before noise. Never leaves this package. */
export interface BoundedGroup {
  readonly key: readonly KeyValue[];
  readonly totals: readonly bigint[];
  /** For each table the weights of its bins. */
  readonly bins: readonly (readonly bigint[])[];
}

type Row = Readonly<Record<string, CellValue>>;

/** Reads all rows of a statement; whatever fails becomes one and the same error. */
async function rowsOf(engine: QueryEngine, fragment: Fragment, signal: AbortSignal | undefined): Promise<Row[]> {
  const { sql, parameters } = toStatement(fragment, dialectOf(engine).cast);
  try {
    return await engine.query<Record<string, CellValue>>(sql, { parameters, ...(signal && { signal }) });
  } catch {
    signal?.throwIfAborted();
    throw queryFailed();
  }
}

function keyValue(cell: CellValue | undefined, family: ColumnFamily): KeyValue {
  if (cell === null || cell === undefined) return null;
  const written = String(cell);
  if (family === "boolean") return written === "true" || written === "t";
  if (family !== "integer") return written;
  const number = Number(written);
  return Number.isSafeInteger(number) ? number : BigInt(written);
}

const keyText = (key: readonly KeyValue[]): string =>
  JSON.stringify(key.map((part) => (part === null ? null : String(part))));

/**
 * What the engine computes with every person's part bounded, and nothing random but the choice of groups by the salt.
 * Not private yet.
 *
 * @throws DeepwrightError `PRIVATE_QUERY_FAILED`
 */
export async function boundedGroups(
  engine: QueryEngine,
  plan: QueryPlan,
  salt: number,
  signal?: AbortSignal,
): Promise<BoundedGroup[]> {
  const source = plan.source(salt);
  const { columns, known } = plan.groups;
  const found = new Map<string, { key: readonly KeyValue[]; totals: bigint[]; bins: bigint[][] }>();
  const groupOf = (key: readonly KeyValue[]) => {
    const written = keyText(key);
    let group = found.get(written);
    if (group === undefined) {
      group = {
        key,
        totals: plan.totals.map(() => 0n),
        bins: plan.bins.map(({ size }) => Array.from({ length: size }, () => 0n)),
      };
      found.set(written, group);
    }
    return group;
  };
  for (const key of known ?? []) groupOf(key);
  const keyOf = (row: Row): KeyValue[] => columns.map(({ family }, index) => keyValue(row[`k${index}`], family));
  const cell = (row: Row, name: string): bigint => BigInt(String(row[name] ?? "0"));
  if (plan.totals.length > 0) {
    const statement = totalsStatement(
      source,
      plan.values,
      plan.totals.map(({ measure }) => measure),
    );
    for (const row of await rowsOf(engine, statement, signal)) {
      const group = groupOf(keyOf(row));
      group.totals = plan.totals.map((_, index) => cell(row, `m${index}`));
    }
  }
  for (const [index, { table }] of plan.bins.entries()) {
    for (const row of await rowsOf(engine, binsStatement(source, table), signal)) {
      const bins = groupOf(keyOf(row)).bins[index] as bigint[];
      bins[Number(row.b)] = cell(row, "m0");
    }
  }
  return [...found.values()];
}

/** The weights on which noise is drawn: of a tree its inner nodes, then its leaves. */
function nodesOf(weights: readonly bigint[], levels: 1 | 2): bigint[] {
  if (levels === 1) return [...weights];
  const inner = Array.from({ length: branching }, (_, node) =>
    weights.slice(node * branching, (node + 1) * branching).reduce((sum, weight) => sum + weight, 0n),
  );
  return [...inner, ...weights.slice(0, leafCount)];
}

/** Noisy integers of an answer in a group. */
function noisyBins(weights: readonly bigint[], { noise, levels }: PlannedBins, bits: RandomBits): NoisyNumbers {
  const draw = drawNoise(noise, bits);
  const numbers = nodesOf(weights, levels).map((weight) => Number(weight + draw()));
  return { numbers, scales: numbers.map(() => toNumber(noise.scale)) };
}

/**
 * Adds the noise and leaves out groups below the threshold. From here on everything may be seen.
 *
 * @param confidence above 0 and below 1
 */
export function releaseGroups(
  groups: readonly BoundedGroup[],
  plan: QueryPlan,
  confidence: number,
  bits: RandomBits,
): AnswerGroup[] {
  const draws = plan.totals.map(({ noise }) => drawNoise(noise, bits));
  const scales = plan.totals.map(({ noise }) => toNumber(noise.scale));
  const { columns, threshold } = plan.groups;
  const released: { readonly order: string; readonly group: AnswerGroup }[] = [];
  for (const group of groups) {
    const noisy = group.totals.map((total, index) => total + (draws[index] as () => bigint)());
    if (threshold !== null && (noisy[threshold.total] as bigint) < threshold.least) continue;
    const values = plan.answers.map(({ name, plan: answer, totals, bins }) => {
      const numbers: NoisyNumbers =
        bins === null
          ? {
              numbers: totals.map((index) => Number(noisy[index])),
              scales: totals.map((index) => scales[index] as number),
            }
          : noisyBins(group.bins[bins] as readonly bigint[], plan.bins[bins] as PlannedBins, bits);
      return [name, answer.finish(numbers, confidence)] as const;
    });
    const key = Object.fromEntries(columns.map(({ name }, index) => [name, group.key[index] ?? null]));
    released.push({ order: keyText(group.key), group: { key, values: Object.fromEntries(values) } });
  }
  // The order in which the engine found the groups may depend on rows.
  if (plan.groups.known === null) released.sort((a, b) => (a.order < b.order ? -1 : 1));
  return released.map(({ group }) => group);
}
