import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readmeExamples } from "@deepwright/tooling/readme-example";
import { describe, expect, it } from "vitest";

const examples = readmeExamples(new URL("../README.md", import.meta.url));
const isTest = ({ code }: { readonly code: string }): boolean => code.includes('from "vitest"');

describe("README", () => {
  it.each(examples.filter((example) => !isTest(example)))(
    "the example at line $line prints what it says",
    async (example) => {
      expect(await example.run()).toEqual(example.expected);
    },
  );

  it.each(examples.filter(isTest))(
    "the example at line $line is a test that passes",
    ({ code, line }) => {
      const root = fileURLToPath(new URL("../.cache/readme-tests", import.meta.url));
      mkdirSync(root, { recursive: true });
      writeFileSync(join(root, `line-${line}.test.ts`), code);
      const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
      const output = join(root, "result.json");
      const words = ["run", "--root", root, "--reporter=json", `--outputFile=${output}`, `line-${line}`];
      const result = spawnSync(process.execPath, [vitest, ...words], { encoding: "utf8" });
      expect(result.status, result.stderr).toBe(0);
      expect(JSON.parse(readFileSync(output, "utf8"))).toMatchObject({ numPassedTests: 1, numFailedTests: 0 });
    },
    60_000,
  );
});
