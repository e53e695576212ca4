/** How numbers count time. */
export interface TimeUnits {
  /** Milliseconds of one unit; `null` where the calendar is not that of ISO 8601. */
  readonly stepMs: number | null;
  /** Milliseconds since 1970. */
  readonly sinceMs: number;
  readonly calendar: string;
}

const steps: Readonly<Record<string, number>> = {
  ns: 1e-6,
  nanosecond: 1e-6,
  us: 1e-3,
  microsecond: 1e-3,
  ms: 1,
  millisecond: 1,
  s: 1000,
  sec: 1000,
  second: 1000,
  min: 60_000,
  minute: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
  hour: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
};

const calendars = new Set(["standard", "gregorian", "proleptic_gregorian"]);

/**
 * Reads `hours since 1900-01-01 00:00:0.0`. Source: CF Conventions 1.11, section 4.4.
 *
 * @returns `null` where the units are no time
 * @example
 * ```ts
 * console.log(parseTimeUnits("hours since 1970-01-02", "standard")?.sinceMs); // 86400000
 * ```
 */
export function parseTimeUnits(units: string, calendar: unknown): TimeUnits | null {
  const found =
    /^\s*(?<unit>[a-z]+?)s?\s+since\s+(?<year>-?\d{1,4})-(?<month>\d{1,2})-(?<day>\d{1,2})(?:[T\s]+(?<hour>\d{1,2})(?::(?<minute>\d{1,2}))?(?::(?<second>\d{1,2}(?:\.\d*)?))?)?\s*(?<zone>Z|UTC|GMT|[+-]\d{1,2}:?\d{0,2})?\s*$/i.exec(
      units,
    )?.groups;
  if (found === undefined) return null;
  const name = (found.unit ?? "").toLowerCase();
  const step = steps[name] ?? steps[`${name}s`];
  if (step === undefined) return null;
  const number = (text: string | undefined): number => (text === undefined || text === "" ? 0 : Number(text));
  const date = new Date(0);
  date.setUTCFullYear(number(found.year), number(found.month) - 1, number(found.day));
  const clock = number(found.hour) * 3_600_000 + number(found.minute) * 60_000 + number(found.second) * 1000;
  const named = typeof calendar === "string" ? calendar.toLowerCase() : "standard";
  return {
    stepMs: calendars.has(named) ? step : null,
    sinceMs: date.getTime() + clock - zoneMs(found.zone),
    calendar: named,
  };
}

function zoneMs(zone: string | undefined): number {
  const found = /^(?<sign>[+-])(?<hours>\d{1,2}):?(?<minutes>\d{0,2})$/.exec(zone ?? "")?.groups;
  if (found === undefined) return 0;
  const minutes = Number(found.hours) * 60 + Number(found.minutes === "" ? 0 : found.minutes);
  return (found.sign === "-" ? -1 : 1) * minutes * 60_000;
}
