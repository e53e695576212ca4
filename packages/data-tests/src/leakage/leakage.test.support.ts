import { createHash } from "node:crypto";
import type { QueryEngine } from "@deepwright/engines";
import fc from "fast-check";
import { expect } from "vitest";
import type { ColumnTypes, TableRow, WriteTable } from "../conformance/write-table.test.support.js";
import { historyLeakage } from "./history-leakage.js";
import { nearDuplicates } from "./near-duplicates.js";
import { splitOverlap } from "./split-overlap.js";
import { targetLeakage } from "./target-leakage.js";
import { timeLeakage } from "./time-leakage.js";

const types: ColumnTypes = { id: "INTEGER", y: "INTEGER", c: "VARCHAR", i: "INTEGER", x: "DOUBLE PRECISION" };
const cells = fc.record({
  y: fc.option(fc.constantFrom(0, 1), { freq: 9 }),
  c: fc.option(fc.constantFrom("a", "b", "c"), { freq: 5 }),
  i: fc.option(fc.integer({ min: 0, max: 9 }), { freq: 5 }),
  x: fc.option(fc.constantFrom(0, 1, 2.5, 3, 4, Number.NaN, Number.POSITIVE_INFINITY), { freq: 5 }),
});

/** Every row is predicted from the rows of the other folds by its group's mean. */
function naiveAuc(rows: readonly TableRow[], groupOf: (row: TableRow) => string): number {
  const used = rows.filter(({ y }) => y !== null);
  const foldOf = (row: TableRow): string => createHash("md5").update(String(row.id)).digest("hex").slice(0, 1);
  let [ordered, pairs] = [0, 0];
  for (const fold of new Set(used.map(foldOf))) {
    const [held, others] = [used.filter((row) => foldOf(row) === fold), used.filter((row) => foldOf(row) !== fold)];
    const positives = (list: readonly TableRow[]): number => list.filter(({ y }) => y === 1).length;
    const base = positives(others) / Math.max(1, others.length);
    const score = (row: TableRow): number => {
      const same = others.filter((other) => groupOf(other) === groupOf(row));
      return (positives(same) + 5 * base) / (same.length + 5);
    };
    for (const high of held.filter(({ y }) => y === 1)) {
      for (const low of held.filter(({ y }) => y === 0)) {
        pairs += 1;
        const difference = score(high) - score(low);
        ordered += Math.abs(difference) < 1e-12 ? 0.5 : Number(difference > 0);
      }
    }
  }
  return pairs === 0 ? 0.5 : ordered / pairs;
}

/** Bins by the middle of the value's step in the distribution function. */
function quantileGroup(rows: readonly TableRow[], bins: number): (row: TableRow) => string {
  const values = rows.filter(({ y, x }) => y !== null && x !== null && !Number.isNaN(x)).map(({ x }) => Number(x));
  return ({ x }) => {
    if (x === null) return "null";
    if (Number.isNaN(x)) return "nan";
    const [below, here] = [
      values.filter((value) => value <= Number(x)).length,
      values.filter((value) => value === Number(x)).length,
    ];
    return String(Math.floor((bins * (below - here / 2)) / values.length));
  };
}

/** The power of columns on random tables is that of the definition. */
export async function checkTargetPower(engine: QueryEngine, write: WriteTable, numRuns: number): Promise<void> {
  const tables = fc
    .array(cells, { minLength: 2, maxLength: 60 })
    .map((rows) => rows.map((row, id): TableRow => ({ id, ...row })));
  await fc.assert(
    fc.asyncProperty(tables, async (rows) => {
      fc.pre(new Set(rows.map(({ y }) => y).filter((y) => y !== null)).size === 2);
      const source = await write("leakage rows", types, rows);
      const { columns } = await targetLeakage(engine, source, { target: "y", key: ["id"], positive: 1 });
      const used = rows.filter(({ y }) => y !== null).length;
      const bins = Math.min(100, Math.max(2, Math.floor(Math.sqrt(used))));
      const power = (name: string): number | undefined => columns.find(({ column }) => column === name)?.power;
      expect(power("c")).toBeCloseTo(
        naiveAuc(rows, ({ c }) => String(c)),
        9,
      );
      expect(power("x")).toBeCloseTo(naiveAuc(rows, quantileGroup(rows, bins)), 9);
      expect(power("i")).toBeGreaterThanOrEqual(naiveAuc(rows, ({ i }) => String(i)) - 1e-9);
    }),
    { numRuns, seed: 9, endOnFailure: true },
  );
}

const random = (row: number, salt: number): number => {
  const value = Math.sin(row * 12.9898 + salt * 78.233) * 43758.5453;
  return value - Math.floor(value);
};
const loanTypes: ColumnTypes = {
  loan: "INTEGER",
  customer: "VARCHAR",
  defaulted: "BOOLEAN",
  income: "DOUBLE PRECISION",
  region: "VARCHAR",
  honest: "DOUBLE PRECISION",
  recovery: "DOUBLE PRECISION",
  closed: "DATE",
  status: "VARCHAR",
  loss: "DOUBLE PRECISION",
};

/** Loans of which a tenth default; four columns were filled in afterwards. */
const loans = (count: number): TableRow[] =>
  Array.from({ length: count }, (_, loan): TableRow => {
    const defaulted = random(loan, 1) < 0.1;
    const income = random(loan, 2) * 1000;
    return {
      loan,
      customer: `customer ${loan}`,
      defaulted,
      income,
      region: ["north", "south", "west"][Math.floor(random(loan, 3) * 3)] as string,
      honest: (defaulted ? 0.8 : 0) - Math.log(1 - random(loan, 4)),
      recovery: defaulted ? 10 + random(loan, 5) : random(loan, 5),
      closed: defaulted ? "2026-01-02" : null,
      status: defaulted && random(loan, 6) < 0.3 ? "in collection" : random(loan, 7) < 0.5 ? "open" : "paid",
      loss: income * 2 + random(loan, 8),
    };
  });

/** Planted leaks are found with their kinds, and honest columns are left in peace. */
export async function checkPlantedTargets(engine: QueryEngine, write: WriteTable): Promise<void> {
  const source = await write("loans", loanTypes, loans(1500));
  const { findings } = await targetLeakage(engine, source, {
    target: "defaulted",
    key: ["loan"],
    columns: ["customer", "income", "region", "honest", "recovery", "closed", "status", "loss"],
  });
  expect(findings.map(({ kind, columns }) => [kind, ...columns]).sort()).toEqual([
    ["null-pattern-leakage", "closed"],
    ["positive-class-leakage", "status"],
    ["target-leakage", "recovery"],
  ]);
  for (const { sample } of findings) expect(sample.length).toBe(10);
  const numbers = await targetLeakage(engine, source, { target: "income", key: ["loan"] });
  expect(numbers.findings.map(({ kind, columns }) => [kind, ...columns])).toEqual([["target-leakage", "loss"]]);
}

const visitTypes: ColumnTypes = {
  visit: "INTEGER",
  patient: "VARCHAR",
  predicted: "TIMESTAMP",
  measured: "TIMESTAMP",
  pressure: "DOUBLE PRECISION",
  labelled: "TIMESTAMP",
};
const stamp = (hours: number): string =>
  new Date(Date.UTC(2026, 0, 1) + hours * 3_600_000).toISOString().replace("T", " ").replace("Z", "");

/** Overlaps and times that were planted are counted exactly. */
export async function checkPlantedSplits(engine: QueryEngine, write: WriteTable): Promise<void> {
  const visit = (id: number, more: TableRow = {}): TableRow => ({
    visit: id,
    patient: `p${id % 40}`,
    predicted: stamp(id),
    measured: stamp(id - 2),
    pressure: random(id, 1),
    labelled: stamp(id + 24),
    ...more,
  });
  const honest = Array.from({ length: 120 }, (_, id) => visit(id, { patient: `p${id}` }));
  const train = await write("train visits", visitTypes, honest.slice(0, 80));
  const test = await write("test visits", visitTypes, honest.slice(80));
  const asked = { key: ["visit"], groups: ["patient"], time: "predicted" };
  expect((await splitOverlap(engine, { train, test }, asked)).findings).toEqual([]);
  const leaking = await write("leaking visits", visitTypes, [
    ...honest.slice(80),
    visit(3),
    visit(4),
    visit(200, { patient: "p7" }),
    visit(201, { patient: "p7" }),
    visit(202, { patient: null }),
  ]);
  const { findings } = await splitOverlap(engine, { train, test: leaking }, asked);
  expect(findings.map(({ kind, rows, considered, evidence }) => [kind, rows, considered, evidence.identities])).toEqual(
    [
      ["key-overlap", 2, 45, 2],
      ["group-overlap", 4, 44, 3],
      ["time-overlap", 77, 80, undefined],
    ],
  );
  expect(findings[0]?.sample).toEqual([3, 4].map((id) => ({ visit: id, rowsEarlier: 1, rowsLater: 1 })));

  const times = {
    predictionTime: "predicted",
    featureTimes: { pressure: "measured" },
    labelTime: "labelled",
    key: ["visit"],
  };
  const clean = await timeLeakage(engine, train, { ...times, trainingCut: "2026-03-01" });
  expect(clean).toMatchObject({ findings: [], unknownTimes: {}, statementCount: 1 });
  const wrong = await write("wrong visits", visitTypes, [
    ...honest.slice(0, 50),
    visit(60, { measured: stamp(63) }),
    visit(61, { measured: stamp(61.5) }),
    visit(62, { measured: null }),
    visit(63, { labelled: stamp(63) }),
    visit(64, { labelled: stamp(2000) }),
  ]);
  const found = await timeLeakage(engine, wrong, { ...times, trainingCut: "2026-02-01" });
  expect(
    found.findings.map(({ kind, rows, considered, evidence }) => [kind, rows, considered, evidence.worstSeconds]),
  ).toEqual([
    ["time-travel", 2, 54, 3 * 3600],
    ["early-label", 1, 55, 0],
    ["late-label", 1, 55, (2000 - 31 * 24) * 3600],
  ]);
  expect(found.findings[0]?.sentence).toBe('"pressure" is newer than the prediction in 2 of 54 rows, by up to 3 h.');
  expect(found.findings[0]?.sample[0]).toMatchObject({ visit: 60 });
  expect(found.unknownTimes).toEqual({ measured: 1 });
  expect((await timeLeakage(engine, wrong, { ...times, allowed: 3600 })).findings[0]).toMatchObject({ rows: 1 });
}

const balanceTypes: ColumnTypes = { customer: "INTEGER", since: "TIMESTAMP", balance: "DOUBLE PRECISION" };
const decisionTypes: ColumnTypes = {
  loan: "INTEGER",
  customer: "INTEGER",
  decided: "TIMESTAMP",
  balance: "DOUBLE PRECISION",
};

/** A join with the newest value instead of the one of the time is found, on random histories. */
export async function checkHistories(engine: QueryEngine, write: WriteTable, numRuns: number): Promise<void> {
  const balances = fc.uniqueArray(
    fc.record({ customer: fc.nat(3), hour: fc.nat(20), balance: fc.option(fc.nat(4), { freq: 8 }) }),
    { selector: ({ customer, hour }) => `${customer}:${hour}`, minLength: 1, maxLength: 25 },
  );
  const decisions = fc.array(
    fc.record({ customer: fc.nat(4), hour: fc.nat(20), honest: fc.boolean(), balance: fc.nat(4) }),
    { minLength: 1, maxLength: 20 },
  );
  await fc.assert(
    fc.asyncProperty(balances, decisions, async (past, asked) => {
      const of = (customer: number) =>
        past.filter((each) => each.customer === customer).sort((a, b) => a.hour - b.hour);
      const rows = asked.map(({ customer, hour, honest, balance }, loan) => {
        const then =
          of(customer)
            .filter((each) => each.hour <= hour)
            .at(-1)?.balance ?? null;
        return { loan, customer, hour, then, balance: honest ? then : balance };
      });
      const wrong = rows.filter(({ then, balance }) => then !== balance);
      const future = wrong.filter(({ customer, hour, balance }) =>
        of(customer).some((each) => each.hour > hour && each.balance !== null && each.balance === balance),
      );
      const history = await write(
        "balances",
        balanceTypes,
        past.map(({ customer, hour, balance }) => ({ customer, since: stamp(hour), balance })),
      );
      const training = await write(
        "decisions",
        decisionTypes,
        rows.map(({ loan, customer, hour, balance }) => ({ loan, customer, decided: stamp(hour), balance })),
      );
      const found = await historyLeakage(engine, training, {
        predictionTime: "decided",
        feature: "balance",
        entity: ["customer"],
        history: { source: history, time: "since", value: "balance" },
        key: ["loan"],
        sampleSize: 50,
      });
      expect(found).toMatchObject({ considered: rows.length, wrong: wrong.length, fromFuture: future.length });
      expect(found.findings.flatMap(({ sample }) => sample.map(({ loan, valueThen }) => [loan, valueThen]))).toEqual(
        future.map(({ loan, then }) => [loan, then]),
      );
    }),
    { numRuns, seed: 21, endOnFailure: true },
  );
}

const words =
  "the a of model data river stone light night green paper house cloud water north wind small great table window morning road music engine garden letter".split(
    " ",
  );
const noteTypes: ColumnTypes = {
  id: "INTEGER",
  note: "VARCHAR",
  size: "DOUBLE PRECISION",
  weight: "DOUBLE PRECISION",
  shop: "VARCHAR",
};
export const note = (id: number, count = 30): string =>
  Array.from({ length: count }, (_, place) => words[Math.floor(random(id * 31 + place, 9) * words.length)]).join(" ");
const item = (id: number): TableRow => ({
  id,
  note: note(id),
  size: random(id, 1) * 100,
  weight: random(id, 2),
  shop: `shop ${id % 5}`,
});

/** Rows that were copied with small edits are found, and independent rows are not. */
export async function checkNearDuplicates(engine: QueryEngine, write: WriteTable, count: number): Promise<void> {
  const train = await write(
    "train items",
    noteTypes,
    Array.from({ length: count }, (_, id) => item(id)),
  );
  const fresh = Array.from({ length: count / 4 }, (_, id) => item(id + 10 * count));
  const test = await write("test items", noteTypes, fresh);
  expect((await nearDuplicates(engine, { train, test }, { key: ["id"] })).pairs).toBe(0);
  const planted = Math.round(count / 10);
  const edited = Array.from({ length: planted }, (_, index): TableRow => {
    const row = item(index * 7);
    const text = String(row.note);
    return {
      ...row,
      id: 20 * count + index,
      note: ` ${text.slice(0, 40).toUpperCase()}${text.slice(40)}!`,
      size: Number(row.size) * (1 + 1e-9),
    };
  });
  const leaking = await write("leaking items", noteTypes, [...fresh, ...edited]);
  const found = await nearDuplicates(engine, { train, test: leaking }, { key: ["id"], rowsAtOnce: count / 5 });
  expect(found.findings).toMatchObject([
    { kind: "near-duplicates", rows: planted, considered: fresh.length + planted },
  ]);
  expect(found.pairs).toBe(planted);
  expect(found.recallAtThreshold).toBeGreaterThanOrEqual(0.99);
  const [pair] = found.findings[0]?.sample ?? [];
  expect(Number(pair?.similarity)).toBeGreaterThan(0.8);
  expect(Object.keys(pair ?? {}) satisfies string[]).toContain("train.note");
}
