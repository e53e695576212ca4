import { isDeepStrictEqual } from "node:util";
import { type ContractChange, changeOf, type Party } from "./change.js";
import { compareProperties, compareRest } from "./compare-properties.js";
import { compareRules } from "./compare-rules.js";
import type { ContractObject, DataContract, ServiceLevel } from "./contract.js";
import { durationOf, serviceLevelName } from "./service-levels.js";
import { keyOf } from "./suites-of-contract.js";
import { nextVersion, type VersionAdvice } from "./version-advice.js";

/** How two versions of a contract differ. */
export interface ContractComparison {
  /** Breaking ones first. */
  readonly changes: readonly ContractChange[];
  /** Whether any change can break those who read the data or those who make it. */
  readonly breaking: boolean;
  readonly version: VersionAdvice;
  readonly sentence: string;
}

/**
 * What changed between two versions of a contract, whom it can break, and which version number that asks for. A column that is gone
 * breaks its readers; one that must have a value now breaks those who wrote it without; every field that differs is listed.
 *
 * @example
 * ```ts
 * const { breaking, version } = compareContracts(before, after);
 * ```
 */
export function compareContracts(before: DataContract, after: DataContract): ContractComparison {
  const changes = [
    ...compareObjects(before.schema ?? [], after.schema ?? []),
    ...compareServiceLevels(before, after),
    ...compareRest(before, after, "", ["schema", "slaProperties", "version"]),
  ].sort((left, right) => order[left.level] - order[right.level]);
  const highest = changes.reduce<ContractChange["level"] | null>(
    (most, { level }) => (most === null || order[level] < order[most] ? level : most),
    null,
  );
  const version = nextVersion(before.version, after.version, highest);
  const breakingCount = changes.filter(({ breaks }) => breaks.length > 0).length;
  const count = changes.length === 1 ? "1 change" : `${changes.length} changes`;
  return {
    changes,
    breaking: breakingCount > 0,
    version,
    sentence: changes.length === 0 ? "No change." : `${count}, ${breakingCount} of them breaking. ${version.sentence}`,
  };
}

const order = { major: 0, minor: 1, patch: 2 } as const;
const both: readonly Party[] = ["consumers", "producers"];

function compareObjects(before: readonly ContractObject[], after: readonly ContractObject[]): ContractChange[] {
  const changes: ContractChange[] = [];
  for (const object of before) {
    const path = `schema.${object.name}`;
    const now = after.find((each) => each.name === object.name);
    if (now === undefined) {
      changes.push(changeOf(path, object, undefined, both, `${JSON.stringify(object.name)} is gone`));
      continue;
    }
    const [was, is] = [object.physicalName ?? object.name, now.physicalName ?? now.name];
    if (was !== is) {
      changes.push(
        changeOf(
          `${path}.physicalName`,
          was,
          is,
          both,
          `${JSON.stringify(object.name)} is now called ${JSON.stringify(is)} in the data`,
        ),
      );
    }
    const [key, newKey] = [keyOf(object.properties ?? []), keyOf(now.properties ?? [])];
    if (!isDeepStrictEqual(key, newKey)) {
      const breaks: readonly Party[] = key.length === 0 ? ["producers"] : newKey.length === 0 ? ["consumers"] : both;
      const words = `The key of ${JSON.stringify(object.name)} went from (${key.join(", ")}) to (${newKey.join(", ")})`;
      changes.push(changeOf(`${path}.primaryKey`, key, newKey, breaks, words));
    }
    changes.push(...compareProperties(object.properties ?? [], now.properties ?? [], `${path}.properties`));
    changes.push(...compareRules(object.quality ?? [], now.quality ?? [], `${path}.quality`));
    if (!isDeepStrictEqual(object.relationships, now.relationships)) {
      const breaks: readonly Party[] =
        object.relationships === undefined ? ["producers"] : now.relationships === undefined ? ["consumers"] : both;
      const words = `References of ${JSON.stringify(object.name)} changed`;
      changes.push(changeOf(`${path}.relationships`, object.relationships, now.relationships, breaks, words));
    }
    changes.push(...compareRest(object, now, path, ["name", "physicalName", "properties", "quality", "relationships"]));
  }
  for (const object of after) {
    if (before.some((each) => each.name === object.name)) continue;
    changes.push(changeOf(`schema.${object.name}`, undefined, object, [], `${JSON.stringify(object.name)} is new`));
  }
  return changes;
}

function compareServiceLevels(before: DataContract, after: DataContract): ContractChange[] {
  const subject = (level: ServiceLevel) =>
    JSON.stringify([serviceLevelName(level.property), level.element, level.driver]);
  const rest = [...(after.slaProperties ?? [])];
  const changes: ContractChange[] = [];
  for (const level of before.slaProperties ?? []) {
    const at = rest.findIndex((each) => subject(each) === subject(level));
    const [now] = at === -1 ? [] : rest.splice(at, 1);
    const path = `slaProperties.${level.id ?? level.property}`;
    if (now === undefined)
      changes.push(changeOf(path, level, undefined, ["consumers"], `The ${level.property} is no longer promised`));
    else if (!isDeepStrictEqual(level, now)) {
      const words = `The ${level.property} went from ${promise(level)} to ${promise(now)}`;
      changes.push(changeOf(path, level, now, levelBreaks(level, now), words, "patch"));
    }
  }
  for (const level of rest) {
    const path = `slaProperties.${level.id ?? level.property}`;
    changes.push(
      changeOf(path, undefined, level, ["producers"], `The ${level.property} is promised now: ${promise(level)}`),
    );
  }
  return changes;
}

const promise = ({ value, unit }: ServiceLevel): string => `${value}${unit === undefined ? "" : ` ${unit}`}`;

/** Less latency, or a shorter time to repair, asks more of producers; less retention gives consumers less. */
function levelBreaks(before: ServiceLevel, after: ServiceLevel): readonly Party[] {
  const fields = ["value", "valueExt", "unit"] as const;
  if (fields.every((field) => before[field] === after[field])) return [];
  const [was, is] = [durationOf(before), durationOf(after)];
  if (was === is && was !== null) return [];
  const name = serviceLevelName(before.property);
  const shorterIsStricter = ["latency", "timetodetect", "timetonotify", "timetorepair", "frequency"].includes(name);
  if (was === null || is === null || (name !== "retention" && !shorterIsStricter)) return both;
  return is < was === shorterIsStricter ? ["producers"] : ["consumers"];
}
