import { openEngine, type QueryEngine } from "@deepwright/engines";
import { findPostgres, findSpark, startPostgres, startSpark } from "@deepwright/tooling/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PrivateDataSet } from "./data-set.js";
import { type BoundedGroup, boundedGroups } from "./execute.js";
import { openDataSet } from "./open-data-set.js";
import { planQuery, type QueryPlan } from "./plan.js";
import type { PrivateQuery } from "./query.js";

interface Row {
  readonly person: number;
  readonly city: string | null;
  readonly amount: number | null;
}

const rowOf = fc.record({
  person: fc.integer({ min: 1, max: 4 }),
  city: fc.constantFrom("a", "b", "c", null),
  amount: fc.oneof(
    fc.constantFrom(null, Number.NaN, Infinity, -Infinity, 0, -0, 5e-324, 1e308, -1e308, 0.05, -2.5, 10, 4.9999999999),
    fc.double({ min: -20, max: 20, noNaN: true }),
  ),
});
const rowsOf = fc.array(rowOf, { maxLength: 14 });

const [lower, upper, step] = [-3, 10, 0.1];
const edges = [-5, 0, 2.5, 10];
const limits = fc.record({
  groupsPerPerson: fc.integer({ min: 1, max: 3 }),
  rowsPerGroup: fc.integer({ min: 1, max: 4 }),
});

const select: PrivateQuery["select"] = {
  people: { kind: "people" },
  rows: { kind: "rows" },
  total: { kind: "sum", column: "amount", lower, upper, step },
  own: { kind: "sum", column: "amount", per: "person", lower, upper, step },
  mean: { kind: "mean", column: "amount", lower, upper, step },
  variance: { kind: "variance", column: "amount", lower, upper, step },
  bins: { kind: "histogram", column: "amount", edges },
  middle: { kind: "quantiles", column: "amount", probabilities: [0.5], lower, upper, step },
};

/** How an engine writes values. */
function literal(engine: QueryEngine, value: number | string | null): string {
  const spark = engine.capabilities.name === "spark";
  if (value === null) return "NULL";
  if (typeof value === "string") return `'${value}'`;
  const written = Object.is(value, -0) ? "-0.0" : String(value);
  return spark ? `double('${written}')` : `CAST('${written}' AS DOUBLE PRECISION)`;
}

function sourceOf(engine: QueryEngine, rows: readonly Row[]): PrivateDataSet["source"] {
  const spark = engine.capabilities.name === "spark";
  const [double, text] = spark ? ["DOUBLE", "STRING"] : ["DOUBLE PRECISION", "VARCHAR"];
  const shape = `SELECT CAST(NULL AS BIGINT) AS person, CAST(NULL AS ${text}) AS city, CAST(NULL AS ${double}) AS amount`;
  const written = rows.map(
    ({ person, city, amount }) => `SELECT ${person}, ${literal(engine, city)}, ${literal(engine, amount)}`,
  );
  // The first row has no person: it never counts.
  return { kind: "query", sql: [shape, ...written].join(" UNION ALL ") };
}

const dataSetOf = (engine: QueryEngine, rows: readonly Row[]): PrivateDataSet => ({
  name: "t",
  source: sourceOf(engine, rows),
  person: "person",
  people: 4,
  missingPersons: "drop",
});

async function bounded(
  engine: QueryEngine,
  rows: readonly Row[],
  query: Omit<PrivateQuery, "from" | "epsilon">,
): Promise<{ plan: QueryPlan; groups: Map<string, BoundedGroup> }> {
  const opened = await openDataSet(engine, dataSetOf(engine, rows), "d0");
  const plan = planQuery(engine, new Map([["t", opened]]), { from: "t", epsilon: 1, ...query });
  const groups = await boundedGroups(engine, plan, 7);
  return { plan, groups: new Map(groups.map((group) => [String(group.key[0] ?? null), group])) };
}

const stepsOf = (value: number): number => Math.floor(value / step + 0.5);
const [least, most] = [stepsOf(lower), stepsOf(upper)];
const inBounds = (value: number): number =>
  value <= lower ? least : value >= upper ? most : Math.abs(value) < step / 4 ? 0 : stepsOf(value);

/** One person's share of a sum of n rows. */
const share = (sum: number, n: number, limit: number): bigint =>
  BigInt(n <= limit ? sum : Math.floor((sum * limit) / n));

/** The measures of one group from rows by people, by the definition. */
function byHand(people: readonly (readonly Row[])[], limit: number): { totals: bigint[]; histogram: bigint[] } {
  const totals = Array.from({ length: 9 }, () => 0n);
  const histogram = [0n, 0n, 0n];
  const add = (index: number, value: bigint): void => {
    totals[index] = (totals[index] as bigint) + value;
  };
  const offset = Math.floor((least + most) / 2);
  const half = Math.floor(Math.max(most - offset, offset - least) ** 2 / 2);
  for (const rows of people) {
    const values = rows.flatMap(({ amount }) => (amount === null || Number.isNaN(amount) ? [] : [amount]));
    const steps = values.map(inBounds);
    const n = values.length;
    const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
    const centered = steps.map((value) => value - offset);
    const squares = centered.map((value) => value * value - half);
    add(0, 1n);
    add(1, BigInt(Math.min(rows.length, limit)));
    add(2, share(sum(steps), n, limit));
    const far = values.map((value) =>
      value <= -1e11 ? -1e12 : value >= 1e11 ? 1e12 : Math.abs(value) < step / 4 ? 0 : stepsOf(value),
    );
    add(3, BigInt(Math.min(most, Math.max(least, sum(far)))));
    add(4, share(sum(centered), n, limit));
    add(5, BigInt(Math.min(n, limit)));
    add(6, share(sum(squares), n, limit));
    add(7, share(sum(centered), n, limit));
    add(8, BigInt(Math.min(n, limit)));
    for (let bin = 0; bin < 3; bin++) {
      const inBin = values.filter((value) => (value < 0 ? 0 : value < 2.5 ? 1 : 2) === bin).length;
      histogram[bin] =
        (histogram[bin] as bigint) + BigInt(n <= limit ? inBin * 16 : Math.floor((inBin * 16 * limit) / n));
    }
  }
  return { totals, histogram };
}

function partition<T>(rows: readonly Row[], by: (row: Row) => T): Map<T, Row[]> {
  const parts = new Map<T, Row[]>();
  for (const row of rows) parts.set(by(row), [...(parts.get(by(row)) ?? []), row]);
  return parts;
}

const spark = findSpark();
const engines = [
  {
    name: "duckdb",
    reason: null,
    runs: 40,
    open: async () => ({ engine: await openEngine({ kind: "duckdb", threads: 2 }), stop: async () => {} }),
  },
  {
    name: "postgres",
    reason: findPostgres() === null ? "no initdb" : null,
    runs: 40,
    open: async () => {
      const server = await startPostgres();
      return { engine: await openEngine({ kind: "postgres", uri: server.uri }), stop: () => server.stop() };
    },
  },
  {
    name: "spark",
    reason: spark.reason,
    runs: 3,
    open: async () => {
      const server = await startSpark();
      return { engine: await openEngine({ kind: "spark", uri: server.uri }), stop: () => server.stop() };
    },
  },
];

describe.each(engines)("bounded answers on $name", ({ name, reason, runs, open }) => {
  const skip = reason === null ? "" : ` (skipped: ${reason})`;
  let engine: QueryEngine;
  let stop: () => Promise<void> | void;
  beforeAll(async () => {
    if (reason === null) ({ engine, stop } = await open());
  }, 240_000);
  afterAll(async () => {
    await engine?.close();
    await stop?.();
  });

  it.skipIf(reason !== null)(
    `are those of the definition, whatever values there are${skip}`,
    async () => {
      await fc.assert(
        fc.asyncProperty(rowsOf, limits, async (rows, { rowsPerGroup }) => {
          const query = { select, groupBy: [{ column: "city" }], groupsPerPerson: 4, rowsPerGroup, delta: 0.01 };
          const { groups } = await bounded(engine, rows, query);
          const cities = partition(rows, ({ city }) => String(city));
          expect([...groups.keys()].sort()).toEqual([...cities.keys()].sort());
          for (const [city, inCity] of cities) {
            const { totals, histogram } = byHand([...partition(inCity, ({ person }) => person).values()], rowsPerGroup);
            const found = groups.get(city) as BoundedGroup;
            // The deciding number of people comes first and answers for people, too.
            expect(found.totals).toEqual(totals);
            expect(found.bins[0]).toEqual(histogram);
          }
        }),
        { numRuns: runs },
      );
    },
    240_000,
  );

  it.skipIf(reason !== null)(
    `differ by at most the stated sensitivity when any one person is left out${skip}`,
    async () => {
      await fc.assert(
        fc.asyncProperty(rowsOf, limits, fc.boolean(), async (rows, bounds, known) => {
          const groupBy = known ? [{ column: "city", keys: ["a", "b"] }] : [{ column: "city" }];
          const query = { select, groupBy, ...bounds, ...(known ? {} : { delta: 0.01 }) };
          const { plan, groups } = await bounded(engine, rows, query);
          for (const person of new Set(rows.map((row) => row.person))) {
            const { groups: without } = await bounded(
              engine,
              rows.filter((row) => row.person !== person),
              query,
            );
            const names = [...new Set([...groups.keys(), ...without.keys()])];
            plan.totals.forEach(({ sensitivity }, index) => {
              const moved = names.map((city) => {
                const change = (groups.get(city)?.totals[index] ?? 0n) - (without.get(city)?.totals[index] ?? 0n);
                return Math.abs(Number(change));
              });
              expect(Math.max(0, ...moved)).toBeLessThanOrEqual(sensitivity);
              expect(moved.filter((change) => change > 0).length).toBeLessThanOrEqual(bounds.groupsPerPerson);
            });
            plan.bins.forEach(({ sensitivity, levels, size }, index) => {
              let moved = 0;
              for (const city of names) {
                for (let bin = 0; bin < size; bin++) {
                  const change =
                    (groups.get(city)?.bins[index]?.[bin] ?? 0n) - (without.get(city)?.bins[index]?.[bin] ?? 0n);
                  moved += Math.abs(Number(change)) * levels;
                }
              }
              expect(moved).toBeLessThanOrEqual(sensitivity * bounds.groupsPerPerson);
            });
          }
        }),
        { numRuns: name === "spark" ? 1 : Math.floor(runs / 2) },
      );
    },
    240_000,
  );
});
