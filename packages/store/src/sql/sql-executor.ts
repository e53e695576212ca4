import { drizzleDatabase } from "../drizzle/drizzle-database.js";
import type { BatchStatement, SqlExecutor } from "../store.js";
import type { EncodedStatement } from "./driver.js";
import { encodeParameter } from "./encode-parameter.js";
import { insertStatements } from "./insert-statement.js";
import type { RowShape, StatementResult } from "./result.js";

type Execute = (statements: readonly EncodedStatement[], shape: RowShape) => Promise<StatementResult[]>;

const encode = ({ text, parameters = [] }: BatchStatement): EncodedStatement => ({
  text,
  parameters: parameters.map(encodeParameter),
});

/** What a store and a transaction have in common, on anything that can execute. */
export function sqlExecutor(execute: Execute): SqlExecutor {
  let database: SqlExecutor["db"] | undefined;
  return {
    async query<Row>(text: string, parameters: BatchStatement["parameters"] = []) {
      const [result] = await execute([encode({ text, parameters })], "objects");
      return (result?.rows ?? []) as Row[];
    },
    async batch(statements) {
      if (statements.length === 0) return [];
      const results = await execute(statements.map(encode), "objects");
      return results.map((result) => result.rows as Record<string, unknown>[]);
    },
    async insertColumns(table, columns, options) {
      const statements = insertStatements(table, columns, options);
      if (statements.length === 0) return 0;
      const results = await execute(statements.map(encode), "objects");
      return results.reduce((sum, result) => sum + result.rowCount, 0);
    },
    get db() {
      database ??= drizzleDatabase(execute);
      return database;
    },
  };
}
