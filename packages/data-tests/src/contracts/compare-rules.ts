import { isDeepStrictEqual } from "node:util";
import { boundsOf } from "./bounds.js";
import { type ContractChange, changeOf, type Party } from "./change.js";
import { operators, type QualityRule } from "./contract.js";

/** What a rule is about; two versions of one rule have the same. */
function subject(rule: QualityRule): string {
  if (rule.id !== undefined) return rule.id;
  if (rule.name !== undefined) return rule.name;
  if (rule.type === "text") return `text ${rule.description ?? ""}`;
  const { metric, query, engine, implementation } = rule;
  return JSON.stringify([metric, rule.arguments, query, engine, implementation]);
}

const words = (rule: QualityRule): string => {
  const name = rule.name ?? rule.id ?? rule.metric ?? rule.description ?? rule.query ?? rule.engine ?? "without a name";
  return `Rule ${JSON.stringify(name.length > 80 ? `${name.slice(0, 79)}…` : name)}`;
};

/** A rule for people binds nobody by itself. */
const binds = (rule: QualityRule): boolean =>
  rule.type !== "text" && (rule.type !== undefined || rule.metric !== undefined);

export function compareRules(
  before: readonly QualityRule[],
  after: readonly QualityRule[],
  path: string,
): ContractChange[] {
  const changes: ContractChange[] = [];
  const rest = [...after];
  for (const rule of before) {
    const at = rest.findIndex((each) => subject(each) === subject(rule));
    const place = `${path}.${rule.name ?? rule.id ?? rule.metric ?? before.indexOf(rule)}`;
    const [now] = at === -1 ? [] : rest.splice(at, 1);
    if (now === undefined) {
      changes.push(
        changeOf(place, rule, undefined, binds(rule) ? ["consumers"] : [], `${words(rule)} is gone`, "patch"),
      );
    } else if (!isDeepStrictEqual(rule, now)) {
      const breaks = ruleBreaks(rule, now);
      changes.push(changeOf(place, rule, now, breaks, `${words(now)} changed${directionOf(breaks)}`, "patch"));
    }
  }
  for (const rule of rest) {
    const place = `${path}.${rule.name ?? rule.id ?? rule.metric ?? after.indexOf(rule)}`;
    changes.push(changeOf(place, undefined, rule, binds(rule) ? ["producers"] : [], `${words(rule)} is new`, "patch"));
  }
  return changes;
}

const directionOf = (breaks: readonly Party[]): string =>
  breaks.length !== 1 ? "" : breaks[0] === "producers" ? " and is stricter" : " and is looser";

/** Fields of a rule that decide. */
const deciding = ["type", "metric", "arguments", "query", "engine", "implementation", "unit", ...operators] as const;

function ruleBreaks(before: QualityRule, after: QualityRule): readonly Party[] {
  const changed = deciding.filter((field) => !isDeepStrictEqual(before[field], after[field]));
  if (changed.length === 0 || (!binds(before) && !binds(after))) return [];
  if (!changed.every((field) => (operators as readonly string[]).includes(field))) return ["consumers", "producers"];
  const [was, is] = [boundsOf(before, false), boundsOf(after, false)];
  if (was === null || is === null) return ["consumers", "producers"];
  return [
    ...(is.min < was.min || is.max > was.max ? (["consumers"] as const) : []),
    ...(is.min > was.min || is.max < was.max ? (["producers"] as const) : []),
  ];
}
