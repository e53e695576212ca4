import { rejectedByFalseDiscovery } from "../comparison/false-discovery.js";

export type Across = "benjamini-hochberg" | "benjamini-yekutieli" | "bonferroni" | "none";

/** The largest p-value that is an alarm, when checks share a false-alarm rate. */
export function alarmThreshold(pValues: readonly number[], rate: number, across: Across): number {
  const number = Math.max(1, pValues.length);
  if (across === "none") return rate;
  if (across === "bonferroni") return rate / number;
  // Y. Benjamini and D. Yekutieli, Ann. Stat. 29 (2001), theorem 1.3.
  const harmonic = Array.from({ length: number }, (_, index) => 1 / (index + 1)).reduce((sum, each) => sum + each, 0);
  const shared = across === "benjamini-yekutieli" ? rate / harmonic : rate;
  const rejected = rejectedByFalseDiscovery(pValues, shared).filter(Boolean).length;
  return (shared * Math.max(1, rejected)) / number;
}
