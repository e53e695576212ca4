import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { openDatabase } from "./open-database.js";
import { unpackTemplate } from "./template.js";

const folder = mkdtempSync(join(tmpdir(), "deepwright-template-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const packaged = readFileSync(new URL("../../../dist/template.tar.gz", import.meta.url));
const flipped = Buffer.from(packaged);
flipped[Math.floor(packaged.length / 2)] = (flipped[Math.floor(packaged.length / 2)] as number) ^ 0xff;

/** A template file with this content. */
function template(name: string, content: Uint8Array): URL {
  const path = join(folder, name);
  writeFileSync(path, content);
  return pathToFileURL(path);
}

describe("the template of a database", () => {
  it.each([
    ["cut off", packaged.subarray(0, packaged.length / 2)],
    ["with a wrong byte", flipped],
    ["no archive", Buffer.from("<html>404</html>")],
    ["empty", Buffer.alloc(0)],
  ])("that is damaged (%s) is not used, and nothing is written", (name, content) => {
    const target = join(folder, `target ${name}`);
    expect(unpackTemplate(target, template(name, content))).toBe(false);
    expect(existsSync(target)).toBe(false);
  });

  it.each([
    ["missing", pathToFileURL(join(folder, "none.tar.gz"))],
    ["damaged", template("damaged", flipped)],
  ])(
    "may be %s: the database is made without it",
    async (name, url) => {
      const directory = join(folder, `store ${name}`);
      mkdirSync(directory);
      const database = await openDatabase(directory, url);
      const { rows } = await database.query("select 6 * 7 as answer");
      await database.close();
      expect(rows).toEqual([{ answer: 42 }]);
      // The next start takes what is there.
      const again = await openDatabase(directory);
      await again.close();
      expect(existsSync(join(directory, "database.partial"))).toBe(false);
    },
    120_000,
  );
});
