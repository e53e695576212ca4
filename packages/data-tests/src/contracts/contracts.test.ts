import { readFileSync } from "node:fs";
import { manualClock } from "@deepwright/core";
import { openEngine } from "@deepwright/engines";
import { Ajv2019 } from "ajv/dist/2019.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { KindCases } from "../conformance/case.js";
import { statementCases } from "../conformance/statement-cases.js";
import { tableCases } from "../conformance/table-cases.js";
import { valueCases } from "../conformance/value-cases.js";
import { kindNames } from "../expectations/catalogue.js";
import { runSuite } from "../planner/run-suite.js";
import { profile } from "../profile/profile.js";
import { checkSuite, type Expectation, type Suite } from "../suite/suite.js";
import { nextAbove } from "./bounds.js";
import { contractOfSuite, contractText } from "./contract-of-suite.js";
import { orders } from "./contracts.test.support.js";
import { checkContract, parseContract, readContract } from "./read-contract.js";
import { suitesOfContract } from "./suites-of-contract.js";

const publicSchema = JSON.parse(
  readFileSync(new URL("./testing/odcs-json-schema-v3.1.0.json", import.meta.url), "utf8"),
) as object;
const isPublic = new Ajv2019({ strict: false, validateFormats: false }).compile(publicSchema);
const conforms = (contract: unknown): string[] =>
  isPublic(contract) ? [] : (isPublic.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);

const sorted = (expectations: readonly Expectation[]): string[] =>
  expectations
    .map((each) => JSON.stringify(Object.entries(each).sort(([left], [right]) => (left < right ? -1 : 1))))
    .sort();

/** Any kind with random options. */
const cases: KindCases = { ...valueCases, ...tableCases, ...statementCases };
const anyExpectation = fc.oneof(
  ...kindNames.map((kind) =>
    fc
      .tuple(
        cases[kind].options as fc.Arbitrary<object>,
        fc.record(
          {
            severity: fc.constantFrom("error", "warning", "info"),
            because: fc.constantFrom("a reason", "yes", "2026-01-01: 1.10", "a\nb", "#'\""),
            owner: fc.constant("sales"),
            where: fc.constantFrom("x > 0", [{ column: "x", is: "not null" as const }]),
          },
          { requiredKeys: [] },
        ),
      )
      // Options as a suite's file can write them: no bigint.
      .map(([options, common]) => JSON.parse(JSON.stringify({ kind, ...options, ...common }, plain)) as Expectation),
  ),
  fc.constantFrom<Expectation>(
    { kind: "notNull", column: "x" },
    { kind: "notNull", column: "x", id: "x present" },
    { kind: "unique", column: "x", nulls: "ignore" },
    { kind: "primaryKey", columns: ["b", "a"] },
    { kind: "columnExists", column: "x" },
    { kind: "columnType", column: "x", type: "double" },
    { kind: "columnType", column: "x", type: "integer" },
    { kind: "rowCountBetween", min: 3 },
    { kind: "rowCountBetween", min: 3, max: 9 },
    { kind: "rowCountBetween", min: 3, max: 3 },
    { kind: "uniqueTogether", columns: ["a", "b"], nulls: "ignore" },
  ),
);
const plain = (_: string, value: unknown): unknown => (typeof value === "bigint" ? Number(value) : value);
const anySuite: fc.Arbitrary<Suite> = fc
  .array(anyExpectation, { minLength: 1, maxLength: 8 })
  .filter((expectations) => {
    try {
      checkSuite({ name: "random", expectations });
      return true;
    } catch {
      return false;
    }
  })
  .map((expectations) => ({ name: "random", expectations }));

describe("a suite as a contract", () => {
  it("conforms to the public schema and gives the suite back, by way of YAML", { timeout: 60_000 }, () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(anySuite, (suite) => {
        for (const { kind } of suite.expectations) kinds.add(kind);
        const contract = contractOfSuite(suite, { id: "c1" });
        expect(conforms(contract)).toEqual([]);
        const read = parseContract(contractText(contract));
        expect(read).toEqual(contract);
        const { suites, notTested } = suitesOfContract(read);
        expect(notTested.filter(({ kind }) => kind === "not-supported")).toEqual([]);
        expect(suites).toHaveLength(1);
        expect(sorted(suites[0]?.suite?.expectations ?? [])).toEqual(sorted(suite.expectations));
      }),
      { numRuns: 400, seed: 31 },
    );
    expect(kinds.size).toBeGreaterThan(60);
  });

  it("keeps the key of rows, and the severity of the suite where an expectation has none", () => {
    const suite: Suite = {
      name: "sales",
      key: ["shop", "day"],
      severity: "warning",
      expectations: [
        { kind: "notNull", column: "price" },
        { kind: "notEmpty", severity: "error" },
      ],
    };
    const read = suitesOfContract(parseContract(contractText(contractOfSuite(suite, { id: "s" })))).suites[0]?.suite;
    expect(read?.key).toEqual(["shop", "day"]);
    expect(read?.expectations).toEqual([
      { kind: "notNull", column: "price", severity: "warning" },
      { kind: "notEmpty", severity: "error" },
    ]);
  });

  it("has the columns of a profile, and then says their types too", async () => {
    const engine = await openEngine({ kind: "duckdb" });
    const source = {
      kind: "query",
      sql: "SELECT 1 AS id, 2.5 AS price, 'a' AS name, DATE '2026-01-01' AS day, [1] AS list, true AS paid",
    } as const;
    const { columns } = await profile(engine, source);
    const suite: Suite = { name: "sales", owner: "shop", expectations: [{ kind: "notNull", column: "price" }] };
    const contract = contractOfSuite(suite, { id: "sales", version: "1.2.0", columns, table: "sales_v1" });
    expect(conforms(contract)).toEqual([]);
    expect(contract.schema?.[0]?.properties?.map(({ name, logicalType }) => [name, logicalType])).toEqual([
      ["id", "integer"],
      ["price", "number"],
      ["name", "string"],
      ["day", "date"],
      ["list", undefined],
      ["paid", "boolean"],
    ]);
    expect(contract).toMatchObject({ version: "1.2.0", team: { name: "shop" } });
    const [read] = suitesOfContract(contract).suites;
    expect(read).toMatchObject({ object: "sales", table: "sales_v1", sources: [] });
    expect((await runSuite(engine, source, read?.suite as Suite)).passed).toBe(true);
    await engine.close();
  });

  it("keeps what a former version says for people", () => {
    const base = parseContract(orders);
    const suite: Suite = { name: "orders", expectations: [{ kind: "notNull", column: "order_id" }] };
    const contract = contractOfSuite(suite, { id: base.id, version: "2.0.0", base });
    expect(conforms(contract)).toEqual([]);
    expect(contract.price).toEqual(base.price);
    expect(contract.schema?.map(({ name }) => name)).toEqual(["customers", "orders"]);
    const object = contract.schema?.[1];
    expect(object).toMatchObject({
      businessName: "Orders",
      properties: [{ name: "order_id", classification: "public" }],
    });
    expect(object?.quality?.map(({ type }) => type)).toEqual(["text", "custom"]);
    // Its own name of a column stays, too.
    const priced = contractOfSuite(
      { name: "orders", expectations: [{ kind: "notNull", column: "price_eur" }] },
      { id: base.id, base: { ...base, apiVersion: "v3.0.2" } },
    );
    expect(priced.apiVersion).toBe("v3.1.0");
    expect(priced.schema?.[1]?.properties).toEqual([{ name: "price", physicalName: "price_eur", required: true }]);
    expect(suitesOfContract(priced).suites[1]?.suite?.expectations).toEqual([{ kind: "notNull", column: "price_eur" }]);
  });
});

describe("a contract", () => {
  it("conforms to the public schema, here too", () => {
    expect(conforms(parse(orders, { schema: "core" }))).toEqual([]);
  });

  it("becomes suites that say what it says", () => {
    const { suites } = suitesOfContract(parseContract(orders));
    expect(suites.map(({ object, table, sources }) => [object, table, sources])).toEqual([
      ["orders", "orders_v2", ["customers"]],
      ["customers", "customers", []],
    ]);
    expect(suites[0]?.suite).toMatchObject({ name: "orders", key: ["order_id"], owner: "sales team" });
    expect(suites[0]?.suite?.expectations).toEqual([
      { kind: "columnType", column: "order_id", type: "integer" },
      { kind: "notNull", column: "order_id" },
      { kind: "unique", column: "order_id", nulls: "ignore" },
      { kind: "columnType", column: "ordered_at", type: "timestamp" },
      { kind: "columnType", column: "price_eur", type: "number" },
      { kind: "between", column: "price_eur", nulls: "ignore", min: 0, max: 10000 },
      {
        kind: "nullFractionBetween",
        column: "price_eur",
        max: 0.04999999999999999,
        id: "few missing prices",
        severity: "warning",
      },
      { kind: "columnType", column: "country", type: "text" },
      { kind: "lengthBetween", column: "country", nulls: "ignore", min: 2, max: 2 },
      { kind: "matches", column: "country", nulls: "ignore", pattern: "^[A-Z]{2}$" },
      {
        kind: "inSet",
        column: "country",
        nulls: "ignore",
        values: ["DE", "FR"],
        mostly: -nextAbove(-0.99),
        because: "we sell there",
      },
      { kind: "columnExists", column: "customer" },
      {
        kind: "foreignKey",
        columns: ["customer"],
        references: { source: "customers", columns: ["id"] },
        nulls: "ignore",
      },
      { kind: "primaryKey", columns: ["order_id"] },
      { kind: "rowCountBetween", min: 3, id: "enough_rows" },
      {
        kind: "customFigure",
        query: "SELECT count(*) FROM data WHERE price_eur > 9000",
        max: 1,
        id: "few_dear",
        severity: "info",
      },
      { kind: "notInSet", column: "country", values: ["XX"], id: "own rule" },
      { kind: "newestWithin", column: "ordered_at", age: "172800000ms" },
      { kind: "oldestWithin", column: "ordered_at", age: "94867200000ms" },
    ]);
  });

  it("lists every part that is not tested, and why", () => {
    const { notTested } = suitesOfContract(parseContract(orders));
    const of = (wanted: string) => notTested.filter(({ kind }) => kind === wanted);
    expect(of("not-supported").map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
      "schema[0].properties[1].logicalTypeOptions.timezone: no expectation stands for timezone of timestamp",
      "schema[0].quality[2]: a text is for people; nobody tests it",
      "schema[0].quality[3]: rules of soda are for soda",
      "slaProperties[2]: availability is not seen in the columns of the data",
    ]);
    expect(of("for-people").map(({ path }) => path)).toEqual([
      "status",
      "price",
      "team",
      "schema[0].properties[0].id",
      "schema[0].properties[0].classification",
      "schema[0].properties[3].quality[0].dimension",
      "schema[0].businessName",
    ]);
  });

  it("is true of good data and false of bad data", async () => {
    const engine = await openEngine({ kind: "duckdb" });
    const clock = manualClock(Date.UTC(2026, 0, 10));
    const [first] = suitesOfContract(parseContract(orders)).suites;
    const customers = { kind: "query", sql: "SELECT 'c' || i AS id FROM range(5) AS g(i)" } as const;
    const rows = (id: string, price: string, country: string, customer: string, day: string) =>
      ({
        kind: "query",
        sql: `SELECT ${id} AS order_id, TIMESTAMP '${day} 10:00:00' AS ordered_at, ${price} AS price_eur, ${country} AS country, ${customer} AS customer FROM range(40) AS g(i)`,
      }) as const;
    const failed = async (source: ReturnType<typeof rows>) =>
      (await runSuite(engine, source, first?.suite as Suite, { sources: { customers }, clock })).results
        .filter(({ passed }) => !passed)
        .map(({ kind }) => kind);
    const good = ["i", "i * 2.5", "'DE'", "'c' || (i % 5)", "2026-01-09"] as const;
    expect(await failed(rows(...good))).toEqual([]);
    expect(await failed(rows("i % 39", good[1], good[2], good[3], good[4]))).toEqual(["unique", "primaryKey"]);
    expect(await failed(rows(good[0], "i * 1000.0", good[2], good[3], good[4]))).toEqual(["between", "customFigure"]);
    // 2 of 40 rows are 5 %, which is not less than 5 %.
    expect(await failed(rows(good[0], "CASE WHEN i >= 2 THEN 1.5 END", good[2], good[3], good[4]))).toEqual([
      "nullFractionBetween",
    ]);
    expect(await failed(rows(good[0], "CASE WHEN i >= 1 THEN 1.5 END", good[2], good[3], good[4]))).toEqual([]);
    expect(await failed(rows(good[0], good[1], "'US'", good[3], good[4]))).toEqual(["inSet"]);
    expect(await failed(rows(good[0], good[1], good[2], "'c9'", good[4]))).toEqual(["foreignKey"]);
    expect(await failed(rows(good[0], good[1], good[2], good[3], "2026-01-07"))).toEqual(["newestWithin"]);
    await engine.close();
  });

  it("accepts what the public schema accepts and refuses what it refuses, on random changes", {
    timeout: 60_000,
  }, () => {
    const whole = parse(orders, { schema: "core" }) as object;
    const paths = pathsOf(whole);
    const values = fc.constantFrom<unknown>(null, 5, -1, "text", true, [], {}, ["a"], { unknown: 1 }, undefined);
    let [accepted, refused] = [0, 0];
    fc.assert(
      fc.property(fc.constantFrom(...paths), values, fc.boolean(), (path, value, isNew) => {
        const changed = structuredClone(whole);
        setAt(changed, isNew ? [...path.slice(0, -1), "notInTheStandard"] : path, value);
        const plainCopy = JSON.parse(JSON.stringify(changed)) as unknown;
        const isOurs = (() => {
          try {
            checkContract(plainCopy);
            return true;
          } catch {
            return false;
          }
        })();
        const isTheirs = conforms(plainCopy).length === 0;
        if (isTheirs) accepted += 1;
        else refused += 1;
        // Fields of servers and free objects are theirs alone to know.
        expect({ path, value, isNew, ours: isOurs }).toEqual({ path, value, isNew, ours: isTheirs });
      }),
      { numRuns: 1500, seed: 17 },
    );
    expect([accepted > 100, refused > 100]).toEqual([true, true]);
  });

  it.each([
    ["no YAML", "a: [", "CONTRACT_INVALID", /YAML or JSON/],
    ["a list", "[]", "CONTRACT_INVALID", /Standard 3.1.0/],
    ["an old version", "apiVersion: v2.2.2", "CONTRACT_INVALID", /version v2.2.2/],
    ["an unknown field", orders.replace("status: active", "status: active\nowner: me"), "CONTRACT_INVALID", /owner/],
    [
      "two operators",
      orders.replace("mustBeGreaterOrEqualTo: 3", "mustBeGreaterOrEqualTo: 3\n        mustBe: 3"),
      "CONTRACT_INVALID",
      /schema\[0\]\.quality\[0\]: needs one operator, not mustBe and mustBeGreaterOrEqualTo/,
    ],
    ["aliases without end", `a: &a [1]\nb: [${"*a, ".repeat(50)}*a]`, "CONTRACT_INVALID", /YAML or JSON/],
  ])("refuses %s and names it", (_, text, code, message) => {
    expect(() => parseContract(text)).toThrowError(message);
    expect(() => parseContract(text)).toThrowError(expect.objectContaining({ code }));
  });

  it("names a file that is not there", async () => {
    await expect(readContract("no/contract.yaml")).rejects.toMatchObject({ code: "CONTRACT_MISSING" });
  });

  it("lists rules that can't be tested as they are written, and tests none of them otherwise", () => {
    const rule = (fields: string) =>
      suitesOfContract(
        parseContract(
          `{apiVersion: v3.1.0, kind: DataContract, id: a, version: 1.0.0, status: draft, schema: [{name: t, properties: [{name: x, quality: [{${fields}}]}]}]}`,
        ),
      );
    for (const [fields, reason] of [
      ["metric: nullValues, mustBeLessThan: 10", /as a number of rows other than 0/],
      ["metric: nullValues, mustNotBe: 5", /no interval/],
      ["metric: nullValues, mustBe: some", /no interval/],
      ["metric: nullValues, mustBe: 0, unit: furlongs", /unit furlongs/],
      ["metric: invalidValues, mustBe: 0", /needs valid values or a pattern/],
      ["metric: invalidValues, mustBe: 0, arguments: {pattern: '(?<=a)b'}", /differs from engine to engine/],
      ["metric: invalidValues, mustBe: 0, arguments: {validRange: [1, 2]}", /validRange are not known/],
      ["metric: missingValues, mustBe: 0", /needs a list/],
      ["metric: rowCount, mustBe: 5, unit: percent", /no percent/],
      ["type: sql, query: 'DROP TABLE t; SELECT 1', mustBe: 0", /refused/],
      ["type: custom, engine: deepwright, implementation: {kind: nothing}", /no expectation/],
      ["description: prose", /for people/],
    ] as const) {
      const { suites, notTested } = rule(fields);
      expect(suites[0]?.suite?.expectations).toEqual([{ kind: "columnExists", column: "x" }]);
      expect(notTested.find(({ path }) => path === "schema[0].properties[0].quality[0]")?.reason).toMatch(reason);
    }
    const odd = rule("metric: nullValues, mustBe: 0, severity: catastrophic");
    expect(odd.suites[0]?.suite?.expectations).toContainEqual({ kind: "notNull", column: "x" });
    expect(odd.notTested.map(({ path }) => path)).toContain("schema[0].properties[0].quality[0].severity");
  });
});

type Path = readonly (string | number)[];

/** Paths of all fields, without those inside of free objects. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => {
    const place = [...path, Array.isArray(value) ? Number(key) : key];
    const isFree = ["servers", "implementation", "arguments", "customProperties", "logicalTypeOptions"].includes(key);
    return isFree ? [] : [place, ...pathsOf(each, place)];
  });
}

function setAt(root: object, path: Path, value: unknown): void {
  const parent = path.slice(0, -1).reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], root);
  (parent as Record<string | number, unknown>)[path.at(-1) as string | number] = value;
}
