import { isDeepStrictEqual } from "node:util";
import { stringify } from "yaml";
import { typeFamily } from "../sql/type-family.js";
import type { Expectation, Suite } from "../suite/suite.js";
import type { ContractObject, ContractProperty, DataContract, QualityRule } from "./contract.js";
import { logicalTypeOf } from "./logical-types.js";
import { customEngine, translateRule } from "./quality-rules.js";
import { checkContract } from "./read-contract.js";
import { columnOf, rowKey, Translation } from "./translation.js";

export interface ContractOptions {
  /** Identifies the contract over all its versions. */
  readonly id: string;
  /** Semantic version. Default: `1.0.0`. */
  readonly version?: string;
  /** Default: `draft`. */
  readonly status?: string;
  readonly name?: string;
  readonly domain?: string;
  /** The table's name in the data. Default: the suite's name. */
  readonly table?: string;
  /** Columns with the engine's names of their types, as `profile` and `engine.columns` give them. */
  readonly columns?: readonly { readonly name: string; readonly type: string }[];
  /** A former version: what it says for people, and of other objects, is taken over. */
  readonly base?: DataContract;
}

/**
 * A suite as a data contract. What the standard has a word for is written in it; every other expectation becomes a custom rule of
 * the engine `deepwright`, which holds it whole, so that reading the contract gives the suite back.
 *
 * @throws DeepwrightError `CONTRACT_INVALID` where the result would not conform to the standard
 * @example
 * ```ts
 * const contract = contractOfSuite(suite, { id: "orders", columns: (await profile(engine, source)).columns });
 * ```
 */
export function contractOfSuite(suite: Suite, options: ContractOptions): DataContract {
  const { id, version = "1.0.0", status = "draft", name, domain, base, table } = options;
  const properties = new Map<string, ContractProperty>();
  for (const column of options.columns ?? []) {
    const logicalType = logicalTypeOf(typeFamily(column.type));
    properties.set(column.name, {
      name: column.name,
      ...(logicalType !== null && { logicalType }),
      physicalType: column.type,
    });
  }
  const expectations = suite.expectations.map((each) =>
    each.severity === undefined && suite.severity !== undefined ? { ...each, severity: suite.severity } : each,
  );
  const keyed = expectations.filter(({ kind }) => kind === "primaryKey").length === 1;
  const rules = expectations
    .filter((expectation) => !writeIntoProperty(expectation, properties, keyed))
    .map((expectation) => ruleOf(expectation));
  const former = base?.schema?.find((each) => each.name === suite.name);
  const object: ContractObject = {
    name: suite.name,
    ...untested(former ?? {}, testedOfObject),
    ...(table !== undefined && (table !== suite.name || former?.physicalName) && { physicalName: table }),
    ...(suite.description !== undefined && { description: suite.description }),
    ...(suite.key !== undefined && { customProperties: withRowKey(former, suite.key) }),
    ...(properties.size > 0 && {
      properties: [...properties.values()].map((property) => withFormer(property, former)),
    }),
    ...(rules.length + untestedRules(former).length > 0 && { quality: [...untestedRules(former), ...rules] }),
  };
  const others = (base?.schema ?? []).filter((each) => each.name !== object.name);
  return checkContract({
    ...head,
    ...base,
    ...head,
    id,
    version,
    status,
    ...(name !== undefined && { name }),
    ...(domain !== undefined && { domain }),
    ...(suite.owner !== undefined && base?.team === undefined && { team: { name: suite.owner } }),
    schema: [...others, object],
  });
}

const head = { apiVersion: "v3.1.0", kind: "DataContract" } as const;

/** A property by the column that the suite speaks of, with what a former version calls it and says of it. */
function withFormer(property: ContractProperty, former: ContractObject | undefined): ContractProperty {
  const known = former?.properties?.find((each) => columnOf(each) === property.name);
  return known === undefined ? property : { ...property, ...untested(known, testedOfProperty), name: known.name };
}

function withRowKey(former: ContractObject | undefined, key: readonly string[]): ContractObject["customProperties"] {
  const others = (former?.customProperties ?? []).filter(({ property }) => property !== rowKey);
  return [...others, { property: rowKey, value: [...key] }];
}

/** Fields that the suite says anew. */
const testedOfObject = ["name", "properties", "relationships", "quality"];
const testedOfProperty = [
  "name",
  "logicalType",
  "logicalTypeOptions",
  "physicalType",
  "required",
  "unique",
  "primaryKey",
  "primaryKeyPosition",
  "relationships",
  "quality",
];

/** What a former version says for people. */
const untested = (part: object, tested: readonly string[]): object =>
  Object.fromEntries(Object.entries(part).filter(([name]) => !tested.includes(name)));

function untestedRules(former: ContractObject | undefined): readonly QualityRule[] {
  return (former?.quality ?? []).filter((rule) => {
    const into = new Translation();
    translateRule(rule, { path: "", object: former as ContractObject, property: null }, into);
    return into.expectations.length === 0;
  });
}

/** YAML of a contract. */
export const contractText = (contract: DataContract): string =>
  stringify(contract, { lineWidth: 0, aliasDuplicateObjects: false });

/** Whether the expectation says no more than a field of a property does, and is written there. */
function writeIntoProperty(
  expectation: Expectation,
  properties: Map<string, ContractProperty>,
  keyed: boolean,
): boolean {
  const { kind, ...options } = expectation;
  const fieldsOf = (wanted: object): boolean => isDeepStrictEqual({ ...options }, wanted);
  if (kind === "primaryKey" && keyed && "columns" in expectation && fieldsOf({ columns: expectation.columns })) {
    if (new Set(expectation.columns).size < expectation.columns.length) return false;
    expectation.columns.forEach((column, index) => {
      set(properties, column, { primaryKey: true, primaryKeyPosition: index + 1 });
    });
    return true;
  }
  if (!("column" in expectation)) return false;
  const { column } = expectation;
  const known = properties.get(column);
  if (kind === "notNull" && fieldsOf({ column }) && !known?.required) {
    set(properties, column, { required: true });
    return true;
  }
  if (kind === "unique" && fieldsOf({ column, nulls: "ignore" }) && !known?.unique) {
    set(properties, column, { unique: true });
    return true;
  }
  if (kind === "columnType" && fieldsOf({ column, type: expectation.type })) {
    // Decimals and doubles are both numbers of the standard, so that they don't come back as what they were.
    const type = ["decimal", "double"].includes(expectation.type) ? null : logicalTypeOf(expectation.type);
    if (type === null || (known?.logicalType !== undefined && known.logicalType !== type)) return false;
    if (known?.logicalType === type && known.physicalType === undefined) return false;
    set(properties, column, { logicalType: type });
    return true;
  }
  return false;
}

function set(properties: Map<string, ContractProperty>, column: string, fields: Partial<ContractProperty>): void {
  properties.set(column, { name: column, ...properties.get(column), ...fields });
}

/** A rule of the standard's library where reading it gives the expectation back, else a custom rule that holds it. */
function ruleOf(expectation: Expectation): QualityRule {
  const library = libraryRule(expectation);
  if (library !== null) {
    const into = new Translation();
    translateRule(library, { path: "", object: { name: "" }, property: null }, into);
    if (into.expectations.length === 1 && isDeepStrictEqual({ ...into.expectations[0] }, { ...expectation }))
      return library;
  }
  return { ...headOf(expectation), type: "custom", engine: customEngine, implementation: { ...expectation } };
}

function headOf({ id, severity, because }: Expectation): QualityRule {
  return {
    ...(id !== undefined && { name: id }),
    ...(because !== undefined && { description: because }),
    ...(severity !== undefined && { severity }),
  };
}

function libraryRule(expectation: Expectation): QualityRule | null {
  const head = headOf(expectation);
  if (expectation.kind === "rowCountBetween") {
    const { min, max } = expectation;
    if (min !== undefined && max === undefined) return { ...head, metric: "rowCount", mustBeGreaterOrEqualTo: min };
    if (max !== undefined && min === undefined) return { ...head, metric: "rowCount", mustBeLessOrEqualTo: max };
    if (min === max && min !== undefined) return { ...head, metric: "rowCount", mustBe: min };
    return { ...head, metric: "rowCount", mustBeBetween: [min ?? 0, max ?? 0] };
  }
  if (expectation.kind === "uniqueTogether") {
    return { ...head, metric: "duplicateValues", mustBe: 0, arguments: { properties: [...expectation.columns] } };
  }
  return null;
}
