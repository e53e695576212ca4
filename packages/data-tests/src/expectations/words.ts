/** `"a", "b" and 3 more`. */
export function nameList(names: readonly string[], most = 8): string {
  const shown = names.slice(0, most).map((name) => JSON.stringify(name));
  return names.length > most ? `${shown.join(", ")} and ${names.length - most} more` : shown.join(", ");
}

/** A value as a sentence shows it. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number" && !Number.isInteger(value)) return String(Number(value.toPrecision(6)));
  if (Array.isArray(value)) return `[${value.slice(0, 8).map(show).join(", ")}${value.length > 8 ? ", ..." : ""}]`;
  if (typeof value === "object" && value !== null && !(value instanceof Uint8Array)) {
    return `{ ${Object.entries(value)
      .slice(0, 8)
      .map(([name, entry]) => `${name}: ${show(entry)}`)
      .join(", ")} }`;
  }
  return String(value);
}

export const plural = (count: number, noun: string): string =>
  `${count.toLocaleString("en-US")} ${count === 1 ? noun : `${noun}s`}`;
