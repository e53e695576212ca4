import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestFolder } from "../testing.test.support.js";

const contract = (version = "1.0.0", more = ""): string => `
apiVersion: v3.1.0
kind: DataContract
id: shop
version: ${version}
status: active
schema:
  - name: orders
    properties:
      - { name: id, logicalType: integer, required: true, unique: true }
      - { name: price, logicalType: number, logicalTypeOptions: { minimum: 0 } ${more}}
      - name: customer
        relationships: [{ to: customers.id }]
    quality:
      - { type: text, description: Orders are final. }
  - name: customers
    properties:
      - { name: id, logicalType: string }
`;

describe("deepwright contract", { timeout: 60_000 }, () => {
  const folder = new TestFolder();
  beforeAll(() => {
    folder.write("shop.yaml", contract());
    folder.write("good.csv", "id,price,customer\n1,10,anna\n2,20,bert\n");
    folder.write("bad.csv", "id,price,customer\n1,-10,anna\n1,20,carl\n");
    folder.write("customers.csv", "id\nanna\nbert\n");
  });
  afterAll(() => folder.end());
  const run = (...words: string[]) => folder.bin(["contract", ...words]);

  it("checks a contract against the standard, and says what nobody tests", async () => {
    const { code, output, errors } = await run("check", "shop.yaml");
    expect([code, errors]).toEqual([0, ""]);
    expect(output).toBe(
      `shop 1.0.0 (active) conforms to the standard.
  orders: 7 expectations
  customers: 1 expectation
Not tested:
  schema[0].quality[0]: a text is for people; nobody tests it
1 part is for people.
`,
    );
    expect((await run("check", "shop.yaml", "--strict")).code).toBe(1);
    folder.write("wrong.yaml", contract().replace("status: active", "state: active"));
    const wrong = await run("check", "wrong.yaml");
    expect(wrong.code).toBe(2);
    expect(wrong.errors).toMatch(/Unrecognized key: "state".*wrong\.yaml/s);
    expect((await run("check", "gone.yaml")).code).toBe(2);
  });

  it("checks data against it, foreign keys too", async () => {
    const good = await run("check", "shop.yaml", "--data", "orders=good.csv", "--data", "customers=customers.csv");
    expect([good.code, good.errors]).toEqual([0, ""]);
    expect(good.output).toContain("2 suites, 0 failed, 8 checks");
    const bad = await run(
      "check",
      "shop.yaml",
      "--data",
      "orders=bad.csv",
      "--data",
      "customers=customers.csv",
      "--json",
    );
    expect([bad.code, bad.errors]).toEqual([1, ""]);
    const { tests } = JSON.parse(bad.output) as {
      tests: { result: { results: { kind: string; passed: boolean }[] } }[];
    };
    expect(tests[0]?.result.results.filter(({ passed }) => !passed).map(({ kind }) => kind)).toEqual([
      "unique",
      "between",
      "foreignKey",
    ]);
    expect((await run("check", "shop.yaml", "--data", "order=bad.csv")).errors).toContain(
      'It has "orders", "customers".',
    );
    expect((await run("check", "shop.yaml", "--data", "bad.csv")).code).toBe(2);
    const gone = await run("check", "shop.yaml", "--data", "orders=gone.csv", "--data", "customers=customers.csv");
    expect(gone.code).toBe(2);
    expect(gone.output).toContain("gone.csv");
  });

  it("imports a contract as suite files that deepwright test runs", async () => {
    const words = ["--data", "orders=bad.csv", "--data", "customers=customers.csv", "--out", "suites"];
    const { code, output } = await run("import", "shop.yaml", ...words);
    expect([code, output.split("\n")[0]]).toEqual([0, "suites/orders.suite.json written."]);
    const tested = await folder.bin(["test", "suites", "--no-record"]);
    expect(tested.code).toBe(1);
    expect(tested.output).toContain("2 suites, 1 failed, 8 checks");
  });

  it("exports a suite as a contract, and the version that its changes need", async () => {
    const suite = (more: string) => `
name: orders
data: { file: good.csv }
expectations:
  - { kind: notNull, column: id }
  ${more}
`;
    folder.write("orders.suite.yaml", suite(""));
    const first = await run("export", "orders.suite.yaml", "--id", "orders-contract", "--out", "first.yaml");
    expect([first.code, first.errors]).toEqual([0, ""]);
    expect(readFileSync(join(folder.path, "first.yaml"), "utf8")).toContain("logicalType: integer");
    expect((await run("check", "first.yaml", "--data", "orders=good.csv")).code).toBe(0);
    folder.write("orders.suite.yaml", suite("- { kind: positive, column: price }"));
    const second = await run("export", "orders.suite.yaml", "--base", "first.yaml", "--out", "second.yaml");
    expect(second.output).toContain("orders-contract 2.0.0 written to");
    expect((await run("check", "second.yaml", "--data", "orders=bad.csv")).code).toBe(1);
    const bare = await run("export", "orders.suite.yaml", "--no-columns", "--json");
    expect((JSON.parse(bare.output) as { schema: { properties: unknown }[] }).schema[0]?.properties).toEqual([
      { name: "id", required: true },
    ]);
  });

  it("compares two versions, and exits with 1 where the version number hides a change", async () => {
    folder.write("hidden.yaml", contract("1.1.0", ", required: true"));
    const hidden = await run("diff", "shop.yaml", "hidden.yaml");
    expect(hidden.code).toBe(1);
    expect(hidden.output).toBe(
      `major  Column "price" must have a value now: can break producers.
1 change, 1 of them breaking. Version 1.1.0 says too little: at least 2.0.0 is needed.
`,
    );
    folder.write("said.yaml", contract("2.0.0", ", required: true"));
    expect((await run("diff", "shop.yaml", "said.yaml")).code).toBe(0);
    expect((await run("diff", "shop.yaml", "shop.yaml")).output).toBe("No change.\n");
  });
});
