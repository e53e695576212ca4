import type { QueryEngine } from "@deepwright/engines";

const decoders = {
  duckdb: (hex: string) => `decode(from_hex('${hex}'))`,
  postgres: (hex: string) => `convert_from(decode('${hex}', 'hex'), 'UTF8')`,
  spark: (hex: string) => `decode(unhex('${hex}'), 'UTF-8')`,
} as const;

/** A text in SQL that can't take parameters: as hexadecimal digits, so that nothing in it can end the literal. */
export function textLiteral(text: string, engine: QueryEngine): string {
  return decoders[engine.capabilities.name](Buffer.from(text, "utf8").toString("hex"));
}
