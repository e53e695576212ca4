import type { CellValue } from "@deepwright/engines";
import { finite } from "../expectations/row-check.js";
import type { ColumnReference } from "../planner/context.js";
import type { Dialect } from "../sql/dialect.js";
import { bound, type Fragment, sql } from "../sql/fragment.js";
import { argumentInvalid } from "../sql/open-table.js";
import { numeric, type TypeFamily, temporal } from "../sql/type-family.js";

/** How far two values of a column may lie apart and still be the same; of dates and timestamps in seconds. */
export interface Tolerance {
  /** 0 .. 1e290. Default: 0. */
  readonly absolute?: number;
  /** Fraction of the greater magnitude, 0 .. 1. Default: 0. Numbers only. */
  readonly relative?: number;
}

/** Beyond this magnitude values are compared exactly: their difference may overflow. */
const largest = 1e300;
/** Below this magnitude a fraction of a value may underflow, which Postgres refuses. */
const smallest = 1e-280;

export function checkTolerance(name: string, { absolute = 0, relative = 0 }: Tolerance): void {
  if (absolute >= 0 && absolute <= 1e290 && relative >= 0 && relative <= 1) return;
  throw argumentInvalid(
    "tolerances with absolute in 0 .. 1e290 and relative in 0 .. 1",
    `absolute ${absolute}, relative ${relative} for ${JSON.stringify(name)}`,
    "Give a distance that two equal values may have.",
  );
}

/** True where two values differ. NaN equals NaN, NULL equals NULL, 0 equals -0, and infinities only themselves. */
export function differs(
  before: ColumnReference,
  after: ColumnReference,
  tolerance: Tolerance | undefined,
  dialect: Dialect,
): Fragment {
  const { absolute = 0, relative = 0 } = tolerance ?? {};
  const other = sql`(${before.sql} IS DISTINCT FROM ${after.sql})`;
  if (absolute === 0 && relative === 0) return other;
  if ([before, after].every(({ family }) => temporal.includes(family))) {
    const [b, a] = [dialect.epochSeconds(before.sql), dialect.epochSeconds(after.sql)];
    return sql`CASE WHEN NOT ${other} THEN FALSE WHEN abs(${a} - ${b}) <= ${bound(absolute, "double")} THEN FALSE ELSE TRUE END`;
  }
  if (![before, after].every(({ family }) => numeric.includes(family))) return other;
  const [b, a] = [dialect.toDouble(before.sql), dialect.toDouble(after.sql)];
  const magnitude = sql`greatest(abs(${b}), abs(${a}))`;
  const share = sql`CASE WHEN ${magnitude} > ${bound(smallest, "double")} THEN ${bound(relative, "double")} * ${magnitude} ELSE ${bound(0, "double")} END`;
  const near = sql`abs(${a} - ${b}) <= greatest(${bound(absolute, "double")}, ${share})`;
  const usable = sql`${finite(before)} AND ${finite(after)} AND ${magnitude} <= ${bound(largest, "double")}`;
  return sql`CASE WHEN NOT ${other} THEN FALSE WHEN ${before.sql} IS NULL OR ${after.sql} IS NULL THEN TRUE WHEN ${usable} THEN NOT (${near}) ELSE TRUE END`;
}

/** The same question of two cells of results. */
export function cellsDiffer(
  before: CellValue,
  after: CellValue,
  tolerance: Tolerance | undefined,
  family: TypeFamily,
): boolean {
  if (cellText(before, family) === cellText(after, family)) return false;
  const { absolute = 0, relative = 0 } = tolerance ?? {};
  if ((absolute === 0 && relative === 0) || before === null || after === null) return true;
  if (temporal.includes(family)) {
    return !(Math.abs(Date.parse(String(after)) - Date.parse(String(before))) / 1000 <= absolute);
  }
  if (!numeric.includes(family)) return true;
  const [b, a] = [Number(before), Number(after)];
  const magnitude = Math.max(Math.abs(a), Math.abs(b));
  if (!(magnitude <= largest)) return true;
  return !(Math.abs(a - b) <= Math.max(absolute, magnitude > smallest ? relative * magnitude : 0));
}

/** Equal for equal values, whatever engine gave them; numbers of all types are one kind. */
export function cellText(cell: CellValue, family: TypeFamily): string {
  if (cell === null) return "~";
  if (numeric.includes(family)) return `n${numberText(cell)}`;
  if (temporal.includes(family)) return `t${timeText(String(cell))}`;
  if (cell instanceof Uint8Array) return `b${Buffer.from(cell).toString("hex")}`;
  if (typeof cell === "object")
    return `j${JSON.stringify(cell, (_, each) => (typeof each === "bigint" ? String(each) : each))}`;
  return `v${String(cell)}`;
}

function numberText(cell: CellValue): string {
  if (typeof cell === "number") {
    if (cell === 0) return "0";
    return Number.isInteger(cell) ? String(BigInt(cell)) : String(cell);
  }
  const written = String(cell);
  return /^-?\d+\.\d+$/.test(written) ? written.replace(/\.?0+$/, "") : written;
}

/** Dates are midnights, and digits of a second beyond those given are 0. */
function timeText(written: string): string {
  if (/^-?\+?\d+-\d\d-\d\d$/.test(written)) return `${written}T00:00:00`;
  return written.replace("Z", "").replace(/\.?0+$/, (zeros) => (written.includes(".") ? "" : zeros));
}
