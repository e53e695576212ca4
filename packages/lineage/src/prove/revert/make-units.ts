import { basename } from "node:path";
import type { Difference, WhyReport } from "../../contract/index.js";
import type { NotRevertible, Revert } from "./plan.js";
import { type RevertContext, revertDifference } from "./revert-difference.js";
import type { Unit } from "./unit.js";

export interface Units {
  readonly units: readonly Unit[];
  readonly notRevertible: readonly { readonly difference: Difference; readonly reason: string }[];
}

/** Suspicion of what the ranking excluded or gave nothing, as part of the smallest score. */
const unrankedShare = 0.1;

/**
 * Groups the differences of a report into units that can be reverted. Left out: seeds (re-runs choose their own),
 * results, and files of which only the formatting differs.
 *
 * @param textOf the text of a file in B, to see what lies between two hunks
 */
export function makeUnits(
  report: Pick<WhyReport, "causes" | "excluded">,
  context: RevertContext,
  textOf: (file: string) => string | undefined,
): Units {
  const scores = report.causes.map(({ score }) => score).filter((score) => score > 0);
  const least = unrankedShare * (scores.length > 0 ? Math.min(...scores) : 1);
  const candidates: { difference: Difference; score: number }[] = [
    ...report.causes.map(({ difference, score }) => ({ difference, score: Math.max(score, least) })),
    ...report.excluded
      .filter(({ difference }) => mayHaveEffect(difference))
      .map(({ difference }) => ({ difference, score: least })),
  ];
  const notRevertible: { difference: Difference; reason: string }[] = [];
  const singles: { difference: Difference; score: number; revert: Revert }[] = [];
  const following: Difference[] = [];
  for (const { difference, score } of candidates) {
    const revert: Revert | NotRevertible = revertDifference(difference, context);
    if (typeof revert === "function") singles.push({ difference, score, revert });
    else if (difference.kind === "data") following.push(difference);
    else notRevertible.push({ difference, reason: revert.reason });
  }
  // Data that is read because of a changed name goes with what names it.
  const extra = new Map<string, Difference[]>();
  for (const difference of following) {
    const naming = singles.find((single) => names(single.difference, difference));
    if (naming) extra.set(naming.difference.id, [...(extra.get(naming.difference.id) ?? []), difference]);
    else notRevertible.push({ difference, reason: reasonOf(revertDifference(difference, context)) });
  }
  const units: Unit[] = [];
  for (const single of singles) {
    const unit: Unit = {
      differences: [single.difference, ...(extra.get(single.difference.id) ?? [])],
      reverts: [single.revert],
      weight: single.score,
    };
    const neighbour = units.findIndex((other) =>
      other.differences.some((difference) => belongTogether(difference, single.difference, textOf)),
    );
    const other = units[neighbour];
    if (other) {
      units[neighbour] = {
        differences: [...other.differences, ...unit.differences],
        reverts: [...other.reverts, ...unit.reverts],
        weight: other.weight + unit.weight,
      };
    } else units.push(unit);
  }
  return { units: units.sort((a, b) => b.weight - a.weight), notRevertible };
}

const reasonOf = (revert: Revert | NotRevertible): string => (typeof revert === "function" ? "" : revert.reason);

function mayHaveEffect(difference: Difference): boolean {
  if (difference.seed || difference.consequence) return false;
  // A hunk without lines stands for a config file of which only the formatting differs: its values are equal.
  const { hunk } = difference;
  return !(hunk && hunk.beforeLines.length === 0 && hunk.afterLines.length === 0);
}

/** Whether a changed value is what names the data: its text holds the old name before and the new one after. */
function names(difference: Difference, data: Difference): boolean {
  const hunk = difference.hunk;
  const before = hunk ? hunk.beforeLines.join("\n") : String(difference.before ?? "");
  const after = hunk ? hunk.afterLines.join("\n") : String(difference.after ?? "");
  const holds = (text: string, uri: unknown) => typeof uri === "string" && text.includes(basename(uri));
  if (data.before === undefined) return holds(after, data.after) && !holds(before, data.after);
  if (data.after === undefined) return holds(before, data.before) && !holds(after, data.before);
  return holds(before, data.before) && holds(after, data.after);
}

/** Hunks of a file with nothing but blank lines and brackets between them are one change to whoever made it. */
function belongTogether(a: Difference, b: Difference, textOf: (file: string) => string | undefined): boolean {
  const [first, second] = [a.hunk, b.hunk];
  if (!first || !second || first.file !== second.file || a.kind !== "source-hunk" || b.kind !== "source-hunk")
    return false;
  const [upper, lower] = first.afterStart <= second.afterStart ? [first, second] : [second, first];
  const text = textOf(upper.file);
  if (text === undefined) return false;
  const between = text.split("\n").slice(upper.afterStart - 1 + upper.afterLines.length, lower.afterStart - 1);
  return between.every((line) => /^[\s\])}>;,]*$/.test(line));
}
