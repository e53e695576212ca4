import { isDeepStrictEqual } from "node:util";
import { type ContractChange, changeOf, type Party } from "./change.js";
import { compareRules } from "./compare-rules.js";
import type { ContractProperty, LogicalType } from "./contract.js";
import { columnOf } from "./translation.js";

const both: readonly Party[] = ["consumers", "producers"];

/** Changes of the columns of one object, nested ones too. */
export function compareProperties(
  before: readonly ContractProperty[],
  after: readonly ContractProperty[],
  path: string,
): ContractChange[] {
  const changes: ContractChange[] = [];
  for (const property of before) {
    const name = `${path}.${property.name}`;
    const now = after.find((each) => each.name === property.name);
    if (now === undefined) changes.push(changeOf(name, property, undefined, both, `Column ${quote(property)} is gone`));
    else changes.push(...compareProperty(property, now, name));
  }
  for (const property of after) {
    if (before.some((each) => each.name === property.name)) continue;
    const needed = property.required || property.primaryKey;
    const breaks: readonly Party[] = needed ? ["producers"] : [];
    changes.push(
      changeOf(
        `${path}.${property.name}`,
        undefined,
        property,
        breaks,
        `Column ${quote(property)} is new${needed ? " and required" : ""}`,
      ),
    );
  }
  return changes;
}

const quote = ({ name }: ContractProperty): string => JSON.stringify(name);

function compareProperty(before: ContractProperty, after: ContractProperty, path: string): ContractChange[] {
  const changes: ContractChange[] = [];
  const name = quote(before);
  const add = (field: keyof ContractProperty, breaks: readonly Party[], what: string) =>
    changes.push(changeOf(`${path}.${field}`, before[field], after[field], breaks, what));
  if (columnOf(before) !== columnOf(after))
    add("physicalName", both, `Column ${name} is now called ${JSON.stringify(columnOf(after))} in the data`);
  if (before.logicalType !== after.logicalType) {
    const words = `${before.logicalType ?? "any type"} to ${after.logicalType ?? "any type"}`;
    add("logicalType", typeBreaks(before.logicalType, after.logicalType), `Column ${name} went from ${words}`);
  }
  if (before.physicalType !== after.physicalType) {
    const words = `${before.physicalType ?? "any"} to ${after.physicalType ?? "any"}`;
    add(
      "physicalType",
      physicalBreaks(before.physicalType, after.physicalType),
      `The type of column ${name} in the data went from ${words}`,
    );
  }
  const flags = [
    ["required", `Column ${name} must have a value now`, `Column ${name} may be missing a value now`],
    ["unique", `Values of column ${name} must differ now`, `Values of column ${name} may repeat now`],
  ] as const;
  for (const [flag, tightened, loosened] of flags) {
    if ((before[flag] ?? false) === (after[flag] ?? false)) continue;
    add(flag, after[flag] ? ["producers"] : ["consumers"], after[flag] ? tightened : loosened);
  }
  changes.push(...compareOptions(before, after, path));
  changes.push(...compareRules(before.quality ?? [], after.quality ?? [], `${path}.quality`));
  changes.push(...compareProperties(before.properties ?? [], after.properties ?? [], `${path}.properties`));
  if (!isDeepStrictEqual(before.items, after.items)) add("items", both, `Items of column ${name} changed`);
  if (!isDeepStrictEqual(before.relationships, after.relationships)) {
    add("relationships", referencesOf(before, after), `References of column ${name} changed`);
  }
  changes.push(...compareRest(before, after, path, compared));
  return changes;
}

const compared = [
  "name",
  "physicalName",
  "logicalType",
  "physicalType",
  "required",
  "unique",
  "logicalTypeOptions",
  "quality",
  "properties",
  "items",
  "relationships",
];

/** Every other field: said to people only. */
export function compareRest(before: object, after: object, path: string, skipped: readonly string[]): ContractChange[] {
  const [was, is] = [before, after] as readonly Readonly<Record<string, unknown>>[];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const [left, right] = [was?.[name], is?.[name]];
    if (skipped.includes(name) || isDeepStrictEqual(left, right)) return [];
    const place = path === "" ? name : `${path}.${name}`;
    return [
      changeOf(
        place,
        left,
        right,
        [],
        `${place} ${left === undefined ? "is new" : right === undefined ? "is gone" : "changed"}`,
        "patch",
      ),
    ];
  });
}

/** A wider type can surprise those who read, a narrower one can't be met by those who write. */
function typeBreaks(before: LogicalType | undefined, after: LogicalType | undefined): readonly Party[] {
  if (
    before === undefined ||
    (before === "number" && after === "integer") ||
    (before === "timestamp" && after === "date")
  ) {
    return ["producers"];
  }
  if (
    after === undefined ||
    (before === "integer" && after === "number") ||
    (before === "date" && after === "timestamp")
  ) {
    return ["consumers"];
  }
  return both;
}

/** Of `varchar(10)` and the like the size tells; of two other types nothing does. */
function physicalBreaks(before: string | undefined, after: string | undefined): readonly Party[] {
  if (before === undefined) return ["producers"];
  if (after === undefined) return ["consumers"];
  const [left, right] = [before, after].map((type) => /^([a-z ]+?)\s*(?:\(\s*(\d+)\s*\))?$/i.exec(type.trim()));
  if (left?.[1] === undefined || left[1].toLowerCase() !== right?.[1]?.toLowerCase()) return both;
  const [was, is] = [left[2], right[2]].map((size) => (size === undefined ? Number.POSITIVE_INFINITY : Number(size)));
  if (was === is) return [];
  return (is as number) > (was as number) ? ["consumers"] : ["producers"];
}

function referencesOf(before: ContractProperty, after: ContractProperty): readonly Party[] {
  const text = (property: ContractProperty) => (property.relationships ?? []).map(({ to }) => JSON.stringify(to));
  const [was, is] = [text(before), text(after)];
  return [
    ...(was.some((each) => !is.includes(each)) ? (["consumers"] as const) : []),
    ...(is.some((each) => !was.includes(each)) ? (["producers"] as const) : []),
  ];
}

/** Bounds that only values above, or only values below, may have. */
const lower = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];
const upper = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];

function compareOptions(before: ContractProperty, after: ContractProperty, path: string): ContractChange[] {
  const [was, is] = [before.logicalTypeOptions ?? {}, after.logicalTypeOptions ?? {}];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((option) => {
    const [left, right] = [was[option], is[option]];
    if (isDeepStrictEqual(left, right)) return [];
    const place = `${path}.logicalTypeOptions.${option}`;
    const words = `${option} of column ${quote(before)} went from ${shown(left)} to ${shown(right)}`;
    return [changeOf(place, left, right, optionBreaks(option, left, right), words)];
  });
}

function optionBreaks(option: string, left: unknown, right: unknown): readonly Party[] {
  if (left === undefined) return ["producers"];
  if (right === undefined) return ["consumers"];
  const comparable = typeof left === typeof right && (typeof left === "number" || typeof left === "string");
  const rises = comparable && (left as number | string) < (right as number | string);
  if (comparable && lower.includes(option)) return rises ? ["producers"] : ["consumers"];
  if (comparable && upper.includes(option)) return rises ? ["consumers"] : ["producers"];
  return both;
}

const shown = (value: unknown): string => (value === undefined ? "none" : JSON.stringify(value));
