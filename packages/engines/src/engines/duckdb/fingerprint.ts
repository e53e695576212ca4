import { isDeepwrightError } from "@deepwright/core";
import type { DuckDBType } from "@duckdb/node-api";
import type { DataFingerprint, DataSource, FingerprintOptions } from "../../engine.js";
import { columnMissing } from "../../errors.js";
import { fingerprintAccumulator } from "../../fingerprint/accumulate.js";
import { hasOrder } from "../../fingerprint/has-order.js";
import { partitionNamer, relativeTo } from "../../fingerprint/partition-name.js";
import { type FingerprintDialect, fingerprintSql } from "../../fingerprint/plan.js";
import { schemaHash } from "../../fingerprint/value-kind.js";
import type { Connections } from "./connections.js";
import { isSampleTooSmall } from "./errors.js";
import { quoteIdentifier } from "./identifiers.js";
import { fromClause, type ReadOptions, resolveFiles } from "./sources.js";
import { streamBatches } from "./stream.js";
import { byteLength, canonicalText, kindOf } from "./types.js";

const fileColumn = "__deepwright_file";
const lowMask = "18446744073709551615::UHUGEINT";
const low = (digest: string): string => `(${digest} & ${lowMask})::UBIGINT`;
const high = (digest: string): string => `(${digest} >> 64)::UBIGINT`;

const dialect: FingerprintDialect = {
  quoteIdentifier,
  byteLength,
  digest: (text) => `md5_number(${text})`,
  parts: (digest) => [
    { sql: low(digest), shift: 0 },
    { sql: high(digest), shift: 64 },
  ],
  word: (digest, index) => {
    const half = index < 2 ? low(digest) : high(digest);
    return index % 2 === 0 ? `(${half} & 4294967295)` : `(${half} >> 32)`;
  },
  shiftRight: (value, bits) => `(${value} >> ${bits})`,
  remainder: (value, divisor) => `((${value}) % ${divisor})`,
  listEntry: (values, place) => `list_extract([${values.join(", ")}]::UBIGINT[], ${place} + 1)`,
  texts: (values) => `list_value(${values.map((value) => `CAST(${value} AS VARCHAR)`).join(", ")})`,
  fence: "",
};

/** Three-level fingerprint in one scan; a text file whose types its first rows don't show is scanned once more. */
export async function fingerprintSource(
  connections: Connections,
  source: DataSource,
  options: FingerprintOptions,
): Promise<DataFingerprint> {
  try {
    return await scan(connections, source, options, {});
  } catch (error) {
    if (source.kind !== "file" || !isSampleTooSmall(error)) throw error;
    try {
      return await scan(connections, source, options, { sampleAll: true });
    } catch (second) {
      // The first error knows the line, and sampling all rows may find none of the file's structure.
      options.signal?.throwIfAborted();
      throw isDeepwrightError(second) && second.code === "DATA_FILE_INVALID" ? error : second;
    }
  }
}

async function scan(
  connections: Connections,
  source: DataSource,
  options: FingerprintOptions,
  readOptions: ReadOptions,
): Promise<DataFingerprint> {
  const files = source.kind === "file" ? resolveFiles(source) : null;
  const root = options.partitionBy === undefined ? (files?.root ?? null) : null;
  const from = fromClause(source, root === null ? readOptions : { ...readOptions, fileColumn });
  const query = { ...(options.signal && { signal: options.signal }), parameters: options.parameters ?? [] };
  const columns = (await describe(connections, from, query)).filter(([name]) => name !== fileColumn);
  const names = columns.map(([name]) => name);
  const partition = columns.find(([name]) => name === options.partitionBy);
  if (options.partitionBy !== undefined && partition === undefined) throw columnMissing(options.partitionBy, names);
  const ordered = options.order ?? (source.kind === "file" || (source.kind === "query" && hasOrder(source.sql)));
  const byFileRow =
    files?.format === "parquet" && (files.root === null || root !== null) && !names.includes("file_row_number");
  const { sql, layout } = fingerprintSql(
    {
      from,
      columns: columns.map(([name, type]) => ({
        name,
        kind: kindOf(type),
        text: canonicalText(quoteIdentifier(name), type),
      })),
      partition:
        partition !== undefined
          ? canonicalText(quoteIdentifier(partition[0]), partition[1])
          : root !== null
            ? quoteIdentifier(fileColumn)
            : null,
      // Windows run on one thread; Parquet knows the place of each row in its file without one.
      position: !ordered ? null : byFileRow ? "file_row_number" : "row_number() OVER () - 1",
    },
    dialect,
  );
  const accumulator = fingerprintAccumulator({
    schema: schemaHash(columns.map(([name, type]) => [name, kindOf(type)] as const)),
    layout,
    partitioned: partition !== undefined || root !== null,
    orderByPartition: root !== null,
    snapshot: null,
    partitionName: root !== null ? relativeTo(root) : partitionNamer(partition && kindOf(partition[1])),
  });
  for await (const batch of streamBatches(connections, sql, query)) {
    for (let row = 0; row < batch.rowCount; row++) {
      accumulator.add({
        partition: batch.columns.partition?.[row] as string | null,
        block: Number(batch.columns.block?.[row]),
        firstPosition: Number(batch.columns.firstPosition?.[row]),
        rowCount: Number(batch.columns.rowCount?.[row]),
        sums: batch.columns.sums?.[row] as (string | null)[],
      });
    }
  }
  return accumulator.finish();
}

/** Names and types of the columns, without reading rows. */
async function describe(
  connections: Connections,
  from: string,
  options: FingerprintOptions,
): Promise<(readonly [name: string, type: DuckDBType])[]> {
  let columns: (readonly [string, DuckDBType])[] = [];
  const stream = streamBatches(connections, `SELECT * FROM ${from} LIMIT 0`, {
    ...options,
    onColumns: (names, types) => {
      columns = names.map((name, index) => [name, types[index] as DuckDBType] as const);
    },
  });
  for await (const _ of stream);
  return columns;
}
