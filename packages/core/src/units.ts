import { DeepwrightError } from "./errors.js";

const byteUnits: Record<string, number> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
};
const durationUnits: Record<string, number> = { ms: 1, s: 1e3, m: 6e4, min: 6e4, h: 36e5, d: 864e5 };

function parseQuantity(
  text: string,
  units: Record<string, number>,
  base: string,
  what: string,
  example: string,
): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text);
  const unit = (match?.[2] || base).toLowerCase();
  const quantity = Object.hasOwn(units, unit) ? Math.round(Number(match?.[1]) * (units[unit] as number)) : Number.NaN;
  if (Number.isFinite(quantity)) return quantity;
  throw new DeepwrightError({
    code: "INVALID_QUANTITY",
    expected: `${what} such as ${example}`,
    got: JSON.stringify(text),
    todo: `Write a number and one of ${Object.keys(units).join(", ")}.`,
  });
}

/** `"64 MiB"` -> 67108864. A bare number is bytes. @throws DeepwrightError `INVALID_QUANTITY` */
export const parseBytes = (text: string): number => parseQuantity(text, byteUnits, "b", "a size", '"64 MiB"');

/** `"1.5h"` -> 5400000 milliseconds. A bare number is seconds. @throws DeepwrightError `INVALID_QUANTITY` */
export const parseDuration = (text: string): number => parseQuantity(text, durationUnits, "s", "a duration", '"90s"');

/** 67108864 -> `"64.0 MiB"`. */
export function formatBytes(bytes: number): string {
  const names = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let value = bytes;
  let index = 0;
  // 1023.95 would be shown as 1024.0 of the smaller unit.
  while (Math.abs(value) >= (index === 0 ? 1024 : 1023.95) && index < names.length - 1) {
    value /= 1024;
    index += 1;
  }
  return `${index === 0 ? value : value.toFixed(1)} ${names[index]}`;
}

/** 5423000 milliseconds -> `"1 h 30 min"`. */
export function formatDuration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return String(milliseconds);
  if (milliseconds < 0) return `-${formatDuration(-milliseconds)}`;
  if (Math.round(milliseconds) < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const wholeSeconds = Math.round(seconds);
  const minutes = Math.floor(wholeSeconds / 60);
  if (minutes < 60) return `${minutes} min ${wholeSeconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
