import { drizzle } from "drizzle-orm/pg-proxy";
import type { EncodedStatement } from "../sql/driver.js";
import { encodeParameter } from "../sql/encode-parameter.js";
import type { RowShape, StatementResult } from "../sql/result.js";
import type { SqlExecutor, SqlValue } from "../store.js";

type Execute = (statements: readonly EncodedStatement[], shape: RowShape) => Promise<StatementResult[]>;

/** drizzle over a driver; nothing of it is loaded that the driver does not already have. */
export function drizzleDatabase(execute: Execute): SqlExecutor["db"] {
  const database = drizzle(async (text, parameters, method) => {
    const encoded = (parameters as SqlValue[]).map(encodeParameter);
    const [result] = await execute([{ text, parameters: encoded }], method === "all" ? "drizzle" : "objects");
    return { rows: result?.rows ?? [] };
  });
  return database as unknown as SqlExecutor["db"];
}
