import type { DataFingerprint, DataSource, FingerprintOptions } from "../../engine.js";
import { columnMissing } from "../../errors.js";
import { fingerprintAccumulator } from "../../fingerprint/accumulate.js";
import { hasOrder } from "../../fingerprint/has-order.js";
import { partitionNamer } from "../../fingerprint/partition-name.js";
import { type FingerprintDialect, fingerprintSql } from "../../fingerprint/plan.js";
import { schemaHash } from "../../fingerprint/value-kind.js";
import type { Sessions } from "./connections.js";
import { quoteIdentifier } from "./identifiers.js";
import { fromClause } from "./sources.js";
import { streamBatches } from "./stream.js";
import type { TypeCatalog } from "./type-catalog.js";
import { byteLength, canonicalText, kindOf } from "./types.js";

const byte = (digest: string, index: number): string => `get_byte(${digest}, ${index})::int8`;

/** Four bytes of the digest, the first one lowest, as DuckDB's `md5_number` reads them. */
function word(digest: string, index: number): string {
  const first = index * 4;
  const bytes = [0, 1, 2, 3].map((index) => `(${byte(digest, first + index)} << ${8 * index})`);
  return `(${bytes.join(" | ")})`;
}

const dialect: FingerprintDialect = {
  quoteIdentifier,
  byteLength,
  digest: (text) => `decode(md5(${text}), 'hex')`,
  parts: (digest) => [0, 1, 2, 3].map((index) => ({ sql: word(digest, index), shift: 32 * index })),
  word,
  shiftRight: (value, bits) => `(${value} >> ${bits})`,
  remainder: (value, divisor) => `((${value}) % ${divisor})`,
  listEntry: (values, place) => `('{${values.join(",")}}'::int8[])[${place} + 1]`,
  texts: (values) => `ARRAY[${values.map((value) => `CAST(${value} AS text)`).join(", ")}]`,
  // Postgres merges a subselect into the outer query, and computes its expressions at each use, unless it has OFFSET.
  fence: " OFFSET 0",
};

/** Three-level fingerprint in one scan. */
export async function fingerprintSource(
  connections: Sessions,
  source: DataSource,
  options: FingerprintOptions,
): Promise<DataFingerprint> {
  const from = fromClause(source);
  const query = { ...(options.signal && { signal: options.signal }), parameters: options.parameters ?? [] };
  const { names, oids, catalog } = await describe(connections, from, query);
  const types = oids.map(catalog);
  const kinds = types.map((type) => kindOf(type, catalog));
  const texts = names.map((name, index) =>
    canonicalText(quoteIdentifier(name), types[index] as (typeof types)[number], catalog),
  );
  const partitionIndex = options.partitionBy === undefined ? -1 : names.indexOf(options.partitionBy);
  if (options.partitionBy !== undefined && partitionIndex < 0) throw columnMissing(options.partitionBy, names);
  const ordered = options.order ?? (source.kind === "query" && hasOrder(source.sql));
  const { sql, layout } = fingerprintSql(
    {
      from,
      columns: names.map((name, index) => ({
        name,
        kind: kinds[index] as (typeof kinds)[number],
        text: texts[index] as string,
      })),
      partition: texts[partitionIndex] ?? null,
      position: ordered ? "row_number() OVER () - 1" : null,
    },
    dialect,
  );
  let accumulator: ReturnType<typeof fingerprintAccumulator> | undefined;
  const start = (snapshot: string): void => {
    accumulator = fingerprintAccumulator({
      schema: schemaHash(names.map((name, index) => [name, kinds[index] as (typeof kinds)[number]] as const)),
      layout,
      partitioned: partitionIndex >= 0,
      orderByPartition: false,
      snapshot,
      partitionName: partitionNamer(kinds[partitionIndex]),
    });
  };
  for await (const batch of streamBatches(connections, sql, { ...query, onSnapshot: start })) {
    for (let row = 0; row < batch.rowCount; row++) {
      accumulator?.add({
        partition: batch.columns.partition?.[row] as string | null,
        block: Number(batch.columns.block?.[row]),
        firstPosition: Number(batch.columns.firstPosition?.[row]),
        rowCount: Number(batch.columns.rowCount?.[row]),
        sums: batch.columns.sums?.[row] as (string | null)[],
      });
    }
  }
  return (accumulator as ReturnType<typeof fingerprintAccumulator>).finish();
}

/** Names and types of the columns, without reading rows. */
async function describe(
  connections: Sessions,
  from: string,
  options: FingerprintOptions,
): Promise<{ names: readonly string[]; oids: readonly number[]; catalog: TypeCatalog }> {
  let described: { names: readonly string[]; oids: readonly number[]; catalog: TypeCatalog } | undefined;
  const stream = streamBatches(connections, `SELECT * FROM ${from} LIMIT 0`, {
    ...options,
    onColumns: (names, oids, catalog) => {
      described = { names, oids, catalog };
    },
  });
  for await (const _ of stream);
  return described as NonNullable<typeof described>;
}
