import type { DataType } from "apache-arrow";
import type { DataFingerprint, DataSource, FingerprintOptions } from "../../engine.js";
import { columnMissing } from "../../errors.js";
import { type FingerprintGroup, fingerprintAccumulator } from "../../fingerprint/accumulate.js";
import { hasOrder } from "../../fingerprint/has-order.js";
import { partitionNamer, relativeTo } from "../../fingerprint/partition-name.js";
import { type FingerprintDialect, fingerprintSql } from "../../fingerprint/plan.js";
import { schemaHash } from "../../fingerprint/value-kind.js";
import { resolveFiles, type SparkFiles } from "./file-views.js";
import { quoteIdentifier } from "./identifiers.js";
import type { Spark } from "./result.js";
import { placeRuns, type RunGroup } from "./runs.js";
import { streamBatches } from "./stream.js";
import { byteLength, canonicalText, kindOf } from "./types.js";

/**
 * Spark gives MD5 as hexadecimal digits. Those of the digest backwards are the digits of the little-endian number with the
 * two digits of each byte exchanged, which masks and shifts set right.
 */
function word(digest: string, index: number): string {
  const digits = `CAST(conv(substring(${digest}, ${25 - 8 * index}, 8), 16, 10) AS BIGINT)`;
  return `(shiftleft(${digits} & 252645135L, 4) | (shiftright(${digits}, 4) & 252645135L))`;
}

const dialect: FingerprintDialect = {
  quoteIdentifier,
  byteLength,
  digest: (text) => `reverse(md5(CAST(${text} AS BINARY)))`,
  parts: (digest) => [0, 1, 2, 3].map((index) => ({ sql: word(digest, index), shift: 32 * index })),
  word,
  shiftRight: (value, bits) => `shiftright(${value}, ${bits})`,
  remainder: (value, divisor) => `((${value}) % ${divisor}L)`,
  listEntry: (values, place) => `array(${values.map((value) => `${value}L`).join(", ")})[CAST(${place} AS INT)]`,
  texts: (values) => `array(${values.map((value) => `CAST(${value} AS STRING)`).join(", ")})`,
  fence: "",
};

/** Three-level fingerprint in one scan. */
export async function fingerprintSource(
  spark: Spark,
  source: DataSource,
  options: FingerprintOptions,
): Promise<DataFingerprint> {
  const files = source.kind === "file" ? resolveFiles(source) : null;
  const root = options.partitionBy === undefined ? (files?.root ?? null) : null;
  const from = fromClause(spark, source, files);
  const query = { ...(options.signal && { signal: options.signal }), parameters: options.parameters ?? [] };
  // A direct query on files hides why one can't be read.
  const columns = await describe(spark, spark.views.fromClause(source), query);
  const names = columns.map(([name]) => name);
  const partition = columns.find(([name]) => name === options.partitionBy);
  if (options.partitionBy !== undefined && partition === undefined) throw columnMissing(options.partitionBy, names);
  const ordered = options.order ?? (source.kind === "file" || (source.kind === "query" && hasOrder(source.sql)));
  const place = placeOf(files, names);
  const filePath = place.filePath;
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
            ? filePath
            : null,
      position: ordered ? place.position : null,
      ...(ordered && { run: place.run }),
    },
    dialect,
  );
  const nameFile = root === null ? null : relativeTo(root);
  const accumulator = fingerprintAccumulator({
    schema: schemaHash(columns.map(([name, type]) => [name, kindOf(type)] as const)),
    layout,
    partitioned: partition !== undefined || root !== null,
    orderByPartition: false,
    snapshot: null,
    partitionName:
      nameFile !== null ? (key) => nameFile(decodePath(key ?? "")) : partitionNamer(partition && kindOf(partition[1])),
  });
  const groups: RunGroup[] = [];
  for await (const batch of streamBatches(spark, sql, query)) {
    for (let row = 0; row < batch.rowCount; row++) {
      const group: FingerprintGroup = {
        partition: batch.columns.partition?.[row] as string | null,
        block: Number(batch.columns.block?.[row]),
        firstPosition: Number(batch.columns.firstPosition?.[row]),
        rowCount: Number(batch.columns.rowCount?.[row]),
        sums: batch.columns.sums?.[row] as (string | null)[],
      };
      if (ordered) groups.push({ ...group, run: decodePath(String(batch.columns.run?.[row])) });
      else accumulator.add(group);
    }
  }
  for (const group of placeRuns(groups)) accumulator.add(group);
  return accumulator.finish();
}

/** Parquet is read without a view, as a view hides where in its file a row lies. */
function fromClause(spark: Spark, source: DataSource, files: SparkFiles | null): string {
  return files?.format === "parquet" ? `parquet.${quoteIdentifier(files.path)}` : spark.views.fromClause(source);
}

interface Place {
  /** Expression of the row's file. */
  readonly filePath: string;
  /** Expression of an integer that grows by one from row to row of a run. */
  readonly position: string;
  /** Expression of the name of the run; runs follow each other in the order of their names. */
  readonly run: string;
}

/** Where a row stands. Spark reads files in any order, and a sorted result in numbered partitions. */
function placeOf(files: SparkFiles | null, names: readonly string[]): Place {
  if (files === null) {
    const run = "lpad(CAST(spark_partition_id() AS STRING), 10, '0')";
    return { filePath: "NULL", position: "monotonically_increasing_id()", run };
  }
  if (files.format === "parquet" && !names.some((name) => name.toLowerCase() === "_metadata")) {
    return { filePath: "_metadata.file_path", position: "_metadata.row_index", run: "_metadata.file_path" };
  }
  const run = "input_file_name() || chr(0) || lpad(CAST(input_file_block_start() AS STRING), 20, '0')";
  return { filePath: "input_file_name()", position: "monotonically_increasing_id()", run };
}

/** The path of a URI as Hadoop writes it; other texts as they are. */
function decodePath(text: string): string {
  if (!text.startsWith("file:/")) return text;
  return decodeURIComponent(text.replace(/^file:(?:\/\/(?=\/))?/, ""));
}

/** Names and types of the columns, without reading rows. */
async function describe(
  spark: Spark,
  from: string,
  options: FingerprintOptions,
): Promise<(readonly [name: string, type: DataType])[]> {
  let columns: (readonly [string, DataType])[] = [];
  const stream = streamBatches(spark, `SELECT * FROM ${from} LIMIT 0`, {
    ...options,
    onColumns: (names, types) => {
      columns = names.map((name, index) => [name, types[index] as DataType] as const);
    },
  });
  for await (const _ of stream);
  return columns;
}
