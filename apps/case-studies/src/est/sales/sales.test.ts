import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { findSalesFile } from "./find-sales-file.js";
import { generateSales } from "./generate-sales.js";
import { readSalesFile } from "./read-sales-file.js";
import { densestZipCodes, makeSnapshots } from "./snapshots.js";

const home = mkdtempSync(join(tmpdir(), "deepwright-sales-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const header =
  "id,date,price,bedrooms,bathrooms,sqft_living,sqft_lot,floors,waterfront,view,condition,grade,sqft_above,sqft_basement,yr_built,yr_renovated,zipcode,lat,long,sqft_living15,sqft_lot15";
const line =
  '"7129300520","20141013T000000",221900,3,1,1180,5650,"1",0,0,3,7,1180,0,1955,0,"98178",47.5112,-122.257,1340,5650';
const write = (name: string, text: string): string => {
  const file = join(home, name);
  writeFileSync(file, text);
  return file;
};

describe("readSalesFile", () => {
  it("reads the published format", async () => {
    const sales = await readSalesFile(write("good.csv", `${header}\r\n${line}\r\n`));
    expect(sales).toHaveLength(1);
    expect(sales[0]).toMatchObject({ id: 7129300520, sold_on: "2014-10-13", price: 221900, zipcode: 98178 });
  });

  it.each([
    ["a missing column", `${header.replace("grade", "rank")}\n${line}\n`, "a column grade"],
    ["a cell that is no number", `${header}\n${line.replace("221900", "dear")}\n`, "a number for price in line 2"],
    ["a short line", `${header}\n${line}\n1,"20141013T000000",3\n`, "in line 3"],
    ["a date of another form", `${header}\n${line.replace("20141013T", "13.10.2014 ")}\n`, "a date as"],
    ["no sales", `${header}\n`, "sales below the header"],
    ["an empty file", "", "a column date"],
  ])("refuses %s and says where", async (_, text, message) => {
    await expect(readSalesFile(write("bad.csv", text))).rejects.toMatchObject({
      code: "INVALID_SALES_FILE",
      message: expect.stringContaining(message),
    });
  });
});

describe("findSalesFile", () => {
  it("looks below the folder that is named, and refuses one without the file", () => {
    const folder = join(home, "data");
    mkdirSync(join(folder, "est"), { recursive: true });
    expect(() => findSalesFile(folder)).toThrow(expect.objectContaining({ code: "DATA_NOT_FOUND" }));
    writeFileSync(join(folder, "est", "king_county_sales.csv"), "");
    expect(findSalesFile(folder)).toBe(join(folder, "est", "king_county_sales.csv"));
    expect(findSalesFile(undefined, { DEEPWRIGHT_DATA: folder })).toBe(join(folder, "est", "king_county_sales.csv"));
  });
});

describe("generateSales", () => {
  it("gives the same sales for the same seed, each of them possible, sorted by date", () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 100, max: 300 }),
        fc.integer({ min: 1, max: 70 }),
        (seed, count, zipCodes) => {
          const sales = generateSales({ seed, count, zipCodes });
          expect(sales).toEqual(generateSales({ seed, count, zipCodes }));
          expect(sales).toHaveLength(count);
          expect(new Set(sales.map(({ id }) => id)).size).toBe(count);
          for (const [index, sale] of sales.entries()) {
            expect(sale.price).toBeGreaterThan(0);
            expect(sale.sqft_above + sale.sqft_basement).toBe(sale.sqft_living);
            expect(sale.sold_on >= "2014-05-02" && sale.sold_on <= "2015-05-27").toBe(true);
            expect(Object.values(sale).every((value) => typeof value === "string" || Number.isFinite(value))).toBe(
              true,
            );
            if (index > 0) expect((sales[index - 1]?.sold_on ?? "") <= sale.sold_on).toBe(true);
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it("gives zip codes price levels of their own: what is left within one varies less than what is between them", () => {
    const sales = generateSales({ seed: 7, count: 5000, zipCodes: 14 });
    const levels = new Map<number, number[]>();
    for (const sale of sales) {
      const known = levels.get(sale.zipcode) ?? [];
      known.push(Math.log(sale.price / sale.sqft_living));
      levels.set(sale.zipcode, known);
    }
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = (values: readonly number[]): number => mean(values.map((value) => (value - mean(values)) ** 2));
    const between = variance([...levels.values()].map(mean));
    const within = mean([...levels.values()].map(variance));
    expect(between).toBeGreaterThan(1.3 * within);
  });
});

describe("snapshots", () => {
  it("differ by late sales and corrected prices, a few of a thousand", () => {
    const sales = generateSales({ seed: 1, count: 5000, zipCodes: 10 });
    const [early, late] = makeSnapshots(sales);
    const prices = new Map(early.sales.map(({ id, price }) => [id, price]));
    expect(late.sales).toBe(sales);
    const missing = sales.length - early.sales.length;
    const corrected = sales.filter(({ id, price }) => prices.has(id) && prices.get(id) !== price).length;
    expect(missing).toBeGreaterThan(0);
    expect(missing).toBeLessThan(30);
    expect(corrected).toBeGreaterThan(0);
    expect(corrected).toBeLessThan(20);
  });

  it("take whole zip codes, the ones with the most sales first", () => {
    const sales = generateSales({ seed: 2, count: 2000, zipCodes: 9 });
    const kept = densestZipCodes(sales, 500);
    const codes = new Set(kept.map(({ zipcode }) => zipcode));
    expect(kept.length).toBeGreaterThanOrEqual(500);
    expect(kept).toEqual(sales.filter(({ zipcode }) => codes.has(zipcode)));
    const size = (zipcode: number): number => sales.filter((sale) => sale.zipcode === zipcode).length;
    const others = new Set(sales.map(({ zipcode }) => zipcode).filter((zipcode) => !codes.has(zipcode)));
    expect(Math.min(...[...codes].map(size))).toBeGreaterThanOrEqual(Math.max(...[...others].map(size)));
  });
});
