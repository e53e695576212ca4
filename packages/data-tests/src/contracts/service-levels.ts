import type { Expectation } from "../suite/suite.js";
import type { ContractObject, ServiceLevel } from "./contract.js";
import { columnOf, type Translation } from "./translation.js";

const hour = 3_600_000;
/** Units by their longest time: a retention of a month is not broken after 31 days. Milliseconds. */
const units: readonly (readonly [RegExp, number])[] = [
  [/^(s|secs?|seconds?)$/, 1000],
  [/^(min|mins|minutes?)$/, 60_000],
  [/^(h|hrs?|hours?)$/, hour],
  [/^(d|days?)$/, 24 * hour],
  [/^(w|wk|weeks?)$/, 7 * 24 * hour],
  [/^(mon|months?)$/, 31 * 24 * hour],
  [/^(q|quarters?)$/, 92 * 24 * hour],
  [/^(y|yrs?|years?)$/, 366 * 24 * hour],
];

/** Kinds of expectations by what the standard calls a service level, with its short names. */
const kinds: Readonly<Record<string, "newestWithin" | "oldestWithin">> = {
  latency: "newestWithin",
  ly: "newestWithin",
  freshness: "newestWithin",
  retention: "oldestWithin",
  re: "oldestWithin",
};

/** Milliseconds; `null` where value and unit are no duration. */
export function durationOf({ value, unit }: Pick<ServiceLevel, "value" | "unit">): number | null {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  const found = units.find(([words]) => words.test((unit ?? "").trim().toLowerCase()));
  return typeof number === "number" && number >= 0 && Number.isFinite(number) && found ? number * found[1] : null;
}

/** What a service level measures, without its short names and in one spelling. */
export function serviceLevelName(property: string): string {
  const name = property.toLowerCase();
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  return kind === undefined ? name : kind === "newestWithin" ? "latency" : "retention";
}

/**
 * Latency and retention of an object's columns as expectations. Service levels that are about no column (availability, dates of
 * support, times to repair) are not seen in the data.
 *
 * @param elementDefault what a level without an element is about
 * @returns whether the level is about this object
 */
export function translateServiceLevel(
  level: ServiceLevel,
  path: string,
  object: ContractObject,
  isOnlyObject: boolean,
  elementDefault: string | undefined,
  into: Translation,
): boolean {
  const name = level.property.toLowerCase();
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  const elements = (level.element ?? elementDefault ?? "").split(",").map((each) => each.trim());
  if (kind === undefined) return false;
  const duration = durationOf(level);
  const columns = elements.flatMap((element) => columnNamed(element, object, isOnlyObject) ?? []);
  if (columns.length === 0) return false;
  if (duration === null) into.notSupported(path, `${level.value} ${level.unit ?? "without a unit"} is no duration`);
  else {
    into.expect(
      ...columns.map(
        (column): Expectation => ({
          kind,
          column,
          age: `${duration}ms`,
          ...(level.description && { because: level.description }),
        }),
      ),
    );
  }
  return true;
}

function columnNamed(element: string, object: ContractObject, isOnlyObject: boolean): string | null {
  const properties = object.properties ?? [];
  const find = (name: string) => properties.find((each) => each.name === name || each.physicalName === name);
  for (const table of [object.name, object.physicalName]) {
    if (table === undefined || !element.startsWith(`${table}.`)) continue;
    const property = find(element.slice(table.length + 1));
    if (property !== undefined) return columnOf(property);
  }
  const property = isOnlyObject ? find(element) : undefined;
  return property === undefined ? null : columnOf(property);
}
