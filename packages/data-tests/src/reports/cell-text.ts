import type { CellValue } from "@deepwright/engines";

/** A value of the data as one text: exact for integers beyond 2^53, NaN and infinities by name, bytes in hexadecimal. */
export function cellText(value: CellValue): string {
  if (value === null) return "NULL";
  if (typeof value === "string") return value;
  if (typeof value === "object") return value instanceof Uint8Array ? hex(value) : JSON.stringify(plainValue(value));
  return String(value);
}

/** The value as JSON holds it: numbers that JSON lacks become texts. */
export function plainValue(value: CellValue): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (value instanceof Uint8Array) return hex(value);
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, plainValue(entry as CellValue)]));
  }
  return value;
}

const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString("hex")}`;

/** At most `limit` characters, a cut one marked. Never cuts a character in two. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const characters = [...text.slice(0, 2 * limit)];
  return characters.length > limit || text.length > 2 * limit
    ? `${characters.slice(0, Math.max(0, limit - 1)).join("")}…`
    : text;
}

/** Some failing rows as one text: `id=3, price=-3; id=7, price=NULL`. */
export function rowsText(rows: readonly Readonly<Record<string, CellValue>>[], most: number, cellLimit = 80): string {
  return rows
    .slice(0, most)
    .map((row) => rowText(row, cellLimit))
    .join("; ");
}

export function rowText(row: Readonly<Record<string, CellValue>>, cellLimit = 80): string {
  return Object.entries(row)
    .map(([name, value]) => `${name}=${shorten(cellText(value), cellLimit)}`)
    .join(", ");
}
