import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { meanDifferenceTest, pooledVariance, welchTest } from "./index.js";

it("the README's example prints what it says", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  const printed: string[] = [];
  const body = example.replace(/^import .*$/m, "").replaceAll(" as number", "");
  const run = new Function("welchTest", "pooledVariance", "meanDifferenceTest", "console", body);
  run(welchTest, pooledVariance, meanDifferenceTest, {
    log: (...values: unknown[]) => printed.push(values.join(" ")),
  });
  const promised = [...example.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map((match) => match[1]);
  expect(promised).toHaveLength(3);
  expect(printed).toEqual(promised);
});
