export interface DuckDbOptions {
  readonly kind: "duckdb";
  /** Database file, made when it is absent. Default: in memory. */
  readonly path?: string;
  /** Bytes that DuckDB may hold before it spills to `temporaryDirectory`. Default: 80 % of the machine's memory. */
  readonly memoryLimit?: number;
  /** Folder to spill to; made when it is needed. Default: a folder of its own in the system's temporary folder. */
  readonly temporaryDirectory?: string;
  /** Default: one for each processor core. */
  readonly threads?: number;
}

export interface PostgresOptions {
  readonly kind: "postgres";
  /** `postgres://user:password@host:port/database` */
  readonly uri: string;
}

export interface SparkOptions {
  readonly kind: "spark";
  /**
   * Address of a Spark Connect server: `sc://host:port`, or `spark://host:port`; with `/;use_ssl=true;token=...;user_id=...` behind
   * it where the server asks for them.
   */
  readonly uri: string;
}
