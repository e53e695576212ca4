import type { AnomalyCheck, AnomalyReport } from "./anomalies.js";
import type { SchemaChange } from "./schema-changes.js";

/** One sentence for people about one metric. */
export function checkSentence(
  check: Omit<AnomalyCheck, "sentence">,
  reason: string | null,
  unvarying: boolean,
): string {
  const { metric, verdict, value, expected, low, high, pValue, historyCount } = check;
  const is = `${metric} is ${shown(value)}`;
  if (reason !== null) return `${is}; cannot tell yet: ${reason}.`;
  if (unvarying) {
    if (verdict === "usual") return `${is}, as in all ${historyCount} partitions.`;
    const rarity = `unlike the ${historyCount} partitions before, all ${shown(expected ?? 0)}`;
    return verdict === "alarm"
      ? `${is}, ${rarity}.`
      : `${is}, ${rarity}; a past without noise says with ${shown(pValue ?? 1)} at best how unusual that is.`;
  }
  const range = `${shown(low ?? 0)} to ${shown(high ?? 0)}`;
  return verdict === "alarm"
    ? `${is}; by ${historyCount} partitions it should be ${range} (p = ${shown(pValue ?? 1)}).`
    : `${is}, within ${range}.`;
}

export function anomalySentence(
  partition: string,
  verdict: AnomalyReport["verdict"],
  checks: readonly AnomalyCheck[],
  changes: readonly SchemaChange[],
  { past, minimum }: { readonly past: number; readonly minimum: number },
): string {
  if (verdict === "cannot-tell" && past < minimum)
    return `${partition}: cannot tell yet, ${past} of ${minimum} partitions.`;
  const told = checks.filter((check) => check.verdict !== "cannot-tell").length;
  if (verdict === "cannot-tell") return `${partition}: cannot tell, no check has enough history.`;
  if (verdict === "usual") return `${partition}: as usual in ${told} ${told === 1 ? "check" : "checks"}.`;
  const alarms = checks.filter((check) => check.verdict === "alarm");
  const said = [...changes.map(changeText), ...alarms.map(({ sentence }) => sentence.replace(/\.$/, ""))];
  const first = said.slice(0, 3).join("; ");
  return `${partition}: ${first}${said.length > 3 ? `; and ${said.length - 3} more` : ""}.`;
}

function changeText({ column, change, before, after }: SchemaChange): string {
  const name = JSON.stringify(column);
  if (change === "type") return `column ${name} is ${after}, and was ${before}`;
  return change === "added" ? `column ${name} is new` : `column ${name} is gone`;
}

const shown = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e12 ? String(value) : String(Number(value.toPrecision(4)));
