/** Types by what can be done with their values; every engine's names are mapped to these. */
export type ColumnFamily = "integer" | "decimal" | "double" | "text" | "boolean" | "date" | "timestamp" | "other";

const names = new Map<string, ColumnFamily>(
  (
    [
      ["integer", "tinyint smallint integer int bigint hugeint utinyint usmallint uinteger ubigint uhugeint"],
      ["integer", "int2 int4 int8 long short byte"],
      ["decimal", "decimal numeric"],
      ["double", "double float real float4 float8"],
      ["text", "varchar text string bpchar char uuid enum"],
      ["boolean", "boolean bool"],
      ["date", "date"],
      ["timestamp", "timestamp timestamptz timestamp_s timestamp_ms timestamp_ns timestamp_ntz timestamp_ltz"],
    ] as const
  ).flatMap(([family, types]) => types.split(" ").map((type) => [type, family] as const)),
);

/** The family of a type by the engine's own name for it, in lower case: `decimal(10,2)` is a decimal. */
export function columnFamily(type: string): ColumnFamily {
  if (type.endsWith("]")) return "other";
  if (type === "double precision") return "double";
  if (type === "character varying" || type === "character") return "text";
  if (type.startsWith("timestamp with")) return "timestamp";
  return names.get(type.replace(/\(.*\)$/s, "").trim()) ?? "other";
}

export const numericFamilies: readonly ColumnFamily[] = ["integer", "decimal", "double"];
/** Families whose values name a group: equal means equal on every engine. */
export const keyFamilies: readonly ColumnFamily[] = ["integer", "text", "boolean", "date"];
