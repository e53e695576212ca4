import type { RowShape, StatementResult } from "./result.js";

/** Text in Postgres' text format, bytes in its binary format. */
export type EncodedParameter = string | Uint8Array | null;

export interface EncodedStatement {
  readonly text: string;
  readonly parameters: readonly EncodedParameter[];
}

/**
 * What a database must offer to become a store. Implemented by `pglite/` and `postgres/`; errors are already typed.
 */
export interface Driver {
  readonly kind: "pglite" | "postgres";
  readonly uri: string;
  /** Runs the statements as one unit. */
  execute(statements: readonly EncodedStatement[], shape: RowShape): Promise<StatementResult[]>;
  begin(): Promise<DriverTransaction>;
  listen(channel: string, callback: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** One open transaction. Ends with exactly one `commit` or `rollback`. */
export interface DriverTransaction {
  execute(statements: readonly EncodedStatement[], shape: RowShape): Promise<StatementResult[]>;
  /** Runs text that may hold several statements, without parameters. */
  script(text: string): Promise<void>;
  commit(): Promise<void>;
  /** Never throws: a transaction whose connection is gone is rolled back by the database. */
  rollback(): Promise<void>;
}
