const dayMs = 86_400_000;
const minuteMs = 60_000;
/** Outside of these years ISO 8601 needs a sign and six digits; the built-in writes those. */
const first = Date.parse("0000-01-01T00:00:00Z");
const end = Date.parse("+010000-01-01T00:00:00Z");

const two = (number: number): string => String(number).padStart(2, "0");
const minutes = Array.from({ length: 1440 }, (_, minute) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}:`);
const seconds = Array.from({ length: 60 }, (_, second) => `${two(second)}.`);
const milliseconds = Array.from({ length: 1000 }, (_, part) => `${String(part).padStart(3, "0")}Z`);

let knownDay = Number.NaN;
let knownText = "";

/**
 * The text of `Date.toISOString`, in a quarter of its time for moments of one day: in lists it was the largest part of
 * the work.
 *
 * @param time milliseconds since 1970, -8.64e15 .. 8.64e15
 * @example
 * ```ts
 * console.log(isoTime(1_767_225_600_000)); // 2026-01-01T00:00:00.000Z
 * ```
 */
export function isoTime(time: number): string {
  if (!Number.isInteger(time) || time < first || time >= end) return new Date(time).toISOString();
  const day = Math.floor(time / dayMs);
  if (day !== knownDay) {
    knownText = new Date(day * dayMs).toISOString().slice(0, 11);
    knownDay = day;
  }
  const within = time - day * dayMs;
  const minute = Math.floor(within / minuteMs);
  const rest = within - minute * minuteMs;
  const second = Math.floor(rest / 1000);
  return `${knownText}${minutes[minute]}${seconds[second]}${milliseconds[rest - second * 1000]}`;
}
