import { checkSuite, type Expectation, type Suite } from "../suite/suite.js";
import type { ContractObject, ContractProperty, DataContract } from "./contract.js";
import { translateProperty } from "./property-expectations.js";
import { translateRule } from "./quality-rules.js";
import { translateServiceLevel } from "./service-levels.js";
import { columnOf, type NotTested, rowKey, Translation } from "./translation.js";

/** One object (table, file, topic) of a contract as a suite. */
export interface ContractSuite {
  readonly object: string;
  /** The table's name in the data. */
  readonly table: string;
  /** `null` where the object says nothing that can be tested. */
  readonly suite: Suite | null;
  /** Sources that foreign keys need, as `sources` of the run: names of other objects. */
  readonly sources: readonly string[];
}

export interface ContractSuites {
  readonly suites: readonly ContractSuite[];
  /** Every part of the contract that became no expectation. Nothing is left out of both. */
  readonly notTested: readonly NotTested[];
}

const handledOfContract = ["schema", "slaProperties", "slaDefaultElement", "version", "kind", "apiVersion", "id"];
const handledOfObject = ["name", "physicalName", "properties", "relationships", "quality", "logicalType"];

/**
 * A contract as suites, one for each object of its schema.
 *
 * @example
 * ```ts
 * const { suites, notTested } = suitesOfContract(await readContract("orders.odcs.yaml"));
 * ```
 */
export function suitesOfContract(contract: DataContract): ContractSuites {
  const objects = contract.schema ?? [];
  const all = new Translation();
  all.forPeople("", contract, handledOfContract);
  const levels = new Set((contract.slaProperties ?? []).map((_, index) => index));
  const suites = objects.map((object, index): ContractSuite => {
    const into = new Translation();
    const path = `schema[${index}]`;
    translateObject(object, path, objects, into);
    (contract.slaProperties ?? []).forEach((level, place) => {
      const about = translateServiceLevel(
        level,
        `slaProperties[${place}]`,
        object,
        objects.length === 1,
        contract.slaDefaultElement,
        into,
      );
      if (about) levels.delete(place);
    });
    all.notTested.push(...into.notTested);
    return {
      object: object.name,
      table: object.physicalName ?? object.name,
      suite: into.expectations.length === 0 ? null : suiteOf(contract, object, into.expectations),
      sources: sourcesOf(into.expectations),
    };
  });
  for (const place of levels) {
    const level = contract.slaProperties?.[place];
    all.notSupported(`slaProperties[${place}]`, `${level?.property} is not seen in the columns of the data`);
  }
  return { suites, notTested: all.notTested };
}

function translateObject(
  object: ContractObject,
  path: string,
  objects: readonly ContractObject[],
  into: Translation,
): void {
  const properties = object.properties ?? [];
  properties.forEach((property, index) => {
    const place = `${path}.properties[${index}]`;
    translateProperty(property, place, into);
    property.quality?.forEach((rule, number) => {
      translateRule(rule, { path: `${place}.quality[${number}]`, object, property }, into);
    });
    property.relationships?.forEach((relationship, number) => {
      const at = `${place}.relationships[${number}]`;
      translateRelationship([columnOf(property)], relationship.to, at, objects, into);
      into.forPeople(at, relationship, ["type", "to"]);
    });
  });
  const key = keyOf(properties);
  if (key.length > 0) into.expect({ kind: "primaryKey", columns: [...key] });
  object.quality?.forEach((rule, number) => {
    translateRule(rule, { path: `${path}.quality[${number}]`, object, property: null }, into);
  });
  object.relationships?.forEach((relationship, number) => {
    const at = `${path}.relationships[${number}]`;
    const columns = [relationship.from].flat().map((reference) => referenced(reference, objects));
    const here = columns.flatMap((found) => (found?.object === object ? found.column : []));
    if (here.length < columns.length) into.notSupported(at, "its `from` is not of this object");
    else translateRelationship(here, relationship.to, at, objects, into);
    into.forPeople(at, relationship, ["type", "from", "to"]);
  });
  into.forPeople(path, object, handledOfObject);
}

/** Columns of the primary key in their order. */
export function keyOf(properties: readonly ContractProperty[]): readonly string[] {
  const position = ({ primaryKeyPosition = -1 }: ContractProperty): number =>
    primaryKeyPosition < 1 ? Number.MAX_SAFE_INTEGER : primaryKeyPosition;
  return properties
    .filter(({ primaryKey }) => primaryKey)
    .sort((left, right) => position(left) - position(right))
    .map(columnOf);
}

function translateRelationship(
  columns: readonly string[],
  to: string | readonly string[],
  path: string,
  objects: readonly ContractObject[],
  into: Translation,
): void {
  const targets = [to].flat().map((reference) => referenced(reference, objects));
  const [first] = targets;
  if (first === undefined || first === null || targets.some((each) => each?.object !== first.object)) {
    into.notSupported(path, "its `to` is not in one object of this contract");
  } else if (targets.length !== columns.length) into.notSupported(path, "has another number of columns on each side");
  else {
    into.expect({
      kind: "foreignKey",
      columns: [...columns],
      references: { source: first.object.name, columns: targets.flatMap((each) => each?.column ?? []) },
      nulls: "ignore",
    });
  }
}

/** `table.column` by names, or `schema/table_id/properties/column_id` by ids. */
function referenced(
  reference: string,
  objects: readonly ContractObject[],
): { readonly object: ContractObject; readonly column: string } | null {
  const byId = /^\/?schema\/([^/]+)\/properties\/([^/]+)$/.exec(reference);
  const [table, column] = byId ? [byId[1], byId[2]] : reference.split(".");
  const object = objects.find((each) => (byId ? each.id === table : each.name === table));
  const property = object?.properties?.find((each) => (byId ? each.id === column : each.name === column));
  return object === undefined || property === undefined ? null : { object, column: columnOf(property) };
}

function suiteOf(contract: DataContract, object: ContractObject, expectations: readonly Expectation[]): Suite {
  const written = object.customProperties?.find(({ property }) => property === rowKey)?.value;
  const key = isNames(written) ? written : keyOf(object.properties ?? []);
  return checkSuite({
    name: object.name,
    ...(object.description && { description: object.description }),
    ...(key.length > 0 && { key }),
    ...(ownerOf(contract) && { owner: ownerOf(contract) }),
    expectations: withUniqueIds(expectations),
  });
}

const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string" && each !== "");

function ownerOf({ team }: DataContract): string | undefined {
  return team !== undefined && !Array.isArray(team) ? team.name : undefined;
}

function withUniqueIds(expectations: readonly Expectation[]): readonly Expectation[] {
  const taken = new Set<string>();
  return expectations.map((each) => {
    if (each.id === undefined) return each;
    let id = each.id;
    for (let number = 2; taken.has(id); number++) id = `${each.id}:${number}`;
    taken.add(id);
    return id === each.id ? each : ({ ...each, id } as Expectation);
  });
}

function sourcesOf(expectations: readonly Expectation[]): readonly string[] {
  const names = expectations.flatMap((each) => {
    if ("references" in each) return [each.references.source];
    return "source" in each ? [each.source] : [];
  });
  return [...new Set(names)];
}
