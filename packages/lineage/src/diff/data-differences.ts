import { type ComponentMap, type Leaf, splitPath } from "@deepwright/core";
import type { DataVerdict, Difference, LeafDifference } from "../contract/index.js";
import { groupBySubject, makeDifference } from "./difference.js";
import { formatLeaf } from "./format-leaf.js";

/** Gives the leaves of one data set (`inputs/train`) of each run: what is equal is not among the differences. */
export type ReadSubject = (subject: string) => Promise<{ readonly before: ComponentMap; readonly after: ComponentMap }>;

/** One difference for each data set that differs, with the verdict of its fingerprints. */
export async function dataDifferences(leaves: readonly LeafDifference[], read: ReadSubject): Promise<Difference[]> {
  const groups = [...groupBySubject(leaves)];
  return Promise.all(groups.map(async ([subject, group]) => describe(subject, group, await read(subject))));
}

type Sides = Awaited<ReturnType<ReadSubject>>;

function describe(subject: string, group: readonly LeafDifference[], { before, after }: Sides): Difference {
  const [role, name = subject] = splitPath(subject);
  const output = role === "outputs";
  const what = `${output ? "output" : "data"} ${name}`;
  const uri = (side: ComponentMap): Leaf | undefined => side[`${subject}/uri`];
  const base = {
    id: `data:${subject}`,
    kind: "data" as const,
    component: "data" as const,
    path: subject,
    before: uri(before),
    after: uri(after),
    consequence: output,
    seed: false,
  };
  if (Object.keys(before).length === 0) return makeDifference({ ...base, title: `${what}: only in the second run` });
  if (Object.keys(after).length === 0) return makeDifference({ ...base, title: `${what}: only in the first run` });
  const verdict = verdictOf(subject, group, before, after);
  const parts = verdict === "other-rows" || verdict === "other-columns" ? partsOf(group) : [];
  return makeDifference({
    ...base,
    title: `${what}: ${sentence(verdict, subject, before, after)}${partsText(parts)}`,
    dataVerdict: verdict,
    ...(parts.length > 0 ? { parts } : {}),
  });
}

/** What the fingerprints of the two sides say, from the strongest statement to the weakest. */
function verdictOf(
  subject: string,
  group: readonly LeafDifference[],
  before: ComponentMap,
  after: ComponentMap,
): DataVerdict {
  const known = (leaf: string): boolean => before[`${subject}/${leaf}`] != null && after[`${subject}/${leaf}`] != null;
  const equal = (leaf: string): boolean => known(leaf) && before[`${subject}/${leaf}`] === after[`${subject}/${leaf}`];
  const columnMissing = group.some(
    (leaf) => leaf.path.startsWith(`${subject}/columns/`) && (leaf.before === undefined || leaf.after === undefined),
  );
  if (columnMissing || (known("schema") && !equal("schema"))) return "other-columns";
  if (equal("rows") && known("order") && !equal("order")) return "same-rows-other-order";
  // Equal rows without a known order are taken as equal content: the source has none.
  if (equal("rows")) return "same-content-elsewhere";
  if (known("rows")) return "other-rows";
  return equal("bytes") || equal("snapshot") ? "same-content-elsewhere" : "unknown";
}

/** Columns and partitions whose hash differs. */
function partsOf(group: readonly LeafDifference[]): string[] {
  const parts: string[] = [];
  for (const { path } of group) {
    const [, , section, part] = splitPath(path);
    if (section === "columns" && part !== undefined) parts.push(part);
    else if (section === "partitions" && part !== undefined && !parts.includes(`partition ${part}`)) {
      parts.push(`partition ${part}`);
    }
  }
  return parts;
}

const shown = 5;
function partsText(parts: readonly string[]): string {
  if (parts.length === 0) return "";
  const rest = parts.length > shown ? ` and ${parts.length - shown} more` : "";
  return ` (${parts.slice(0, shown).join(", ")}${rest})`;
}

function sentence(verdict: DataVerdict, subject: string, before: ComponentMap, after: ComponentMap): string {
  const value = (side: ComponentMap, leaf: string): Leaf | undefined => side[`${subject}/${leaf}`];
  const counts = [value(before, "rowCount"), value(after, "rowCount")];
  switch (verdict) {
    case "same-rows-other-order":
      return "the same rows in another order";
    case "same-content-elsewhere":
      return value(before, "uri") === value(after, "uri")
        ? "the same rows, stored otherwise"
        : `the same content at ${formatLeaf(value(after, "uri"))} instead of ${formatLeaf(value(before, "uri"))}`;
    case "other-columns":
      return "other columns";
    case "other-rows":
      return counts[0] === counts[1]
        ? `other values in ${formatLeaf(counts[0])} rows`
        : `other rows, ${formatLeaf(counts[0])} -> ${formatLeaf(counts[1])}`;
    case "unknown":
      return "other content; what differs in it was not recorded";
  }
}
