import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cosmeticChanges } from "./cosmetic.js";
import { lineChanges, linesOf, revertHunks } from "./hunks.js";
import { languageOf } from "./language.js";
import { hunksOf } from "./source-differences.js";

const text = fc
  .array(fc.constantFrom("a", "b", "", "  c", "def f():", "# note", "import os", '"""', "x = 1\r"), { maxLength: 25 })
  .map((lines) => lines.join("\n"));

describe("lineChanges", () => {
  it("reverting all hunks gives the first text, and any subset gives a mixture of the two", () => {
    fc.assert(
      fc.property(text, text, fc.infiniteStream(fc.boolean()), (before, after, choice) => {
        const changes = lineChanges(linesOf(before), linesOf(after));
        if (!changes) throw new Error("small texts have hunks");
        expect(revertHunks(after, changes)).toBe(before);
        expect(revertHunks(after, [])).toBe(after);
        const reverted = changes.filter(() => choice.next().value);
        const kept = changes.filter((change) => !reverted.includes(change));
        // The mixture has exactly the changes that were kept.
        const mixture = revertHunks(after, reverted);
        expect(linesOf(mixture).length).toBe(
          linesOf(before).length +
            kept.reduce((sum, { beforeLines, afterLines }) => sum + afterLines.length - beforeLines.length, 0),
        );
      }),
      { numRuns: 300 },
    );
  });

  it("gives no hunks for equal texts and the places of the lines for others", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const changes = lineChanges(linesOf(before), linesOf(after)) ?? [];
        expect(changes.length === 0).toBe(before === after);
        for (const change of changes) {
          expect(
            linesOf(before)
              .slice(change.beforeStart - 1)
              .slice(0, change.beforeLines.length),
          ).toEqual(change.beforeLines);
          expect(
            linesOf(after)
              .slice(change.afterStart - 1)
              .slice(0, change.afterLines.length),
          ).toEqual(change.afterLines);
        }
      }),
    );
  });

  it("gives up on a rewritten file", () => {
    const lines = (name: string): string[] => Array.from({ length: 3000 }, (_, index) => `${name}${index}`);
    expect(lineChanges(lines("a"), lines("b"))).toBeNull();
  });
});

describe("cosmetic changes", () => {
  const cosmetic = (file: string, before: string, after: string): boolean[] | undefined =>
    hunksOf(file, before, after)?.map((hunk) => hunk.cosmetic);

  it.each([
    ["a.py", "x = f(a, b)\n", "x = f(\n    a,\n    b,\n)  # wrapped\n"],
    ["a.py", "def f():\n    return 1\n", 'def f():\n    """Doc."""\n\n    return 1\n'],
    ["a.py", "x = 'abc'\n", 'x = "abc"\n'],
    ["a.py", "import os\nimport sys\nfrom a import c, b\n", "from a import b, c\nimport sys\nimport os\n"],
    ["a.py", "x = [1, 2]\n", "x = [\n  1, 2,\n]\n"],
    ["a.ts", "const a = 1; // one\n", "const a =\n  1;\n/* two */\n"],
    ["a.ts", 'import { b, a } from "x";\nimport c from "y";\n', "import c from 'y';\nimport { a, b } from 'x';\n"],
    ["q.sql", "SELECT a FROM t -- all\n", "select a\nfrom t\n"],
    ["Makefile", "all:\n\tx\n", "all:\n\tx  \n\n"],
  ])("%s: %j -> %j changes nothing", (file, before, after) => {
    expect(cosmetic(file, before, after)?.every(Boolean)).toBe(true);
  });

  it.each([
    ["a.py", "if a:\n    b()\nc()\n", "if a:\n    b()\n    c()\n"],
    ["a.py", "x = (1)\n", "x = (1,)\n"],
    ["a.py", "x = '#1'\n", "x = '#2'\n"],
    ["a.py", "x = 1\n", "# x = 1\n"],
    ["a.py", "x = 'a  b'\n", "x = 'a b'\n"],
    ["a.ts", "function f() {\n  return 1;\n}\n", "function f() {\n  return\n  1;\n}\n"],
    ["a.ts", "const a = `x // y`;\n", "const a = `x // z`;\n"],
    ["q.sql", "select 'A'\n", "select 'a'\n"],
    ["Makefile", "all:\n\tx\n", "all:\n\ty\n"],
    ["a.py", "import os\n", "import sys\n"],
  ])("%s: %j -> %j may change something", (file, before, after) => {
    expect(cosmetic(file, before, after)?.some((value) => !value)).toBe(true);
  });

  it("is never said of code that reads another value", () => {
    const statement = fc.tuple(fc.constantFrom("a", "b", "c"), fc.integer({ min: 0, max: 99 }));
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 8 }), fc.nat(7), (statements, at) => {
        const index = at % statements.length;
        const render = (changed: boolean): string =>
          statements
            .map(([name, value], line) => `${name} = ${changed && line === index ? value + 1 : value}\n`)
            .join("");
        for (const file of ["m.py", "m.ts", "m.sql", "m.unknown"]) {
          const changes = lineChanges(linesOf(render(false)), linesOf(render(true))) ?? [];
          expect(cosmeticChanges(render(false), render(true), changes, languageOf(file))).not.toContain(true);
        }
      }),
    );
  });
});
