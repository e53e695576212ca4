/**
 * Days from 1970-01-01 to a date as `isoDate` writes it. Source: Howard Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms", days_from_civil.
 */
export function parseIsoDate(text: string): number {
  const match = /^([+-]?\d+)-(\d\d)-(\d\d)$/.exec(text);
  if (match === null) return Number.NaN;
  const month = Number(match[2]);
  const year = Number(match[1]) - (month <= 2 ? 1 : 0);
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + Number(match[3]) - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Nanoseconds since midnight of `HH:MM:SS` with up to nine digits more. */
export function parseIsoTime(text: string): bigint {
  const [hours = "0", minutes = "0", seconds = "0", fraction = ""] = text.split(/[:.]/);
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return BigInt(whole) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0").slice(0, 9));
}

/** Nanoseconds since 1970-01-01T00:00:00Z of a timestamp as `isoTimestamp` writes it; `null` for an infinite one. */
export function parseIsoTimestamp(text: string): bigint | null {
  const [date = "", time = ""] = text.replace(/Z$/, "").split("T");
  const days = parseIsoDate(date);
  return Number.isNaN(days) ? null : BigInt(days) * 86_400_000_000_000n + parseIsoTime(time);
}
