import { isDeepwrightError } from "@deepwright/core";
import { authoredSql } from "../sql/expression.js";
import { severities } from "../suite/common.js";
import { checkSuite, type Expectation } from "../suite/suite.js";
import { type Bounds, boundOptions, boundsOf, nextAbove } from "./bounds.js";
import { type ContractObject, type ContractProperty, operators, type QualityRule } from "./contract.js";
import { isPortable } from "./property-expectations.js";
import { columnOf, type Translation } from "./translation.js";

/** The engine of custom rules that hold an expectation of ours as it is. */
export const customEngine = "deepwright";

const handled = [
  "id",
  "name",
  "type",
  "description",
  "severity",
  "unit",
  "metric",
  "arguments",
  "query",
  "engine",
  "implementation",
  ...operators,
];

interface Place {
  readonly path: string;
  readonly object: ContractObject;
  /** `null` for a rule of the whole object. */
  readonly property: ContractProperty | null;
}

type Bare = Record<string, unknown> & { readonly kind: Expectation["kind"] };

/** A quality rule as an expectation, or as a part that is not tested. */
export function translateRule(rule: QualityRule, place: Place, into: Translation): void {
  const { path } = place;
  const found = expectationOf(rule, place);
  if (typeof found === "string") into.notSupported(path, found);
  else into.expect(isOurs(rule) ? (found as Expectation) : ({ ...found, ...commonOf(rule) } as Expectation));
  const severity = rule.severity?.toLowerCase();
  if (severity !== undefined && severityOf(severity) === undefined) {
    into.notSupported(
      `${path}.severity`,
      `no severity is called ${JSON.stringify(rule.severity)}; a failure is an error`,
    );
  }
  into.forPeople(path, rule, handled);
}

const isOurs = (rule: QualityRule): boolean => rule.type === "custom" && rule.engine?.toLowerCase() === customEngine;

function commonOf(rule: QualityRule): object {
  const severity = severityOf(rule.severity?.toLowerCase());
  const id = rule.name ?? rule.id;
  return {
    ...(id !== undefined && id !== "" && { id }),
    ...(severity !== undefined && { severity }),
    ...(rule.description && { because: rule.description }),
  };
}

const severityOf = (word: string | undefined): (typeof severities)[number] | undefined =>
  severities.find((each) => each === word);

/** The expectation, or why there is none. */
function expectationOf(rule: QualityRule, place: Place): Bare | string {
  if (rule.type === "custom")
    return isOurs(rule) ? ownExpectation(rule) : `rules of ${rule.engine} are for ${rule.engine}`;
  if (rule.type === "sql") return sqlExpectation(rule, place);
  if (rule.metric === undefined) return "a text is for people; nobody tests it";
  const percent = rule.unit?.toLowerCase() === "percent";
  if (rule.unit !== undefined && !percent && rule.unit.toLowerCase() !== "rows")
    return `the unit ${rule.unit} is not known`;
  const bounds = boundsOf(rule, !percent);
  if (bounds === null) return "its operator allows no interval of numbers";
  if (rule.metric === "rowCount")
    return percent ? "a number of rows has no percent" : { kind: "rowCountBetween", ...boundOptions(bounds) };
  return metricExpectation(rule, place, percent, bounds);
}

function ownExpectation({ implementation }: QualityRule): Bare | string {
  try {
    checkSuite({ name: "rule", expectations: [implementation] });
    return implementation as Bare;
  } catch (error) {
    if (!isDeepwrightError(error)) throw error;
    return `its implementation is no expectation: ${error.got}`;
  }
}

function metricExpectation(rule: QualityRule, place: Place, percent: boolean, bounds: Bounds): Bare | string {
  const none = bounds.max >= 0 && bounds.max < 1 && bounds.min <= 0 && !percent;
  // Of a percentage the upper bound as a fraction; strict bounds are the next smaller number already.
  const most = percent && bounds.min <= 0 && bounds.max >= 0 ? Math.min(1, bounds.max / 100) : null;
  if (!none && most === null && !(percent && rule.metric === "nullValues")) {
    return `${rule.metric} as a number of rows other than 0 is not tested; a percentage is`;
  }
  const column = place.property && columnOf(place.property);
  if (rule.metric === "duplicateValues") return duplicates(rule, place, column, none ? 0 : (most as number));
  if (column === null) return `${rule.metric} is about one property`;
  const values = { column, nulls: "ignore" } as const;
  const tolerance = none || most === 0 ? {} : { mostly: fractionLeft(most ?? 0) };
  if (rule.metric === "nullValues") {
    if (none) return { kind: "notNull", column };
    const fractions = { min: Math.max(0, bounds.min / 100), max: Math.min(1, bounds.max / 100) };
    return { kind: "nullFractionBetween", column, ...(bounds.min > 0 && { min: fractions.min }), max: fractions.max };
  }
  const { validValues, pattern, missingValues, ...others } = (rule.arguments ?? {}) as Readonly<
    Record<string, unknown>
  >;
  if (Object.keys(others).length > 0) return `the arguments ${Object.keys(others).join(", ")} are not known`;
  if (rule.metric === "missingValues") {
    if (!isScalars(missingValues)) return "needs a list of values";
    const [nulls, given] = [missingValues.includes(null), missingValues.filter((value) => value !== null)];
    if (given.length === 0) return nulls ? { kind: "notNull", column, ...tolerance } : "needs a list of values";
    return { kind: "notInSet", column, ...(!nulls && { nulls: "ignore" }), values: given, ...tolerance };
  }
  if (pattern !== undefined && validValues !== undefined) return "has valid values and a pattern; write two rules";
  if (typeof pattern === "string") {
    return isPortable(pattern)
      ? { kind: "matches", ...values, pattern, ...tolerance }
      : "its pattern differs from engine to engine";
  }
  const given = isScalars(validValues) ? validValues.filter((value) => value !== null) : [];
  return given.length > 0
    ? { kind: "inSet", ...values, values: given, ...tolerance }
    : "needs valid values or a pattern";
}

/** Least fraction that must hold where at most `most` may not; rounding never makes it stricter. */
function fractionLeft(most: number): number {
  const left = 1 - most;
  return left > 0 ? Math.max(0, -nextAbove(-left)) : 0;
}

function duplicates(rule: QualityRule, { object }: Place, column: string | null, most: number): Bare | string {
  const names = rule.arguments?.properties;
  if (column === null && !(Array.isArray(names) && names.length > 0)) return "needs the argument properties";
  const columns =
    column !== null
      ? [column]
      : (names as unknown[]).map((name) => {
          const property = object.properties?.find((each) => each.name === name);
          return property === undefined ? String(name) : columnOf(property);
        });
  if (most > 0) return { kind: "duplicateFractionAtMost", columns, max: most, nulls: "ignore" };
  const [only] = columns;
  return columns.length === 1
    ? { kind: "unique", column: only, nulls: "ignore" }
    : { kind: "uniqueTogether", columns, nulls: "ignore" };
}

function isScalars(value: unknown): value is readonly (string | number | boolean | null)[] {
  return (
    Array.isArray(value) &&
    value.every((each) => each === null || ["string", "number", "boolean"].includes(typeof each))
  );
}

/** A query with the object as the table `data`; it runs in the engine's own SQL. */
function sqlExpectation(rule: QualityRule, { property }: Place): Bare | string {
  const bounds = boundsOf(rule, false);
  if (bounds === null) return "its operator allows no interval of numbers";
  const column = property && columnOf(property);
  const query = (rule.query ?? "")
    .trim()
    .replace(/;$/, "")
    .replace(/\$?\{(object|table|model|schema)\}/g, "data");
  if (column === null && /\$?\{(property|column|field)\}/.test(query))
    return "names a property, and stands at an object";
  const written = query.replace(/\$?\{(property|column|field)\}/g, () => quoted(column ?? ""));
  try {
    authoredSql(written);
  } catch (error) {
    if (!isDeepwrightError(error)) throw error;
    return `its query is refused: ${error.got}`;
  }
  return { kind: "customFigure", query: written, ...boundOptions(bounds) };
}

/** Plain where that is the same everywhere, else as the SQL standard quotes. */
const quoted = (name: string): string => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`);
