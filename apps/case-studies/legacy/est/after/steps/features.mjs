// Pastes the price index to the sales and writes the table that the model reads.
import { readFileSync } from "node:fs";
import { readTable, writeTable } from "../lib/csv.mjs";

const COLUMNS = [
  "sold_on",
  "price",
  "index",
  "bedrooms",
  "bathrooms",
  "sqft_living",
  "sqft_lot",
  "floors",
  "waterfront",
  "view",
  "condition",
  "grade",
  "sqft_above",
  "sqft_basement",
  "age",
  "renovated_ago",
  "sqft_living15",
  "sqft_lot15",
];

export function buildFeatures(options, sales, index, output) {
  const rows = readTable(sales);
  const count = rows.length;
  const values = readFileSync(index, "utf8").trimEnd().split("\n");
  if (values.length !== count) {
    throw new Error(`the index has ${values.length} values, the extract ${count} rows`);
  }
  rows.forEach((row, i) => {
    row.index = values[i];
  });
  const names = options.location ? [...COLUMNS, "lat", "long"] : COLUMNS;
  writeTable(output, names, rows);
}
