import { writeFileSync } from "node:fs";
import { readTable } from "../lib/csv.mjs";
import { evaluate } from "../lib/metrics.mjs";
import { fitBoosting, predict } from "./boosting.mjs";

export function train(options, target, input, output) {
  const rows = readTable(input);
  const names = Object.keys(rows[0]).filter((name) => name !== "price" && name !== "sold_on");
  const isOld = (row) => row.sold_on < options.cutoff;
  const old = rows.filter(isOld);
  const recent = rows.filter((row) => !isOld(row));
  const columnsOf = (part) => names.map((name) => Float64Array.from(part, (row) => Number(row[name])));
  const scaleOf = (row) => (target === "ratio" ? Number(row.index) * Number(row.sqft_living) : 1);
  const y = Float64Array.from(old, (row) => Math.log(Number(row.price) / scaleOf(row)));
  const model = fitBoosting(columnsOf(old), y, options);
  const outputs = predict(model, columnsOf(recent));
  const actual = Float64Array.from(recent, (row) => Number(row.price));
  const predicted = outputs.map((value, i) => Math.exp(value) * scaleOf(recent[i]));
  writeFileSync(output, JSON.stringify({ names, target, ...model }));
  return { trainRows: old.length, testRows: recent.length, ...evaluate(actual, predicted) };
}
