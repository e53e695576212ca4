/** Types by what can be asked of their values; every engine's names are mapped to these. */
export type TypeFamily =
  | "integer"
  | "decimal"
  | "double"
  | "text"
  | "boolean"
  | "date"
  | "timestamp"
  | "time"
  | "bytes"
  | "other";

export const numeric: readonly TypeFamily[] = ["integer", "decimal", "double"];
export const temporal: readonly TypeFamily[] = ["date", "timestamp"];

const names: Readonly<Record<string, TypeFamily>> = {
  ...familyOf("integer", "tinyint smallint integer int bigint hugeint utinyint usmallint uinteger ubigint uhugeint"),
  ...familyOf("integer", "int2 int4 int8 long short byte oid"),
  ...familyOf("decimal", "decimal numeric"),
  ...familyOf("double", "double float real float4 float8"),
  ...familyOf("text", "varchar text string bpchar char name uuid enum"),
  ...familyOf("boolean", "boolean bool"),
  ...familyOf("date", "date"),
  ...familyOf("timestamp", "timestamp timestamptz timestamp_s timestamp_ms timestamp_ns timestamp_ntz timestamp_ltz"),
  ...familyOf("timestamp", "datetime"),
  ...familyOf("time", "time timetz"),
  ...familyOf("bytes", "blob bytea binary"),
};

function familyOf(family: TypeFamily, types: string): Record<string, TypeFamily> {
  return Object.fromEntries(types.split(" ").map((type) => [type, family]));
}

/** The family of a type by the engine's own name for it, in lower case: `decimal(10,2)` is a decimal. */
export function typeFamily(type: string): TypeFamily {
  if (type.endsWith("]")) return "other";
  if (type === "timestamp with time zone" || type === "timestamp without time zone") return "timestamp";
  return names[type.replace(/\(.*\)$/s, "").trim()] ?? "other";
}
