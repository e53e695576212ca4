import assert from "node:assert/strict";
import { assertRejects } from "./assert-rejects.js";
import type { ConformanceCase } from "./case.js";
import { hostileTexts } from "./value-cases.js";

export const identifierCases: readonly ConformanceCase[] = [
  {
    name: "quoted names can be any text, as columns and as tables",
    async run(engine) {
      for (const name of hostileTexts.filter((text) => text !== "")) {
        const quoted = engine.quoteIdentifier(name);
        assert.deepEqual(await engine.query(`SELECT 1 AS ${quoted}`), [{ [name]: 1 }]);
        await engine.query(`CREATE TABLE ${quoted} (${quoted} INTEGER)`);
        try {
          await engine.query(`INSERT INTO ${quoted} VALUES (7)`);
          const source = { kind: "table", name } as const;
          assert.deepEqual(await engine.query(`SELECT * FROM ${engine.fromClause(source)}`), [{ [name]: 7 }]);
          assert.deepEqual(
            (await engine.columns(source)).map((column) => column.name),
            [name],
          );
          assert.deepEqual(Object.keys((await engine.fingerprint(source)).columns), [name]);
        } finally {
          await engine.query(`DROP TABLE ${quoted}`);
        }
      }
    },
  },
  {
    name: "columns tell name, type and whether null is allowed",
    async run(engine) {
      await engine.query("CREATE TABLE conformance_columns (id BIGINT NOT NULL, label VARCHAR)");
      try {
        const columns = await engine.columns({ kind: "table", name: "conformance_columns" });
        assert.deepEqual(
          columns.map(({ name, nullable }) => [name, nullable]),
          [
            ["id", false],
            ["label", true],
          ],
        );
        for (const { type } of columns) assert.equal(type, type.toLowerCase());
      } finally {
        await engine.query("DROP TABLE conformance_columns");
      }
    },
  },
  {
    name: "a query is a source, also one that ends in a comment or a semicolon",
    async run(engine) {
      for (const sql of ["SELECT 1 AS a", "SELECT 1 AS a;", "SELECT 1 AS a -- one"]) {
        assert.deepEqual(await engine.query(`SELECT a FROM ${engine.fromClause({ kind: "query", sql })}`), [{ a: 1 }]);
      }
    },
  },
  {
    name: "files are read, or refused as a missing capability",
    async run(engine) {
      const read = async (): Promise<unknown> => engine.columns({ kind: "file", path: "absent.csv" });
      await assertRejects(read, engine.capabilities.files ? "DATA_FILE_MISSING" : "CAPABILITY_MISSING");
    },
  },
];
