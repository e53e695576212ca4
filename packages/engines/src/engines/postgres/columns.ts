import type { Column, DataSource, QueryOptions } from "../../engine.js";
import type { Sessions } from "./connections.js";
import { quoteIdentifier } from "./identifiers.js";
import { queryRows } from "./query.js";
import { fromClause } from "./sources.js";
import { streamBatches } from "./stream.js";

export async function describeColumns(
  connections: Sessions,
  source: DataSource,
  options: QueryOptions = {},
): Promise<Column[]> {
  const required = source.kind === "table" ? await requiredColumns(connections, source) : new Set<string>();
  let columns: Column[] = [];
  const stream = streamBatches(connections, `SELECT * FROM ${fromClause(source)} LIMIT 0`, {
    ...options,
    onColumns: (names, oids, typeOf) => {
      columns = names.map((name, index) => {
        const type = typeOf(oids[index] as number);
        const typeName = type.elementOid === 0 ? type.name : `${typeOf(type.elementOid).name}[]`;
        return { name, type: typeName.toLowerCase(), nullable: !required.has(name) };
      });
    },
  });
  for await (const _ of stream);
  return columns;
}

async function requiredColumns(
  connections: Sessions,
  source: Extract<DataSource, { kind: "table" }>,
): Promise<Set<string>> {
  const name = [source.schema, source.name]
    .filter((part) => part !== undefined)
    .map(quoteIdentifier)
    .join(".");
  const rows = await queryRows(
    connections,
    "SELECT attname::text AS name FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass($1) AND attnotnull AND attnum > 0",
    { parameters: [name] },
  );
  return new Set(rows.map((row) => String(row.name)));
}
