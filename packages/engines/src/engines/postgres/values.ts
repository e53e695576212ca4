import type { CellValue } from "../../engine.js";
import { decimalCell, integerCell } from "../../values/decimals.js";
import { parseIsoDate, parseIsoTime } from "../../values/parse-times.js";
import { isoDate, isoTimestamp } from "../../values/times.js";
import { parseArray } from "./parse-array.js";
import type { TypeCatalog } from "./type-catalog.js";

/** Turns the server's text form of a value into a cell. */
export type CellParser = (text: string) => CellValue;

/** The parser of a type, which needs the session's settings of `connection.ts` (UTC, ISO dates, hex bytes). */
export function cellParser(oid: number, catalog: TypeCatalog): CellParser {
  const type = catalog(oid);
  if (type.elementOid !== 0) {
    const element = cellParser(type.elementOid, catalog);
    return (text) => parseArray(text, element);
  }
  switch (type.name) {
    case "bool":
      return (text) => text === "t";
    case "int2":
    case "int4":
    case "oid":
    case "float4":
    case "float8":
      return Number;
    case "int8":
      return (text) => integerCell(BigInt(text));
    case "numeric":
      return decimalCell;
    case "bytea":
      return (text) => Uint8Array.from(Buffer.from(text.slice(2), "hex"));
    case "date":
      return dateCell;
    case "timestamp":
    case "timestamptz":
      return timestampCell;
    case "time":
      return (text) => (text.includes(".") ? timeCell(text) : text);
    default:
      return (text) => text;
  }
}

/** `2026-01-02`, `0044-03-15 BC`, `12026-01-02`, `infinity`. */
function dateCell(text: string): string {
  if (text.endsWith("infinity")) return text;
  return isoDate(parseIsoDate(withSignedYear(text)));
}

/** `2026-01-02 03:04:05.678+00`, with `BC` behind years before 1. */
function timestampCell(text: string): string {
  if (text.endsWith("infinity")) return text;
  const era = text.endsWith(" BC") ? " BC" : "";
  const [date = "", time = ""] = text.replace(/ BC$/, "").split(" ");
  const days = BigInt(parseIsoDate(withSignedYear(date + era)));
  return isoTimestamp(days * 86_400_000_000n + parseIsoTime(time.replace(/\+00$/, "")) / 1000n);
}

/** The year before 1 is 1 BC in Postgres and 0 in ISO 8601. */
function withSignedYear(date: string): string {
  if (!date.endsWith(" BC")) return date;
  const [year = "1", ...rest] = date.slice(0, -3).split("-");
  return [String(1 - Number(year)), ...rest].join("-");
}

const timeCell = (text: string): string => {
  const [clock = "", fraction = ""] = text.split(".");
  return `${clock}.${fraction.padEnd(6, "0")}`;
};
