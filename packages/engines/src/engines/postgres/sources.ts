import type { DataSource } from "../../engine.js";
import { capabilityMissing } from "../../errors.js";
import { quoteIdentifier } from "./identifiers.js";

export function fromClause(source: DataSource): string {
  switch (source.kind) {
    case "table":
      return source.schema === undefined
        ? quoteIdentifier(source.name)
        : `${quoteIdentifier(source.schema)}.${quoteIdentifier(source.name)}`;
    case "query":
      // The line break ends a comment in the last line.
      return `(${source.sql.replace(/[;\s]+$/, "")}\n) AS source`;
    case "file":
      throw capabilityMissing("postgres", "reads files", 'Open the file with openEngine({ kind: "duckdb" }).');
  }
}
