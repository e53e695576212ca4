// Runs the steps in order. Overrides: node pipeline.mjs train.seed=7
import { mkdirSync } from "node:fs";
import { readConfig } from "./lib/config.mjs";
import { printMetrics } from "./lib/metrics.mjs";
import { runPython } from "./lib/python.mjs";
import { train } from "./model/train.mjs";
import { extract } from "./steps/extract.mjs";
import { buildFeatures } from "./steps/features.mjs";

const overrides = process.argv.slice(2);
const config = readConfig("pipeline.toml", overrides);
mkdirSync("work", { recursive: true });

await extract(config.source, config.train.seed, "work/extract.csv");
const { window, mode } = config.index;
await runPython("steps/price_index.py", ["work/extract.csv", "work/index.txt", String(window), mode]);
buildFeatures(config.features, "work/extract.csv", "work/index.txt", "work/features.csv");
const result = train(config.train, config.features.target, "work/features.csv", "work/model.json");

if (config.report.verbose) {
  console.log(`trained on ${result.trainRows} sales, validated on ${result.testRows}`);
}
printMetrics(result, config.report.decimals);
