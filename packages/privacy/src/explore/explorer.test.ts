import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEngine, type QueryEngine } from "@deepwright/engines";
import { openStore, type Store } from "@deepwright/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { epsilonOf } from "../accounting/accountant.js";
import { type BudgetLedger, openBudgetLedger } from "../budget/ledger.js";
import type { BinEstimate, Estimate, PrivateAnswer, QuantileEstimate } from "../sql/answer.js";
import type { PrivateDataSet } from "../sql/data-set.js";
import type { PrivateQuery } from "../sql/query.js";
import { goodnessOfFit } from "../testing/goodness.js";
import { seededBits } from "../testing/seeded-bits.js";
import { dataSetBudget, type ExplorerOptions, openExplorer } from "./explorer.js";
import { privateProfile } from "./profile.js";

let folder: string;
let store: Store;
let ledger: BudgetLedger;
let engine: QueryEngine;
let names = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "deepwright-explore-"));
  const opened = await openStore(`file:${folder}/store`);
  if (opened.kind === "http") throw new Error("not a database");
  store = opened;
  ledger = await openBudgetLedger(store);
  engine = await openEngine({ kind: "duckdb", threads: 2 });
  await engine.query(`CREATE TABLE visits AS SELECT CAST(i % 1000 AS BIGINT) AS person,
    CASE WHEN i = 17 THEN 'village of one' WHEN i % 3 = 0 THEN 'Oslo' ELSE 'Bergen' END AS city,
    CAST((i * 7919) % 1000 AS DOUBLE) / 10 AS amount FROM range(3000) AS r(i)`);
  await engine.query("ALTER TABLE visits ALTER person SET NOT NULL");
  await engine.query(
    "CREATE TABLE people AS SELECT CAST(i AS BIGINT) AS person, 20 + i % 50 AS age FROM range(1000) AS r(i)",
  );
  await engine.query(
    `CREATE VIEW broken AS SELECT person, CAST(CASE WHEN person = 5 THEN 'Ann Smith' ELSE '1' END AS INTEGER) AS secret FROM visits`,
  );
}, 180_000);
afterAll(async () => {
  await engine?.close();
  await store?.close();
  await rm(folder, { recursive: true, force: true });
});

const visits: PrivateDataSet = {
  name: "visits",
  source: { kind: "table", name: "visits" },
  person: "person",
  people: 1000,
  bounds: { amount: { lower: 0, upper: 100, step: 0.1 } },
};

/** Each test has data sets, and so budgets, of its own. */
async function explorer(options: Partial<ExplorerOptions> & { readonly more?: readonly PrivateDataSet[] } = {}) {
  names += 1;
  const name = `visits ${names}`;
  const limits = { epsilon: 1000, delta: 1e-4 };
  const opened = await openExplorer({
    engine,
    ledger,
    dataSets: [{ ...visits, name }, ...(options.more ?? [])],
    analyst: "ann",
    budgets: { dataSet: limits, analyst: limits },
    bits: seededBits(names),
    ...options,
  });
  return { ...opened, name, budget: dataSetBudget(name) };
}

const only = (answer: PrivateAnswer, name: string): Estimate => answer.groups[0]?.values[name] as Estimate;
const people: PrivateQuery["select"] = { people: { kind: "people" } };

describe("answers", () => {
  it("lie within their error bars of the truth, which narrow with epsilon", async () => {
    const { ask, predict, name } = await explorer();
    const query: PrivateQuery = {
      from: name,
      rowsPerGroup: 3,
      select: {
        people: { kind: "people" },
        rows: { kind: "rows" },
        total: { kind: "sum", column: "amount" },
        mean: { kind: "mean", column: "amount" },
        variance: { kind: "variance", column: "amount" },
        quartiles: { kind: "quantiles", column: "amount", probabilities: [0.25, 0.5, 0.75] },
        bins: { kind: "histogram", column: "amount", edges: [0, 50, 100] },
      },
      epsilon: 70,
    };
    const answer = await ask(query, { confidence: 0.999 });
    const truth = { people: 1000, rows: 3000, total: 149_850, mean: 49.95, variance: 833.3325 };
    for (const [each, value] of Object.entries(truth)) {
      const { low, high } = only(answer, each);
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
    }
    expect(only(answer, "mean").high - only(answer, "mean").low).toBeLessThan(2);
    const quartiles = answer.groups[0]?.values.quartiles as readonly QuantileEstimate[];
    for (const { probability, value, low, high } of quartiles) {
      expect(Math.abs(value - probability * 100)).toBeLessThan(2);
      expect(low).toBeLessThanOrEqual(probability * 100);
      expect(high).toBeGreaterThanOrEqual(probability * 100);
    }
    const bins = answer.groups[0]?.values.bins as readonly BinEstimate[];
    expect(bins.map(({ from, to, value }) => [from, to, Math.round(value / 100)])).toEqual([
      [0, 50, 15],
      [50, 100, 15],
    ]);
    const wide = await predict({ ...query, epsilon: 7 }, { rows: 3000 });
    const narrow = await predict(query, { rows: 3000 });
    expect(Number(wide.errors.total)).toBeGreaterThan(9 * Number(narrow.errors.total));
    expect(Number(wide.errors.mean)).toBeGreaterThan(5 * Number(narrow.errors.mean));
  });

  it("are exact noise on the bounded integers, and their bars hold as often as they say", async () => {
    const { ask, name } = await explorer({
      budgets: { dataSet: { epsilon: 9000, delta: 1e-4 }, analyst: { epsilon: 9000, delta: 1e-4 } },
    });
    // Each known group is a draw of its own: nobody is in any of them.
    const keys = Array.from({ length: 2000 }, (_, index) => `nowhere ${index}`);
    const query: PrivateQuery = { from: name, select: people, epsilon: 0.5, groupBy: [{ column: "city", keys }] };
    const answer = await ask(query);
    const draws = answer.groups.map(({ values }) => (values.people as Estimate).value);
    const q = Math.exp(-0.5);
    expect(goodnessOfFit(draws, (x) => ((1 - q) / (1 + q)) * q ** Math.abs(x))).toBeGreaterThan(1e-6);
    const held = answer.groups.filter(
      ({ values }) =>
        Math.abs((values.people as Estimate).value) <=
        (values.people as Estimate).high - (values.people as Estimate).value,
    );
    expect(held.length / draws.length).toBeGreaterThan(0.93);
  });

  it("cost at most the epsilon that was asked for", async () => {
    const { predict, name } = await explorer();
    const select: PrivateQuery["select"] = {
      mean: { kind: "mean", column: "amount" },
      quartiles: { kind: "quantiles", column: "amount", probabilities: [0.5] },
      ...people,
    };
    const query: PrivateQuery = {
      from: name,
      select,
      epsilon: 0.6,
      rowsPerGroup: 7,
      groupsPerPerson: 3,
      groupBy: [{ column: "city", keys: ["Oslo"] }],
    };
    const { event, sensitivities } = await predict(query);
    // The accountant rounds up: by half a percent here.
    expect(epsilonOf(event, { delta: 1e-9 })).toBeLessThanOrEqual(0.6 * 1.01);
    expect(sensitivities.map(({ measure, perGroup, groups }) => [measure, perGroup, groups])).toEqual([
      ["sum", 3500, 3],
      ["present", 7, 3],
      ["bins", 7 * 16 * 2, 3],
      ["people", 1, 3],
    ]);
  });

  it("join data sets on the person", async () => {
    const more = {
      name: `people ${names}`,
      source: { kind: "table", name: "people" },
      person: "person",
      people: 1000,
      missingPersons: "drop",
    } as const;
    const { ask, name } = await explorer({ more: [more] });
    const answer = await ask({
      from: name,
      join: [{ dataSet: more.name }],
      where: { column: "age", is: ">=", value: 45 },
      select: people,
      epsilon: 50,
    });
    expect(Math.abs(only(answer, "people").value - 500)).toBeLessThan(3);
    expect((await ledger.state(dataSetBudget(more.name))).charges).toBe(1);
  });
});

describe("attacks", () => {
  it("by unknown keys: a group of one person is not named, larger ones are", async () => {
    const { ask, name } = await explorer();
    for (let round = 0; round < 5; round++) {
      const query: PrivateQuery = {
        from: name,
        groupBy: [{ column: "city" }],
        groupsPerPerson: 2,
        select: people,
        epsilon: 2,
        delta: 1e-6,
      };
      const { groups, threshold } = await ask(query);
      expect(groups.map(({ key }) => key.city)).toEqual(["Bergen", "Oslo"]);
      expect(threshold).toBeGreaterThan(10);
    }
  });

  it("by fewer people than the minimum: the group is not named", async () => {
    const { ask, name } = await explorer();
    const query: PrivateQuery = {
      from: name,
      groupBy: [{ column: "city" }],
      groupsPerPerson: 2,
      select: people,
      epsilon: 20,
      delta: 1e-6,
      minimumPeople: 1100,
    };
    expect((await ask(query)).groups.map(({ key }) => key.city)).toEqual([]);
    expect((await ask({ ...query, minimumPeople: 900 })).groups).not.toEqual([]);
  });

  it("by differencing: two answers that differ by one person are told apart no better than their cost allows", async () => {
    const { ask, name } = await explorer();
    const seen = { with: 0, without: 0 };
    const rounds = 60;
    const query: PrivateQuery = { from: name, select: people, epsilon: 0.5 };
    for (let round = 0; round < rounds; round++) {
      const all = await ask(query);
      // 17 is the only visit to the village, of a person with two other visits.
      const rest = await ask({ ...query, where: { column: "city", is: "<>", value: "village of one" } });
      if (only(all, "people").value > only(rest, "people").value) seen.with += 1;
      else seen.without += 1;
    }
    // Both cost 1 in all: whatever is guessed is right at most exp(1) / (1 + exp(1)) = 0.731 of the time; here 5 sigma more.
    expect(Math.max(seen.with, seen.without) / rounds).toBeLessThan(0.731 + 5 * Math.sqrt(0.2 / rounds));
  }, 120_000);

  it("by failing rows: every failure is the same error without values, and what was charged stays charged", async () => {
    const broken: PrivateDataSet = {
      name: `broken ${names}`,
      source: { kind: "table", name: "broken" },
      person: "person",
      people: 1000,
      missingPersons: "drop",
    };
    const { ask } = await explorer({ more: [broken] });
    const query: PrivateQuery = {
      from: broken.name,
      select: { mean: { kind: "mean", column: "secret", lower: 0, upper: 1 } },
      epsilon: 1,
    };
    const error = await ask(query).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "PRIVATE_QUERY_FAILED", cause: undefined, details: {} });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/Ann|Smith|INT32/);
    expect(await ledger.state(dataSetBudget(broken.name))).toMatchObject({ charges: 1 });
  });

  it("by 50 concurrent queries: the budget is not overspent", async () => {
    const limits = { epsilon: 1.05, delta: 1e-6 };
    const { ask, name, budget } = await explorer({
      budgets: { dataSet: limits, analyst: { epsilon: 5, delta: 1e-6 } },
    });
    const query: PrivateQuery = { from: name, select: people, epsilon: 0.1 };
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => ask(query)));
    const refused = results.filter((result) => result.status === "rejected");
    for (const { reason } of refused) expect(reason).toMatchObject({ code: "BUDGET_EXHAUSTED" });
    const state = await ledger.state(budget);
    expect(state.charges).toBe(50 - refused.length);
    expect(state.charges).toBeGreaterThanOrEqual(10);
    expect(state.spentEpsilon).toBeLessThanOrEqual(1.05);
    // What one budget could not bear was charged to no other.
    const analyst = (await ledger.state(`data set ${JSON.stringify(name)}, analyst "ann"`)).charges;
    expect(analyst).toBe(state.charges);
  }, 120_000);
});

describe("bad queries are refused before anything is spent", () => {
  const amount = { kind: "sum", column: "amount" } as const;
  const cases: readonly (readonly [
    string,
    Omit<PrivateQuery, "from" | "epsilon"> & { readonly epsilon?: number },
    string,
  ])[] = [
    ["no epsilon", { select: people, epsilon: 0 }, "INVALID_ARGUMENT"],
    ["a negative epsilon", { select: people, epsilon: -1 }, "INVALID_ARGUMENT"],
    [
      "delta of one over the people",
      { select: people, groupBy: [{ column: "city" }], delta: 1e-3 },
      "INVALID_ARGUMENT",
    ],
    ["unknown keys without delta", { select: people, groupBy: [{ column: "city" }] }, "INVALID_ARGUMENT"],
    ["a column that is not there", { select: { x: { kind: "sum", column: "nothing" } } }, "COLUMN_MISSING"],
    ["the person's key", { select: people, groupBy: [{ column: "person", keys: [1] }] }, "COLUMN_MISSING"],
    ["a sum of texts", { select: { x: { ...amount, column: "city" } } }, "COLUMN_TYPE_INVALID"],
    ["groups of doubles", { select: people, groupBy: [{ column: "amount", keys: [1] }] }, "COLUMN_TYPE_INVALID"],
    ["bounds the wrong way round", { select: { x: { ...amount, lower: 9, upper: 1 } } }, "INVALID_ARGUMENT"],
    ["NaN as a bound", { select: { x: { ...amount, lower: Number.NaN } } }, "INVALID_ARGUMENT"],
    ["bounds that overflow", { select: { x: { ...amount, upper: 1e300 } } }, "INVALID_ARGUMENT"],
    ["a person with too many rows", { select: { x: amount }, rowsPerGroup: 2 ** 50 }, "SENSITIVITY_TOO_LARGE"],
    [
      "a text where a number is compared",
      { select: people, where: { column: "amount", is: "=", value: "x" } },
      "INVALID_ARGUMENT",
    ],
    ["nothing to answer", { select: {} }, "INVALID_ARGUMENT"],
  ];
  it.each(cases)("%s", async (_, query, code) => {
    const { ask, name, budget } = await explorer();
    await expect(ask({ from: name, epsilon: 1, ...query })).rejects.toMatchObject({ code });
    expect((await ledger.state(budget)).charges).toBe(0);
  });

  it("a person's key that may be null", async () => {
    const nullable = { ...visits, source: { kind: "table", name: "people" } as const, bounds: {} };
    await expect(explorer({ more: [nullable] })).rejects.toMatchObject({ code: "PERSON_KEY_INVALID" });
  });
});

describe("a private profile", () => {
  it("describes columns for the epsilon that was given", async () => {
    const opened = await explorer();
    const profile = await privateProfile(opened, {
      from: opened.name,
      columns: { amount: { lower: 0, upper: 100, step: 0.1 } },
      rowsPerGroup: 3,
      epsilon: 40,
    });
    const { amount } = profile.columns;
    expect(Math.abs(profile.people.value - 1000)).toBeLessThan(5);
    expect(Math.abs(amount.missing.value)).toBeLessThan(10);
    expect(Math.abs(amount.mean.value - 49.95)).toBeLessThan(1);
    for (const { probability, value } of amount.quantiles) {
      expect(Math.abs(value - probability * 100)).toBeLessThan(8);
    }
    expect(amount.histogram.reduce((sum, { value }) => sum + value, 0)).toBeGreaterThan(2900);
    expect((await ledger.state(opened.budget)).spentEpsilon).toBeLessThanOrEqual(40.5);
  });
});
