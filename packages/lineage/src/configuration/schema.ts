import { type ComponentMap, DeepwrightError, type Leaf, splitPath } from "@deepwright/core";
import { z } from "zod";
import { isSeed } from "../diff/seeds.js";

const leafTypes = ["boolean", "integer", "number", "string", "null"] as const;
export type LeafType = (typeof leafTypes)[number];

const keySchema = z
  .object({
    types: z.array(z.enum(leafTypes)).min(1),
    required: z.boolean().default(false),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    values: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
    description: z.string().optional(),
  })
  .strict();

/**
 * What a configuration may hold, as a small JSON file that lives beside the source and is reviewed like it. Keys are
 * paths of the configuration component; `*` stands for any one segment, such as the position in a list.
 */
export const configurationSchemaSchema = z
  .object({
    schemaVersion: z.literal(1),
    keys: z.record(z.string(), keySchema),
    /** Whether keys that are not listed are refused. */
    additionalKeys: z.boolean().default(false),
  })
  .strict();
export type ConfigurationSchema = z.infer<typeof configurationSchemaSchema>;
type KeySchema = z.infer<typeof keySchema>;

export interface ConfigurationViolation {
  readonly path: string;
  readonly rule: "type" | "minimum" | "maximum" | "value" | "unknown-key" | "missing-key";
  readonly expected: string;
  readonly got: string;
  /** For an unknown key: the known key that it may be a misspelling of. */
  readonly suggestion?: string;
}

function leafType(value: Leaf): LeafType {
  if (value === null) return "null";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value === "boolean" ? "boolean" : "string";
}

/** Positions in lists differ from run to run; they are one key. */
function generalize(path: string): string {
  return path
    .split("/")
    .map((segment, index) => (index > 0 && /^\d+$/.test(segment) ? "*" : segment))
    .join("/");
}

/** Values differ by less than this factor from what was seen, or the unit is probably wrong. */
const rangeFactor = 10;
/** Text with at most this many different values over at least `enoughRuns` runs is taken for an enumeration. */
const enumerationLimit = 8;
const enoughRuns = 5;

/**
 * Infers what a configuration may hold from the runs that there are. Ranges are ten times wider than what was seen, so
 * that they catch a wrong unit and not a new idea. A seed has none: any number is as good.
 *
 * @param configurations one map per run
 * @example
 * ```ts
 * const schema = inferConfigurationSchema([{ "arguments/--epochs": 3 }, { "arguments/--epochs": 5 }]);
 * console.log(schema.keys["arguments/--epochs"]?.types); // [ "integer" ]
 * ```
 */
export function inferConfigurationSchema(configurations: readonly ComponentMap[]): ConfigurationSchema {
  const seen = new Map<string, { values: Set<Leaf>; types: Set<LeafType>; runs: number }>();
  for (const configuration of configurations) {
    const touched = new Set<string>();
    for (const [path, value] of Object.entries(configuration)) {
      const key = generalize(path);
      const entry = seen.get(key) ?? { values: new Set(), types: new Set(), runs: 0 };
      entry.values.add(value);
      entry.types.add(leafType(value));
      if (!touched.has(key)) entry.runs += 1;
      touched.add(key);
      seen.set(key, entry);
    }
  }
  const keys: Record<string, KeySchema> = {};
  for (const [key, entry] of [...seen].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const segments = splitPath(key).filter((segment) => segment !== "*");
    const isIdentifier = [...entry.values].every((value) => isSeed(segments, value, value));
    keys[key] = describeKey(entry, configurations.length, isIdentifier);
  }
  return { schemaVersion: 1, keys, additionalKeys: false };
}

/** @param isIdentifier its numbers name something and measure nothing, so that no range follows from those that were seen */
function describeKey(
  entry: { values: Set<Leaf>; types: Set<LeafType>; runs: number },
  runCount: number,
  isIdentifier: boolean,
): KeySchema {
  const types = new Set(entry.types);
  // A list of whole numbers that once held 0.5 is a list of numbers.
  if (types.has("number")) types.delete("integer");
  const result: KeySchema = { types: [...types].sort(), required: entry.runs === runCount };
  const numbers = [...entry.values].filter(
    (value): value is number => typeof value === "number" && Number.isFinite(value),
  );
  if (!isIdentifier && numbers.length > 0 && numbers.length === entry.values.size) {
    const low = Math.min(...numbers);
    const high = Math.max(...numbers);
    result.minimum = low < 0 ? low * rangeFactor : low > 0 ? low / rangeFactor : 0;
    result.maximum = high > 0 ? high * rangeFactor : high < 0 ? high / rangeFactor : 0;
    const nothingSeen = result.maximum === 0 && result.minimum === 0;
    // A bound beyond the largest number bounds nothing, and JSON has no infinity.
    if (nothingSeen || !Number.isFinite(result.minimum)) delete result.minimum;
    if (nothingSeen || !Number.isFinite(result.maximum)) delete result.maximum;
  }
  const isText = types.size === 1 && types.has("string");
  if (isText && runCount >= enoughRuns && entry.values.size <= Math.min(enumerationLimit, runCount / 2)) {
    result.values = [...entry.values].sort() as string[];
  }
  return result;
}

function matchKey(schema: ConfigurationSchema, path: string): KeySchema | undefined {
  // A key may be named as what every object inherits, such as `constructor`.
  const own = (key: string): KeySchema | undefined => (Object.hasOwn(schema.keys, key) ? schema.keys[key] : undefined);
  return own(path) ?? own(generalize(path));
}

function typeFits(types: readonly LeafType[], value: Leaf): boolean {
  const type = leafType(value);
  return types.includes(type) || (type === "integer" && types.includes("number"));
}

function checkLeaf(path: string, value: Leaf, key: KeySchema): ConfigurationViolation | null {
  const got = JSON.stringify(value) ?? String(value);
  if (!typeFits(key.types, value))
    return { path, rule: "type", expected: key.types.join(" or "), got: `${leafType(value)} ${got}` };
  if (typeof value === "number") {
    if (key.minimum !== undefined && !(value >= key.minimum)) {
      return { path, rule: "minimum", expected: `at least ${key.minimum}`, got: String(value) };
    }
    if (key.maximum !== undefined && !(value <= key.maximum)) {
      return { path, rule: "maximum", expected: `at most ${key.maximum}`, got: String(value) };
    }
  }
  if (key.values && !key.values.includes(value)) {
    return {
      path,
      rule: "value",
      expected: `one of ${key.values.map((entry) => JSON.stringify(entry)).join(", ")}`,
      got,
    };
  }
  return null;
}

/** Edits (Levenshtein 1966) between two short texts. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current[column] = Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

function nearestKey(schema: ConfigurationSchema, path: string): string | undefined {
  const candidates = Object.keys(schema.keys)
    .map((key) => ({ key, distance: editDistance(key, path) }))
    .sort((a, b) => a.distance - b.distance);
  const best = candidates[0];
  return best && best.distance <= Math.max(2, path.length / 10) ? best.key : undefined;
}

/**
 * Checks a configuration before the run.
 *
 * @returns every violation, in the order of the paths; empty when the configuration fits
 */
export function checkConfiguration(
  configuration: ComponentMap,
  schema: ConfigurationSchema,
): readonly ConfigurationViolation[] {
  const violations: ConfigurationViolation[] = [];
  const present = new Set<string>();
  for (const [path, value] of Object.entries(configuration).sort(([a], [b]) => (a < b ? -1 : 1))) {
    present.add(path).add(generalize(path));
    const key = matchKey(schema, path);
    if (key) {
      const violation = checkLeaf(path, value, key);
      if (violation) violations.push(violation);
    } else if (!schema.additionalKeys) {
      const suggestion = nearestKey(schema, generalize(path));
      violations.push({
        path,
        rule: "unknown-key",
        expected: "a key of the schema",
        got: JSON.stringify(value) ?? String(value),
        ...(suggestion ? { suggestion } : {}),
      });
    }
  }
  for (const [key, rule] of Object.entries(schema.keys)) {
    if (rule.required && !present.has(key)) {
      violations.push({ path: key, rule: "missing-key", expected: rule.types.join(" or "), got: "nothing" });
    }
  }
  return violations;
}

/**
 * Reads a schema file's content.
 *
 * @throws DeepwrightError `INVALID_CONFIGURATION_SCHEMA`
 */
export function parseConfigurationSchema(content: unknown, file: string): ConfigurationSchema {
  const parsed = configurationSchemaSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new DeepwrightError({
    code: "INVALID_CONFIGURATION_SCHEMA",
    expected: `a configuration schema in ${file}`,
    got: issue ? `${issue.message} at ${issue.path.join(".") || "the top"}` : "something else",
    todo: "Write one with `deepwright configuration infer` and edit it.",
  });
}
