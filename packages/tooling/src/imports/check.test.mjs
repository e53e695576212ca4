import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkImports } from "./check.mjs";

const directory = realpathSync(mkdtempSync(join(tmpdir(), "deepwright-imports-")));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/**
 * @param {string} path
 * @param {string} text
 */
function write(path, text) {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), text);
}

/**
 * @param {string} path
 * @param {Record<string, unknown>} manifest
 */
function writePackage(path, manifest = {}) {
  const entry = { types: "./dist/index.d.ts", default: "./dist/index.js" };
  write(`${path}/package.json`, JSON.stringify({ name: path, type: "module", exports: { ".": entry }, ...manifest }));
}

/** @returns {Promise<string[]>} */
const problems = async () => (await checkImports(directory)).problems;

beforeAll(() => {
  mkdirSync(join(directory, "apps"));
  writePackage("packages/core");
  writePackage("packages/stats");
});

describe("checkImports", () => {
  it("fails when it saw no module", async () => {
    const { moduleCount, problems: found } = await checkImports(directory);
    expect(moduleCount).toBe(0);
    expect(found).toContain("not-seen: dependency-cruiser saw 0 modules");
  });

  it("is content with imports that follow the layers", async () => {
    write("packages/core/src/index.ts", 'export { one } from "./one.js";\n');
    write("packages/core/src/one.ts", "export const one = 1;\n");
    write("packages/stats/src/index.ts", "export const two = 2;\n");
    expect(await checkImports(directory)).toEqual({ moduleCount: 3, problems: [] });
  });

  it("names an import against the layers", async () => {
    write("packages/core/src/one.ts", 'export { two as one } from "../../stats/src/index.js";\n');
    const found = await problems();
    expect(found).toContain("layer-of-packages-core: packages/core/src/one.ts -> packages/stats/src/index.ts");
    expect(found).toContain("public-entry-points-only: packages/core/src/one.ts -> packages/stats/src/index.ts");
  });

  it("names a cycle with the files on its way", async () => {
    write("packages/core/src/one.ts", 'import { other } from "./other.js";\nexport const one = () => other;\n');
    write("packages/core/src/other.ts", 'import { one } from "./one.js";\nexport const other = () => one;\n');
    const found = await problems();
    expect(found.some((line) => /^no-cycle: .*one\.ts -> .*other\.ts -> .*one\.ts$/.test(line))).toBe(true);
  });

  it("names an import that leads nowhere, and a test in the product", async () => {
    write("packages/core/src/one.ts", 'import "./gone.js";\nimport "./a.test.js";\nexport const one = 1;\n');
    write("packages/core/src/other.ts", "export const other = 1;\n");
    write("packages/core/src/a.test.ts", "export {};\n");
    const names = (await problems()).map((line) => line.split(":")[0]);
    expect(names).toContain("resolvable");
    expect(names).toContain("no-test-in-product");
  });

  it("names a heavy module that an entry point loads at once, but not one that it loads when asked", async () => {
    write("packages/core/src/one.ts", 'import pg from "pg";\nexport const one = pg;\n');
    expect(await problems()).toContain("eager-import: packages/core/src/index.ts -> packages/core/src/one.ts -> pg");
    write("packages/core/src/one.ts", 'export const one = () => import("pg");\n');
    expect((await problems()).filter((line) => line.startsWith("eager-import"))).toEqual([]);
  });

  it("names a package without a layer", async () => {
    writePackage("packages/unheard-of");
    expect(await problems()).toContain("no-layer: packages/unheard-of is in no layer");
  });
});
