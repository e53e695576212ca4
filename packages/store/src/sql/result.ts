/** How the rows of a result look to the caller. */
export type RowShape =
  /** Objects by column name, values as `SqlExecutor.query` promises. */
  | "objects"
  /** Arrays by position; dates, times and JSON as Postgres wrote them, as drizzle's column types expect. */
  | "drizzle";

export interface StatementResult {
  readonly rows: unknown[];
  /** Rows read or changed, from the command tag. */
  readonly rowCount: number;
  /** First word of the command tag: `SELECT`, `INSERT`, `COMMIT`. */
  readonly command: string;
}
