import {
  DuckDBArrayValue,
  DuckDBBitValue,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBGeometryValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimeNSValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  DuckDBUnionValue,
  type DuckDBValue,
} from "@duckdb/node-api";
import type { CellValue } from "../../engine.js";
import { decimalCell, integerCell } from "../../values/decimals.js";
import { isoDate, isoDuration, isoTime, isoTimestamp, isoTimestampFromNanos } from "../../values/times.js";

/** A value of DuckDB's client as the README's table "Values" says. */
export function toCell(value: DuckDBValue): CellValue {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  if (typeof value === "bigint") return integerCell(value);
  return objectToCell(value);
}

function objectToCell(value: Exclude<DuckDBValue, string | number | boolean | bigint | null>): CellValue {
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue) {
    return value.isFinite ? isoTimestamp(value.micros) : infinity(value.micros);
  }
  if (value instanceof DuckDBTimestampNanosecondsValue) {
    return value.isFinite ? isoTimestampFromNanos(value.nanos) : infinity(value.nanos);
  }
  if (value instanceof DuckDBTimestampMillisecondsValue) {
    return value.isFinite ? isoTimestamp(value.millis * 1_000n) : infinity(value.millis);
  }
  if (value instanceof DuckDBTimestampSecondsValue) {
    return value.isFinite ? isoTimestamp(value.seconds * 1_000_000n) : infinity(value.seconds);
  }
  if (value instanceof DuckDBDateValue) return value.isFinite ? isoDate(value.days) : infinity(BigInt(value.days));
  if (value instanceof DuckDBTimeValue) return isoTime(value.micros);
  if (value instanceof DuckDBTimeNSValue) return value.toString();
  if (value instanceof DuckDBDecimalValue) return decimalCell(value.toString());
  if (value instanceof DuckDBBlobValue || value instanceof DuckDBGeometryValue) return Uint8Array.from(value.bytes);
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(toCell);
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([name, entry]) => [name, toCell(entry)]));
  }
  if (value instanceof DuckDBMapValue) {
    return value.entries.map((entry) => ({ key: toCell(entry.key), value: toCell(entry.value) }));
  }
  if (value instanceof DuckDBUnionValue) return toCell(value.value);
  if (value instanceof DuckDBIntervalValue) return isoDuration(value.months, value.days, value.micros);
  if (value instanceof DuckDBBitValue) return value.toString();
  return value.toString();
}

const infinity = (sign: bigint): string => (sign > 0n ? "infinity" : "-infinity");
