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
  const values = readFileSync(index, "utf8").trimEnd().split("\n");
  if (values.length !== rows.length) {
    throw new Error(`the index has ${values.length} rows, the extract ${rows.length}`);
  }
  for (let i = 0; i < rows.length; i++) {
    rows[i].index = values[i];
  }
  const names = COLUMNS.slice();
  if (options.location) {
    names.push("lat", "long");
  }
  writeTable(output, names, rows);
}
