import { seededRng } from "@deepwright/core";
import { openEngine } from "@deepwright/engines";
import { binomial } from "@deepwright/stats";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runSuite } from "../planner/run-suite.js";
import { type AnomalyOptions, checkAnomalies, replayAnomalies } from "./anomalies.js";
import { dayName, doubles, noises, shopDay, shopDays, stateOf, texts } from "./anomalies.test.support.js";
import { forecast, type PastValue, tailTest } from "./forecast.js";
import type { ColumnState, PartitionState } from "./state.js";
import { usualSuite } from "./usual-suite.js";

/** More alarms than this come once in a thousand times where the rate is the stated one. */
const mostAlarms = (trials: number, rate: number): number => binomial(trials, rate).quantile(0.999);

/** With weekdays, a trend, and noise of deviation 1. */
function series(length: number, noise: () => number): PastValue[] {
  return Array.from({ length }, (_, time) => ({
    time,
    weekday: time % 7,
    value: 10 + 0.1 * time + ([0, 0, 0, 0, 0, 3, 4][time % 7] as number) + noise(),
    samplingDeviation: 0,
  }));
}

function alarmRates(noise: () => number, length: number, trials: number, tailDegrees: number) {
  const alarms = { 0.05: 0, 0.01: 0 };
  for (let trial = 0; trial < trials; trial++) {
    for (let warmUp = 0; warmUp < 10; warmUp++) noise();
    const values = series(length + 1, noise);
    const next = values.pop() as PastValue;
    const expected = forecast(values, next);
    const p = expected === null ? 1 : tailTest(expected, tailDegrees).pValue(next.value);
    if (p <= 0.05) alarms[0.05] += 1;
    if (p <= 0.01) alarms[0.01] += 1;
  }
  return alarms;
}

describe("the false-alarm rate of one check", () => {
  const trials = 1500;

  it("is the stated one for normal noise, when that is assumed", { timeout: 60_000 }, () => {
    const { normal } = noises(seededRng(11));
    const alarms = alarmRates(normal as () => number, 35, trials, Number.POSITIVE_INFINITY);
    for (const rate of [0.05, 0.01] as const) {
      expect(alarms[rate]).toBeLessThanOrEqual(mostAlarms(trials, rate));
      expect(alarms[rate]).toBeGreaterThanOrEqual(binomial(trials, rate).quantile(0.001));
    }
  });

  it.each(Object.keys(noises(seededRng(0))).flatMap((name) => [14, 21, 56].map((length) => [name, length] as const)))(
    "is at most the stated one for %s noise, %i days",
    { timeout: 60_000 },
    (name, length) => {
      const noise = noises(seededRng(12))[name] as () => number;
      // At 5 % the tails are not yet heavy, and autocorrelation shows: 6 % and not 5 %.
      const alarms = alarmRates(noise, length, trials, 6);
      expect(alarms[0.01]).toBeLessThanOrEqual(mostAlarms(trials, 0.01));
      expect(alarms[0.05]).toBeLessThanOrEqual(mostAlarms(trials, 0.06));
    },
  );
});

describe("the false-alarm rate of a day", () => {
  it.each(["benjamini-hochberg", "benjamini-yekutieli", "bonferroni"] as const)(
    "is at most the stated one over all checks, shared by %s",
    { timeout: 120_000 },
    (across) => {
      const rng = seededRng(21);
      const [trials, rate] = [120, 0.1];
      const noise = noises(rng)["Student's t with 6 degrees of freedom"] as () => number;
      const columns = ["a", "b", "c", "d", "e", "f"];
      let alarms = 0;
      for (let trial = 0; trial < trials; trial++) {
        const states = Array.from({ length: 29 }, (_, day) => {
          const rowCount = Math.round(10_000 * Math.exp(0.1 * noise()));
          const column = (): ColumnState => doubles(rowCount, 50 + noise(), 20 + 0.5 * noise(), 100);
          return stateOf(day, rowCount, Object.fromEntries(columns.map((name) => [name, column()])));
        });
        const { verdict, checks } = checkAnomalies(states, { rate, across });
        expect(checks.filter((check) => check.pValue !== null).length).toBeGreaterThanOrEqual(19);
        if (verdict === "alarm") alarms += 1;
      }
      expect(alarms).toBeLessThanOrEqual(mostAlarms(trials, rate));
    },
  );
});

describe("anomalies", () => {
  const days = shopDays(61, seededRng(3));
  const last = days[60] as PartitionState;
  const price = last.columns.price as ColumnState;
  const numbers = price.numbers as NonNullable<ColumnState["numbers"]>;
  const judged = (change: Partial<PartitionState>, options: AnomalyOptions = {}) =>
    checkAnomalies([...days.slice(0, 60), { ...last, ...change }], options);
  const withPrice = (change: Partial<ColumnState>) =>
    judged({ columns: { ...last.columns, price: { ...price, ...change } } });
  const alarmed = (report: ReturnType<typeof checkAnomalies>) =>
    report.checks.filter(({ verdict }) => verdict === "alarm").map(({ metric }) => metric);

  it("raises none on days as usual, weekends and growth included", () => {
    const reports = replayAnomalies(days);
    expect(reports.map(({ verdict }) => verdict)).toEqual([
      ...Array.from({ length: 14 }, () => "cannot-tell"),
      ...Array.from({ length: 47 }, () => "usual"),
    ]);
    expect(reports[60]?.sentence).toBe("2026-03-02: as usual in 10 checks.");
  });

  it("finds half of the volume, another unit, three times the missing values, a lost value and a new one", () => {
    expect(alarmed(judged({ rowCount: Math.round(last.rowCount / 2) }))).toEqual(["rowCount"]);
    expect(judged({ rowCount: 0 }).verdict).toBe("alarm");
    const thousand = { ...numbers, mean: numbers.mean * 1000, squares: numbers.squares * 1e6 };
    expect(alarmed(withPrice({ numbers: thousand })).sort()).toEqual(["mean:price", "standardDeviation:price"]);
    expect(alarmed(withPrice({ nullCount: price.nullCount * 3 }))).toEqual(["nullFraction:price"]);
    expect(alarmed(withPrice({ nonFiniteCount: 20 }))).toEqual(["nonFiniteFraction:price"]);
    const of = (values: Record<string, number>) => judged({ columns: { ...last.columns, country: texts(values) } });
    expect(alarmed(of({ DE: last.rowCount }))).toContain('share("DE"):country');
    expect(alarmed(of({ DE: 5400, FR: 3600, XX: 1000 }))).toContain("share(other values):country");
  });

  it("does not take a usual Saturday for an anomaly, nor a Saturday's volume for a usual Monday", () => {
    expect(days[58] && last.partition).toBe("2026-03-02");
    const saturday = (days[58] as PartitionState).rowCount;
    expect(checkAnomalies(days.slice(0, 59)).verdict).toBe("usual");
    const report = judged({ rowCount: saturday });
    expect(report.sentence).toMatch(/^2026-03-02: rowCount is \d+; by 56 partitions it should be \d+(\.\d)? to \d+/);
  });

  it("says what it can't tell yet", () => {
    const report = checkAnomalies(days.slice(0, 7));
    expect(report).toMatchObject({
      verdict: "cannot-tell",
      sentence: "2026-01-07: cannot tell yet, 6 of 14 partitions.",
    });
    expect(report.checks.every(({ low, high, pValue }) => low === null && high === null && pValue === null)).toBe(true);
    const fresh = { ...last.columns, coupon: doubles(last.rowCount, 1, 0.1) };
    const recent = days.slice(50).map((state) => ({ ...state, columns: { ...state.columns, coupon: fresh.coupon } }));
    const mixed = checkAnomalies([...days.slice(0, 50), ...recent]);
    expect(mixed.verdict).toBe("usual");
    expect(mixed.checks.find(({ metric }) => metric === "mean:coupon")?.sentence).toMatch(
      /cannot tell yet: 10 of 14 partitions/,
    );
  });

  it("is not blinded by anomalies of the past, with or without being told of them", () => {
    const spoiled = days.map((state, day) =>
      [20, 33, 47].includes(day) ? { ...state, rowCount: state.rowCount * 1000 } : state,
    );
    const half = { ...last, rowCount: Math.round(last.rowCount / 2) };
    const alone = checkAnomalies([...spoiled.slice(0, 60), half]);
    expect(alarmed(alone)).toEqual(["rowCount"]);
    expect(alone.checks[0]?.historyCount).toBe(53);
    const told = checkAnomalies([...spoiled.slice(0, 60), half], { leaveOut: [20, 33, 47].map(dayName) });
    expect(alarmed(told)).toEqual(["rowCount"]);
    expect(checkAnomalies(spoiled).verdict).toBe("usual");
  });

  it("gets used to a new level that stays", () => {
    const doubled = days.map((state, day) => (day < 30 ? state : { ...state, rowCount: state.rowCount * 2 }));
    const verdicts = replayAnomalies(doubled, { window: 28 }).map(({ verdict }) => verdict);
    expect(verdicts.slice(30, 35)).toEqual(["alarm", "alarm", "alarm", "alarm", "alarm"]);
    expect(verdicts.slice(55)).toEqual(verdicts.slice(55).map(() => "usual"));
  });

  it("reports columns that came, went or changed their type, and judges them by nothing else", () => {
    const { country, ...rest } = last.columns;
    expect(judged({ columns: rest })).toMatchObject({
      verdict: "alarm",
      schemaChanges: [{ column: "country", change: "removed", before: "text", after: null }],
      sentence: '2026-03-02: column "country" is gone.',
    });
    const retyped = judged({ columns: { ...rest, country: doubles(last.rowCount, 0, 1) } });
    expect(retyped.schemaChanges).toMatchObject([{ change: "type", before: "text", after: "double" }]);
    expect(retyped.checks.some(({ column }) => column === "country")).toBe(false);
    expect(judged({ columns: { ...last.columns, more: texts({ a: 1 }) } }).schemaChanges).toMatchObject([
      { column: "more", change: "added" },
    ]);
    expect(country).toBeDefined();
  });

  it("tells no more of an unvarying past than it can", () => {
    const even = Array.from({ length: 31 }, (_, day) => stateOf(day, 1000, { x: doubles(1000, 5, 0) }));
    expect(checkAnomalies(even).verdict).toBe("usual");
    const changed = checkAnomalies([...even.slice(0, 30), stateOf(30, 1000, { x: doubles(1000, 6, 0) })]);
    expect(changed.checks.find(({ metric }) => metric === "mean:x")).toMatchObject({
      verdict: "cannot-tell",
      pValue: 1 / 31,
      sentence:
        "mean:x is 6, unlike the 30 partitions before, all 5; a past without noise says with 0.03226 at best how unusual that is.",
    });
    const asked = checkAnomalies([...even.slice(0, 30), stateOf(30, 1000, { x: doubles(1000, 6, 0) })], {
      rate: 0.05,
      across: "none",
    });
    expect(alarmed(asked)).toEqual(["mean:x"]);
    // A number of rows is never without noise.
    expect(checkAnomalies([...even.slice(0, 30), stateOf(30, 1010, { x: doubles(1010, 5, 0) })]).verdict).toBe("usual");
    expect(alarmed(checkAnomalies([...even.slice(0, 30), stateOf(30, 500, { x: doubles(500, 5, 0) })]))).toEqual([
      "rowCount",
    ]);
  });

  it("follows no share of a column that names the partition, and takes hours for what they are", () => {
    const named = days.map((state) => ({
      ...state,
      partition: `${state.partition}T08`,
      columns: { ...state.columns, day: texts({ [state.partition]: state.rowCount }) },
    }));
    const report = checkAnomalies(named);
    expect(report.verdict).toBe("usual");
    expect(report.checks.filter(({ column }) => column === "day").map(({ metric }) => metric)).toEqual([
      "nullFraction:day",
      "distinctCount:day",
    ]);
    const hours = days.slice(0, 40).map((state, hour) => ({
      ...shopDay(0, seededRng(hour)),
      partition: `2026-01-0${1 + Math.floor(hour / 24)}T${String(hour % 24).padStart(2, "0")}`,
      scannedAtMs: state.scannedAtMs,
    }));
    expect(checkAnomalies(hours).verdict).toBe("usual");
    const oneDay = hours.slice(0, 23);
    expect(checkAnomalies(oneDay).verdict).toBe("usual");
  });

  it("bears a past that is all but even, and one with values of any size", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.constantFrom(5, 5, 5, 0, 1e-300, 1e100, -1e100), fc.double({ noNaN: true, min: -1e9, max: 1e9 })),
          {
            minLength: 14,
            maxLength: 40,
          },
        ),
        fc.array(fc.boolean(), { minLength: 80, maxLength: 80 }),
        (values, gaps) => {
          const dates = Array.from({ length: 80 }, (_, day) => day)
            .filter((day) => gaps[day])
            .slice(0, values.length);
          const states = dates.map((day, index) =>
            stateOf(day, 1000, { x: doubles(1000, values[index] as number, 1) }),
          );
          if (states.length === 0) return;
          const { checks } = checkAnomalies(states);
          expect(checks.every(({ pValue }) => pValue === null || (pValue >= 0 && pValue <= 1))).toBe(true);
        },
      ),
      { numRuns: 300, seed: 4 },
    );
  });

  it("judges partitions that are no days by their order, and a weekday that was never seen not at all", () => {
    const batches = days.map((state, index) => ({ ...state, partition: `batch-${String(index).padStart(3, "0")}` }));
    expect(checkAnomalies(batches).verdict).toBe("usual");
    const workdays = days.slice(0, 60).filter((_, day) => ![2, 3].includes(day % 7));
    const saturday = checkAnomalies([...workdays, { ...last, partition: "2026-03-07" }]);
    expect(saturday.verdict).toBe("cannot-tell");
    expect(saturday.checks[0]?.sentence).toMatch(/cannot tell yet: this weekday was seen less than twice/);
  });

  it.each([
    [{ minimum: 7 }, /minimum to be/],
    [{ window: 10 }, /window to be/],
    [{ rate: 0 }, /rate above 0/],
    [{ rate: Number.NaN }, /rate above 0/],
    [{ tailDegrees: 2 }, /tailDegrees above 2/],
    [{ partition: "2030-01-01" }, /no state of "2030-01-01"/],
  ])("refuses %o", (options, message) => {
    expect(() => checkAnomalies(days, options)).toThrowError(message);
  });

  it("refuses an empty history", () => {
    expect(() => checkAnomalies([])).toThrowError(/no states/);
  });
});

describe("what is usual as a suite", () => {
  it("passes the next day and fails a wrong one", async () => {
    const days = shopDays(60, seededRng(8));
    const suite = usualSuite(days, { partition: dayName(60), rate: 0.05 });
    expect(suite.expectations.map(({ kind }) => kind).sort()).toEqual([
      "meanBetween",
      "nullFractionBetween",
      "nullFractionBetween",
      "rowCountBetween",
      "standardDeviationBetween",
    ]);
    const { rowCount } = shopDay(60, seededRng(9));
    const engine = await openEngine({ kind: "duckdb" });
    const rows = (count: number, factor: number) =>
      ({
        kind: "query",
        sql: `SELECT 'DE' AS country, CASE WHEN i % 50 > 0 THEN ${factor} * (50 + 20 * (CASE WHEN i % 2 = 0 THEN 1 ELSE -1 END)) END AS price FROM range(${count}) AS g(i)`,
      }) as const;
    const failed = async (count: number, factor: number) =>
      (await runSuite(engine, rows(count, factor), suite)).results
        .filter(({ passed }) => !passed)
        .map(({ kind }) => kind);
    expect(await failed(rowCount, 1)).toEqual([]);
    expect(await failed(Math.round(rowCount / 2), 1)).toEqual(["rowCountBetween"]);
    expect((await failed(rowCount, 1000)).sort()).toEqual(["meanBetween", "standardDeviationBetween"]);
    await engine.close();
  });

  it("refuses a history that is too short", () => {
    const days = shopDays(5, seededRng(8));
    expect(() => usualSuite(days, { partition: dayName(6) })).toThrowError(/enough partitions before "2026-01-07"/);
    expect(() => usualSuite([], { partition: dayName(6) })).toThrowError(/got 0/);
  });
});
