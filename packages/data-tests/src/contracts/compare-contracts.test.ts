import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareContracts } from "./compare-contracts.js";
import type { DataContract } from "./contract.js";
import { orders } from "./contracts.test.support.js";
import { checkContract, parseContract } from "./read-contract.js";
import { nextVersion } from "./version-advice.js";

const before = parseContract(orders);

/** The contract with one place of its text changed. */
function changed(from: string, to: string, whole = orders): DataContract {
  expect(whole).toContain(from);
  return parseContract(whole.replace(from, to));
}

describe("two versions of a contract", () => {
  it.each([
    [
      "a column is gone",
      "      - name: customer\n        relationships:\n          - to: customers.id\n",
      "",
      ["consumers", "producers"],
    ],
    [
      "a column may be missing",
      "unique: true\n        primaryKey: true\n        primaryKeyPosition: 1",
      "unique: true",
      ["consumers"],
    ],
    [
      "a value must be there now",
      "      - name: country\n",
      "      - name: country\n        required: true\n",
      ["producers"],
    ],
    ["a value may be missing now", "        required: true\n        unique", "        unique", ["consumers"]],
    ["values may repeat now", "        unique: true\n", "", ["consumers"]],
    ["a narrower type", "logicalType: number", "logicalType: integer", ["producers"]],
    ["a wider type", "logicalType: integer", "logicalType: number", ["consumers"]],
    [
      "another type",
      "logicalType: timestamp\n        logicalTypeOptions: { timezone: false }",
      "logicalType: string",
      ["consumers", "producers"],
    ],
    ["another name in the data", "physicalName: price_eur", "physicalName: price_usd", ["consumers", "producers"]],
    ["another table", "physicalName: orders_v2", "physicalName: orders_v3", ["consumers", "producers"]],
    ["a lower maximum", "maximum: 10000", "maximum: 9000", ["producers"]],
    ["a higher maximum", "maximum: 10000", "maximum: 90000", ["consumers"]],
    ["a higher minimum", "minimum: 0,", "minimum: 1,", ["producers"]],
    ["no minimum", "minimum: 0, ", "", ["consumers"]],
    ["a longer text", "maxLength: 2", "maxLength: 3", ["consumers"]],
    ["another pattern", "[A-Z]{2}", "[A-Z]{3}", ["consumers", "producers"]],
    ["a stricter rule", "mustBeLessThan: 5", "mustBeLessThan: 4", ["producers"]],
    ["a looser rule", "mustBeLessThan: 5", "mustBeLessOrEqualTo: 5", ["consumers"]],
    ["another query", "price_eur > 9000", "price_eur > 8000", ["consumers", "producers"]],
    [
      "a rule that is gone",
      "      - id: enough_rows\n        metric: rowCount\n        mustBeGreaterOrEqualTo: 3\n",
      "",
      ["consumers"],
    ],
    ["less latency", "value: 2\n    unit: d", "value: 2\n    unit: h", ["producers"]],
    ["more latency", "value: 2\n    unit: d", "value: 3\n    unit: d", ["consumers"]],
    ["less retention", "value: 3\n    unit: y", "value: 30\n    unit: days", ["consumers"]],
    [
      "a reference that is gone",
      "      - name: customer\n        relationships:\n          - to: customers.id\n",
      "      - name: customer\n",
      ["consumers"],
    ],
    [
      "an object that is gone",
      "  - name: customers\n    properties:\n      - name: id\n        logicalType: string\n        required: true\n",
      "",
      ["consumers", "producers"],
    ],
  ])("%s: breaks whom it breaks, and needs a major version", (_, from, to, breaks) => {
    const { changes, breaking, version } = compareContracts(before, changed(from, to));
    expect(breaking).toBe(true);
    expect([...new Set(changes.flatMap((change) => change.breaks))].sort()).toEqual(breaks);
    expect(version).toMatchObject({ needed: "2.0.0", sufficient: false });
    expect(changes[0]?.level).toBe("major");
  });

  it.each([
    [
      "a new column",
      "      - name: customer\n",
      "      - name: coupon\n        logicalType: string\n      - name: customer\n",
      "1.5.0",
    ],
    ["a new object", "slaProperties:", "  - name: more\nslaProperties:", "1.5.0"],
    ["a description", "businessName: Orders", "businessName: Our orders", "1.4.1"],
    ["another price", "priceAmount: 10", "priceAmount: 12", "1.4.1"],
    ["a severity", "severity: warning", "severity: error", "1.4.1"],
    ["a text rule", "Orders are final.", "Orders are quite final.", "1.4.1"],
    ["the same time in another unit", "value: 2\n    unit: d", "value: 48\n    unit: h", "1.4.1"],
    ["nothing", "status: active", "status: active", "1.4.0"],
  ])("%s: breaks nobody", (_, from, to, needed) => {
    const { breaking, version } = compareContracts(before, changed(from, to));
    expect(breaking).toBe(false);
    expect(version).toMatchObject({ needed, sufficient: needed === "1.4.0" });
  });

  it("says what changed, the breaking ones first, and whether the version says so", () => {
    const after = changed(
      "version: 1.4.0",
      "version: 2.0.0",
      orders.replace("        unique: true\n", "").replace("Orders\n", "Our orders\n"),
    );
    const { changes, sentence } = compareContracts(before, after);
    expect(changes.map(({ path, change, sentence: said }) => [path, change, said])).toEqual([
      [
        "schema.orders.properties.order_id.unique",
        "removed",
        'Values of column "order_id" may repeat now: can break consumers.',
      ],
      ["schema.orders.businessName", "changed", "schema.orders.businessName changed."],
    ]);
    expect(sentence).toBe("2 changes, 1 of them breaking. Version 2.0.0 says so.");
    expect(compareContracts(before, before)).toMatchObject({ changes: [], breaking: false, sentence: "No change." });
  });

  it("finds every change of any field, and none where only the order of columns and objects differs", () => {
    const paths = pathsOf(before);
    fc.assert(
      fc.property(fc.constantFrom(...paths), (path) => {
        const after = structuredClone(before) as object;
        const parent = path
          .slice(0, -1)
          .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], after) as Record<string, unknown>;
        delete parent[path.at(-1) as string];
        let contract: DataContract;
        try {
          contract = checkContract(JSON.parse(JSON.stringify(after)));
        } catch {
          return;
        }
        if (JSON.stringify(contract) === JSON.stringify(before) || path.at(-1) === "version") return;
        expect(compareContracts(before, contract).changes, path.join(".")).not.toEqual([]);
        expect(compareContracts(contract, before).changes, path.join(".")).not.toEqual([]);
      }),
      { numRuns: 400, seed: 2 },
    );
    const turned = checkContract({
      ...before,
      schema: [...(before.schema ?? [])].reverse().map((object) => ({
        ...object,
        properties: [...(object.properties ?? [])].reverse(),
      })),
    });
    expect(compareContracts(before, turned).changes).toEqual([]);
  });

  it("is the mirror image backwards: what broke producers breaks consumers", () => {
    const tightened = changed(
      "maximum: 10000",
      "maximum: 9000",
      orders.replace("mustBeLessThan: 5", "mustBeLessThan: 4"),
    );
    const breaksOf = (left: DataContract, right: DataContract) =>
      compareContracts(left, right).changes.map(({ breaks }) => breaks);
    expect(breaksOf(before, tightened)).toEqual([["producers"], ["producers"]]);
    expect(breaksOf(tightened, before)).toEqual([["consumers"], ["consumers"]]);
  });
});

describe("version advice", () => {
  it.each([
    ["1.2.3", "2.0.0", "major", "2.0.0", true],
    ["1.2.3", "1.9.9", "major", "2.0.0", false],
    ["1.2.3", "1.3.0", "minor", "1.3.0", true],
    ["1.2.3", "1.2.4", "minor", "1.3.0", false],
    ["1.2.3", "1.2.4-rc.1", "patch", "1.2.4", true],
    ["0.3.1", "0.4.0", "major", "0.4.0", true],
    ["v1", "v2", "major", "2.0.0", true],
    ["1.2.3", "1.2.3", null, "1.2.3", true],
    ["2026-01", "2026-02", "major", null, null],
    ["1.0.0", "next", "major", "2.0.0", null],
  ] as const)("from %s to %s with a %s change: %s", (was, is, level, needed, sufficient) => {
    expect(nextVersion(was, is, level)).toMatchObject({ needed, sufficient });
  });
});

function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((each, index) => pathsOf(each, [...path, String(index)]));
  return Object.entries(value).flatMap(([key, each]) => [[...path, key], ...pathsOf(each, [...path, key])]);
}
