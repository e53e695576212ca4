import type { QueryEngine } from "@deepwright/engines";
import type { PrivacyEvent } from "../accounting/event.js";
import { requireInteger, requireOpenProbability, requirePositive } from "../arguments.js";
import { keyThreshold } from "../mechanisms/threshold-keys.js";
import { toNumber } from "../random/rational.js";
import { type AggregatePlan, type BoundedAggregate, planAggregate } from "./aggregates.js";
import type { KeyValue } from "./answer.js";
import { keyFamilies, numericFamilies } from "./column-family.js";
import { dialectOf } from "./dialects/dialect.js";
import { invalidArgument, queryRefused } from "./errors.js";
import { boundLiteral, filterCondition, type Literal } from "./filter.js";
import { type Fragment, join, sql } from "./fragment.js";
import { joinedSources } from "./joined-sources.js";
import { type BinTable, type GridValue, type Measure, rowWeight, sensitivityOf } from "./measure.js";
import { epsilonPart, type GroupNoise, groupNoise, vectorNoise } from "./noise.js";
import type { OpenColumn, OpenDataSet } from "./open-data-set.js";
import type { PrivateQuery } from "./query.js";
import type { BoundedSource } from "./statement.js";
import { type ValueGrid, valueGrid } from "./value-grid.js";

export interface PlannedTotal {
  readonly measure: Measure;
  readonly noise: GroupNoise;
  /** By how much one person moves it in one group, in steps. */
  readonly sensitivity: number;
}

export interface PlannedBins {
  readonly table: BinTable;
  readonly size: number;
  readonly levels: 1 | 2;
  readonly noise: GroupNoise;
  readonly sensitivity: number;
}

export interface PlannedAnswer {
  readonly name: string;
  readonly plan: AggregatePlan;
  /** Indices of totals, or of one table of bins. */
  readonly totals: readonly number[];
  readonly bins: number | null;
}

/** A query that was checked: what is asked of the engine, which noise is added, what it costs. */
export interface QueryPlan {
  readonly dataSets: readonly OpenDataSet[];
  /** The source with a salt for the choice of groups. */
  source(salt: number): BoundedSource;
  readonly values: readonly GridValue[];
  readonly totals: readonly PlannedTotal[];
  readonly bins: readonly PlannedBins[];
  readonly answers: readonly PlannedAnswer[];
  readonly groups: {
    readonly columns: readonly OpenColumn[];
    /** Every group of the answer, or `null` where the data has to say which there are. */
    readonly known: readonly (readonly KeyValue[])[] | null;
    /** Index of the total whose noisy value decides whether a group is named. */
    readonly threshold: { readonly total: number; readonly least: bigint } | null;
  };
  readonly groupsPerPerson: number;
  readonly rowsPerGroup: number;
  readonly event: PrivacyEvent;
}

const mostKnownGroups = 100_000;
const mostKeysPerColumn = 2_000;
/** A person's part and its noise stay exact in doubles and 64-bit integers up to here. */
const largestSensitivity = 2 ** 50;

/**
 * Checks a query against the columns of its data sets and derives sensitivities, noise and cost. Reads no row, so what it
 * refuses says nothing of the data.
 *
 * @throws DeepwrightError `INVALID_ARGUMENT`, `COLUMN_MISSING`, `COLUMN_TYPE_INVALID`, `DATA_SET_MISSING`, `BOUNDS_MISSING`,
 *   `SENSITIVITY_TOO_LARGE`
 */
export function planQuery(
  engine: QueryEngine,
  opened: ReadonlyMap<string, OpenDataSet>,
  query: PrivateQuery,
): QueryPlan {
  requirePositive("epsilon", query.epsilon);
  const joined = joinedSources(engine, opened, query);
  const { column } = joined;
  const grouping = query.groupBy ?? [];
  const groupsPerPerson = requireInteger("groupsPerPerson", query.groupsPerPerson ?? 1, 1);
  const rowsPerGroup = requireInteger("rowsPerGroup", query.rowsPerGroup ?? 1, 1);
  if (grouping.length === 0 && groupsPerPerson !== 1) {
    throw invalidArgument("one group a person where nothing is grouped", `groupsPerPerson ${groupsPerPerson}`);
  }
  const columns = grouping.map((group) => keyColumn(column(group.column)));
  if (new Set(columns).size < columns.length) throw invalidArgument("each column once in groupBy", "one twice");
  const conditions: Fragment[] = query.where === undefined ? [] : [filterCondition(query.where, column)];
  const known = knownGroups(grouping, columns, conditions);

  const values: GridValue[] = [];
  const valueIndex = (value: GridValue): number => {
    const same = (other: GridValue): boolean =>
      other.column === value.column &&
      other.clip === value.clip &&
      JSON.stringify(other.grid) === JSON.stringify(value.grid);
    const at = values.findIndex(same);
    return at >= 0 ? at : values.push(value) - 1;
  };
  const named = Object.entries(query.select);
  if (named.length === 0) throw invalidArgument("at least one answer in select", "none");
  const plans = named.map(([name, aggregate]) => {
    const numericOf = (wanted: string): OpenColumn => numericColumn(column(wanted));
    const gridOf = (bounded: BoundedAggregate): ValueGrid => boundsOf(numericOf(bounded.column), bounded);
    return { name, aggregate, plan: planAggregate(aggregate, numericOf, gridOf, valueIndex) };
  });

  const unknown = known === null;
  const delta = deltaOf(query, unknown, joined.dataSets);
  // The count that decides about naming a group answers for people, too.
  const ownShare = plans.filter(({ aggregate }) => !(unknown && aggregate.kind === "people"));
  const shares = ownShare.length + (unknown ? 1 : 0);
  const totals: PlannedTotal[] = [];
  const bins: PlannedBins[] = [];
  const addTotal = (measure: Measure, parts: number): number => {
    const sensitivity = sensitivityOf(measure, values, rowsPerGroup);
    requireSensitivity(sensitivity * groupsPerPerson);
    const epsilon = epsilonPart(query.epsilon, shares * parts);
    const noise = groupNoise({ sensitivity, groups: groupsPerPerson, epsilon });
    return totals.push({ measure, sensitivity, noise }) - 1;
  };
  const people = unknown ? addTotal({ kind: "people" }, 1) : -1;
  const answers = plans.map(({ name, aggregate, plan }): PlannedAnswer => {
    if (unknown && aggregate.kind === "people") return { name, plan, totals: [people], bins: null };
    const { needs } = plan;
    if (needs.kind === "totals") {
      const indices = needs.measures.map((measure) => addTotal(measure, needs.measures.length));
      return { name, plan, totals: indices, bins: null };
    }
    const sensitivity = rowsPerGroup * rowWeight * needs.levels;
    requireSensitivity(sensitivity * groupsPerPerson);
    const epsilon = epsilonPart(query.epsilon, shares);
    const noise = vectorNoise({ sensitivity: sensitivity * groupsPerPerson, epsilon });
    const { table, size, levels } = needs;
    return { name, plan, totals: [], bins: bins.push({ table, size, levels, noise, sensitivity }) - 1 };
  });
  const threshold =
    delta === null ? null : { total: people, least: leastPeople(query, delta, groupsPerPerson, shares) };
  return {
    dataSets: joined.dataSets,
    source: (salt) => ({
      dialect: dialectOf(engine),
      from: joined.from(salt),
      person: joined.person,
      conditions,
      keys: columns,
      groupsPerPerson,
      rowsPerGroup,
      salt,
    }),
    values,
    totals,
    bins,
    answers,
    groups: { columns, known, threshold },
    groupsPerPerson,
    rowsPerGroup,
    event: eventOf(totals, bins, threshold === null ? null : { total: people, epsilon: query.epsilon, shares, delta }),
  };
}

function requireSensitivity(sensitivity: number): void {
  if (sensitivity <= largestSensitivity) return;
  throw queryRefused(
    "SENSITIVITY_TOO_LARGE",
    `one person to move an answer by at most ${largestSensitivity} steps`,
    String(sensitivity),
    "Take a larger step, narrower bounds, fewer rows or fewer groups a person",
  );
}

function eventOf(
  totals: readonly PlannedTotal[],
  bins: readonly PlannedBins[],
  keys: {
    readonly total: number;
    readonly epsilon: number;
    readonly shares: number;
    readonly delta: number | null;
  } | null,
): PrivacyEvent {
  const events = totals.map(({ noise }, index): PrivacyEvent => {
    if (keys === null || index !== keys.total) return noise.event;
    // Naming groups by their noisy count (Wilson et al. 2020, theorem 2) has a delta beside the noise's own epsilon.
    const epsilon = toNumber(epsilonPart(keys.epsilon, keys.shares));
    return { kind: "epsilon-delta", epsilon, delta: keys.delta ?? 0 };
  });
  return { kind: "composed", events: [...events, ...bins.map(({ noise }) => noise.event)] };
}

function deltaOf(query: PrivateQuery, unknown: boolean, dataSets: readonly OpenDataSet[]): number | null {
  if (!unknown) {
    if (query.delta === undefined && query.minimumPeople === undefined) return null;
    throw invalidArgument("delta and minimumPeople only for groups without known keys", "one of them", "Leave it out");
  }
  if (query.delta === undefined) {
    throw invalidArgument("a delta, or the keys of all groups", "neither", "Give one of them");
  }
  const delta = requireOpenProbability("delta", query.delta);
  const people = Math.max(...dataSets.map(({ dataSet }) => dataSet.people));
  if (delta * people >= 1)
    throw invalidArgument(`delta below one over the ${people} people`, delta, "Take a smaller delta");
  return delta;
}

/** The threshold for groups of one person, moved up by the people that a group must have besides. */
function leastPeople(query: PrivateQuery, delta: number, groups: number, shares: number): bigint {
  const minimum = requireInteger("minimumPeople", query.minimumPeople ?? 1, 1);
  const epsilon = toNumber(epsilonPart(query.epsilon, shares)) / groups;
  return keyThreshold({ epsilon, delta, keysPerPerson: groups }) + BigInt(Math.max(0, minimum - 2));
}

function keyColumn(found: OpenColumn): OpenColumn {
  if (keyFamilies.includes(found.family)) return found;
  throw columnType(found, keyFamilies);
}

function numericColumn(found: OpenColumn): OpenColumn {
  if (numericFamilies.includes(found.family)) return found;
  throw columnType(found, numericFamilies);
}

function columnType(found: OpenColumn, families: readonly string[]): Error {
  return queryRefused(
    "COLUMN_TYPE_INVALID",
    `${JSON.stringify(found.name)} to be ${families.join(" or ")}`,
    found.type,
    "Ask for another column",
  );
}

function boundsOf(
  found: OpenColumn,
  asked: { readonly lower?: number; readonly upper?: number; readonly step?: number },
): ValueGrid {
  const declared = found.dataSet.bounds?.[found.name];
  const lower = asked.lower ?? declared?.lower;
  const upper = asked.upper ?? declared?.upper;
  const step = asked.step ?? declared?.step;
  if (lower === undefined || upper === undefined) {
    throw queryRefused(
      "BOUNDS_MISSING",
      `bounds of ${JSON.stringify(found.name)}`,
      "none from the query nor from the data set",
      "Give lower and upper from what is known of the field, not from a look at the data",
    );
  }
  return valueGrid(found.name, { lower, upper, ...(step !== undefined && { step }) });
}

/** All combinations of known keys; adds the condition that leaves out other rows. */
function knownGroups(
  grouping: NonNullable<PrivateQuery["groupBy"]>,
  columns: readonly OpenColumn[],
  conditions: Fragment[],
): readonly (readonly Literal[])[] | null {
  if (grouping.length === 0) return [[]];
  const given = grouping.filter(({ keys }) => keys !== undefined).length;
  if (given === 0) return null;
  if (given < grouping.length) throw invalidArgument("keys for all columns of groupBy or for none", "keys for some");
  let groups: readonly (readonly Literal[])[] = [[]];
  grouping.forEach(({ keys = [] }, index) => {
    const column = columns[index] as OpenColumn;
    const distinct = [...new Set(keys)];
    if (distinct.length === 0 || distinct.length > mostKeysPerColumn) {
      throw invalidArgument(`1 to ${mostKeysPerColumn} keys of ${JSON.stringify(column.name)}`, distinct.length);
    }
    const values = distinct.map((key) => boundLiteral(key, column));
    conditions.push(sql`(${column.comparable} IN (${join(values, ", ")}))`);
    groups = groups.flatMap((group) => distinct.map((key) => [...group, key]));
    if (groups.length > mostKnownGroups) throw invalidArgument(`at most ${mostKnownGroups} groups`, "more");
  });
  return groups;
}
