/** What a dialect may have no form of; a check that is about it is left out there. */
export type DialectFeature = "uuid" | "timeOfDay" | "mixedIntervals" | "infiniteDates" | "notNull";

/**
 * How an engine writes what SQL's dialects write differently. What is not named here is written in one way on every
 * engine.
 */
export interface ConformanceDialect {
  readonly types: {
    readonly double: string;
    readonly text: string;
    readonly bytes: string;
    readonly timestampWithZone: string;
    readonly listOfText: string;
  };
  /** Features that the dialect has no form of. */
  readonly lacks: ReadonlySet<DialectFeature>;
  list(items: readonly string[]): string;
  /** Statements that make a table or view of one column and one row; name and column are quoted already. */
  makeTable(name: string, column: string, type: string, value: string): readonly string[];
  dropTable(name: string): string;
  /** FROM clause item: integers from `first` to `last` in a table `table` with one column. */
  series(first: number, last: number, table: string, column: string): string;
  /** A query of hundreds of millions of rows with a column `i`, whose first rows come at once. */
  readonly endless: string;
}

/** SQL as DuckDB and Postgres read it. */
export const standardDialect: ConformanceDialect = {
  types: {
    double: "DOUBLE PRECISION",
    text: "VARCHAR",
    bytes: "BYTEA",
    timestampWithZone: "TIMESTAMP WITH TIME ZONE",
    listOfText: "VARCHAR[]",
  },
  lacks: new Set(),
  list: (items) => `ARRAY[${items.join(", ")}]`,
  makeTable: (name, column, type, value) => [
    `CREATE TABLE ${name} (${column} ${type})`,
    `INSERT INTO ${name} VALUES (CAST(${value} AS ${type}))`,
  ],
  dropTable: (name) => `DROP TABLE ${name}`,
  series: (first, last, table, column) => `generate_series(${first}, ${last}) AS ${table}(${column})`,
  endless: "SELECT a.i FROM generate_series(1, 30000) AS a(i) CROSS JOIN generate_series(1, 30000) AS b(j)",
};

/**
 * SQL as Spark 4.0 reads it: its catalog takes only plain names for tables (views can have any), it has no times of day, no UUIDs, no infinite dates, and intervals either of months or of
 * time. It sends a partition when all its rows are computed, so the endless query has many small ones.
 */
export const sparkDialect: ConformanceDialect = {
  types: {
    double: "DOUBLE",
    text: "STRING",
    bytes: "BINARY",
    timestampWithZone: "TIMESTAMP",
    listOfText: "ARRAY<STRING>",
  },
  lacks: new Set(["uuid", "timeOfDay", "mixedIntervals", "infiniteDates", "notNull"]),
  list: (items) => `array(${items.join(", ")})`,
  makeTable: (name, column, type, value) => [
    `CREATE TEMPORARY VIEW ${name} AS SELECT CAST(${value} AS ${type}) AS ${column}`,
  ],
  dropTable: (name) => `DROP VIEW ${name}`,
  series: (first, last, table, column) => `(SELECT explode(sequence(${first}, ${last}))) AS ${table}(${column})`,
  endless: "SELECT id AS i FROM range(0, 900000000, 1, 2000)",
};
