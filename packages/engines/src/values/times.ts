const microsADay = 86_400_000_000n;

function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}

const pad = (value: bigint | number, digits: number): string => String(value).padStart(digits, "0");

/**
 * Days since 1970-01-01 as `YYYY-MM-DD` of the proleptic Gregorian calendar; years outside 0 .. 9999 with a sign and six
 * digits as in ECMA-262. Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
 */
export function isoDate(days: number | bigint): string {
  const shifted = BigInt(days) + 719_468n;
  const era = floorDivide(shifted, 146_097n);
  const dayOfEra = shifted - era * 146_097n;
  const yearOfEra = (dayOfEra - dayOfEra / 1_460n + dayOfEra / 36_524n - dayOfEra / 146_096n) / 365n;
  const dayOfYear = dayOfEra - (365n * yearOfEra + yearOfEra / 4n - yearOfEra / 100n);
  const monthFromMarch = (5n * dayOfYear + 2n) / 153n;
  const day = dayOfYear - (153n * monthFromMarch + 2n) / 5n + 1n;
  const month = monthFromMarch < 10n ? monthFromMarch + 3n : monthFromMarch - 9n;
  const year = yearOfEra + era * 400n + (month <= 2n ? 1n : 0n);
  const yearText =
    year >= 0n && year <= 9999n ? pad(year, 4) : `${year < 0n ? "-" : "+"}${pad(year < 0n ? -year : year, 6)}`;
  return `${yearText}-${pad(month, 2)}-${pad(day, 2)}`;
}

/** Microseconds since midnight as `HH:MM:SS`, with six more digits where they are not zero. */
export function isoTime(micros: bigint): string {
  const seconds = micros / 1_000_000n;
  const fraction = micros % 1_000_000n;
  const clock = `${pad(seconds / 3600n, 2)}:${pad((seconds / 60n) % 60n, 2)}:${pad(seconds % 60n, 2)}`;
  return fraction === 0n ? clock : `${clock}.${pad(fraction, 6)}`;
}

/**
 * Microseconds since 1970-01-01T00:00:00Z as ISO 8601 in UTC with three digits of a second, six where microseconds are
 * not zero, nine where `nanos` are not.
 *
 * @param nanos nanoseconds within the microsecond, 0 .. 999
 * @example
 * ```ts
 * isoTimestamp(1_500_000n); // "1970-01-01T00:00:01.500Z"
 * ```
 */
export function isoTimestamp(micros: bigint, nanos = 0n): string {
  const days = floorDivide(micros, microsADay);
  const ofDay = micros - days * microsADay;
  const seconds = isoTime(ofDay - (ofDay % 1_000_000n));
  const fraction = ofDay % 1_000_000n;
  let digits = pad(fraction / 1000n, 3);
  if (nanos !== 0n) digits = pad(fraction * 1000n + nanos, 9);
  else if (fraction % 1000n !== 0n) digits = pad(fraction, 6);
  return `${isoDate(days)}T${seconds}.${digits}Z`;
}

/** Nanoseconds since 1970-01-01T00:00:00Z as ISO 8601. */
export function isoTimestampFromNanos(nanos: bigint): string {
  const micros = floorDivide(nanos, 1000n);
  return isoTimestamp(micros, nanos - micros * 1000n);
}

/** ISO 8601 duration as Postgres writes it with `intervalstyle = iso_8601`: `P1Y2M3DT4H5M6.5S`, `PT0S`. */
export function isoDuration(months: number, days: number, micros: bigint): string {
  const years = Math.trunc(months / 12);
  const seconds = micros / 1_000_000n;
  const part = (value: number | bigint, unit: string): string => (Number(value) === 0 ? "" : `${value}${unit}`);
  const date = part(years, "Y") + part(months % 12, "M") + part(days, "D");
  const time = part(seconds / 3600n, "H") + part((seconds / 60n) % 60n, "M") + secondsPart(micros % 60_000_000n);
  if (date === "" && time === "") return "PT0S";
  return `P${date}${time === "" ? "" : `T${time}`}`;
}

function secondsPart(micros: bigint): string {
  if (micros === 0n) return "";
  const magnitude = micros < 0n ? -micros : micros;
  const fraction = pad(magnitude % 1_000_000n, 6).replace(/0+$/, "");
  return `${micros < 0n ? "-" : ""}${magnitude / 1_000_000n}${fraction === "" ? "" : `.${fraction}`}S`;
}
