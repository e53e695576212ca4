import assert from "node:assert/strict";
import { assertRejects } from "./assert-rejects.js";
import type { ConformanceCase } from "./case.js";
import { hostileTexts } from "./value-cases.js";

export const identifierCases: readonly ConformanceCase[] = [
  {
    name: "quoted names can be any text, as columns and as tables",
    async run(engine, { makeTable, dropTable }) {
      for (const name of hostileTexts.filter((text) => text !== "")) {
        const quoted = engine.quoteIdentifier(name);
        assert.deepEqual(await engine.query(`SELECT 1 AS ${quoted}`), [{ [name]: 1 }]);
        for (const statement of makeTable(quoted, quoted, "INTEGER", "7")) await engine.query(statement);
        try {
          const source = { kind: "table", name } as const;
          assert.deepEqual(await engine.query(`SELECT * FROM ${engine.fromClause(source)}`), [{ [name]: 7 }]);
          assert.deepEqual(
            (await engine.columns(source)).map((column) => column.name),
            [name],
          );
          assert.deepEqual(Object.keys((await engine.fingerprint(source)).columns), [name]);
        } finally {
          await engine.query(dropTable(quoted));
        }
      }
    },
  },
  {
    name: "columns tell name, type and whether null is allowed",
    needsFeature: "notNull",
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
    name: "columns have types in lower case",
    async run(engine, { types }) {
      const sql = `SELECT CAST(1 AS BIGINT) AS id, CAST('x' AS ${types.text}) AS label`;
      const columns = await engine.columns({ kind: "query", sql });
      assert.deepEqual(
        columns.map(({ name }) => name),
        ["id", "label"],
      );
      for (const { type } of columns) assert.match(type, /^[a-z][a-z0-9 ]*$/);
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
