import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { alignOutput, expectedOutput } from "./expected.mjs";
import { codeBlocks } from "./markdown.mjs";
import { runExample } from "./run.mjs";

/**
 * Every TypeScript block of a README as something that can be run and compared with what it says it prints.
 * See the declaration beside this file.
 *
 * @param {URL} readme
 */
export function readmeExamples(readme) {
  const file = fileURLToPath(readme);
  const examples = codeBlocks(readFileSync(file, "utf8"))
    .filter(({ language }) => language === "ts")
    .map(({ code, line }) => {
      const expected = expectedOutput(code);
      return {
        line,
        code,
        expected,
        run: async () => alignOutput(await runExample(code, { folder: dirname(file), name: `line-${line}` }), expected),
      };
    });
  if (examples.length === 0) throw new Error(`${file} has no \`\`\`ts block.`);
  return examples;
}
