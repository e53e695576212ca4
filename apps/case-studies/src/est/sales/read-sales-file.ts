import { readFile } from "node:fs/promises";
import { DeepwrightError } from "@deepwright/core";
import { numericColumns, type Sale } from "./sale.js";

/**
 * Reads the sales of King County as published: CSV with a header, text in quotes, dates as `20141013T000000`.
 *
 * @throws DeepwrightError `INVALID_SALES_FILE` when a column is missing or a cell is no number
 */
export async function readSalesFile(file: string): Promise<Sale[]> {
  const [header = "", ...lines] = (await readFile(file, "utf8")).trimEnd().split(/\r?\n/);
  const names = cellsOf(header);
  const positions = new Map(names.map((name, position) => [name, position]));
  const missing = ["date", ...numericColumns].find((name) => !positions.has(name));
  if (missing !== undefined)
    throw invalid(file, `a column ${missing}`, `the columns ${names.join(", ").slice(0, 200)}`);
  if (lines.length === 0) throw invalid(file, "sales below the header", "none");
  return lines.map((line, index) => {
    const cells = cellsOf(line);
    const date = /^(\d{4})(\d\d)(\d\d)/.exec(cells[positions.get("date") ?? -1] ?? "");
    if (!date) throw invalid(file, `a date as 20141013T000000 in line ${index + 2}`, JSON.stringify(line.slice(0, 80)));
    const numbers = numericColumns.map((name) => {
      const value = Number(cells[positions.get(name) ?? -1] || Number.NaN);
      if (!Number.isFinite(value)) {
        throw invalid(file, `a number for ${name} in line ${index + 2}`, JSON.stringify(line.slice(0, 80)));
      }
      return [name, value] as const;
    });
    const values = Object.fromEntries(numbers) as Record<(typeof numericColumns)[number], number>;
    return { ...values, sold_on: date.slice(1).join("-") };
  });
}

/** Nothing in this file has a comma within quotes. */
const cellsOf = (line: string): string[] => line.split(",").map((cell) => cell.replace(/^"(.*)"$/, "$1"));

function invalid(file: string, expected: string, got: string): DeepwrightError {
  return new DeepwrightError({
    code: "INVALID_SALES_FILE",
    expected: `${expected} of ${file}`,
    got,
    todo: "Give the folder with king_county_sales.csv as it was published, or no --data for generated sales.",
  });
}
