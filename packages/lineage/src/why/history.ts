import { canonicalJson, componentNames, type Leaf, splitPath } from "@deepwright/core";
import type { LeafDifference, Objective, Run, RunService } from "../contract/index.js";
import { fileOf } from "../diff/difference.js";
import { isSeed } from "../diff/index.js";
import { isEvidence, sameTask } from "./comparable.js";
import { badness } from "./objective.js";

/** A recorded run with how it differs from the run in question. */
export interface HistoryRun {
  readonly run: Run;
  /** The metric, turned so that more is worse. */
  readonly badness: number;
  /** Leaf differences from the run in question that could be causes, by `component:path`; `before` is this run's leaf. */
  readonly leaves: ReadonlyMap<string, Leaf | undefined>;
  /** Weighted number of those differences. */
  readonly distance: number;
  /** Equal for runs that differ by nothing but seeds and consequences. */
  readonly signature: string;
}

export type HistoryService = Pick<RunService, "searchRuns" | "compareComponents" | "component">;

export const leafKey = (leaf: Pick<LeafDifference, "component" | "path">): string => `${leaf.component}:${leaf.path}`;

const pageSize = 200;
const concurrency = 8;

/**
 * The runs of the same task, newest first, compared with the run in question. Runs with the same six components are
 * compared once.
 *
 * @param limit most runs that are looked at, default 300
 */
export async function readHistory(
  service: HistoryService,
  subject: Run,
  objective: Objective,
  limit = 300,
): Promise<HistoryRun[]> {
  const runs: Run[] = [];
  let after: string | undefined;
  for (let seen = 0; seen < limit * 4 && runs.length < limit; ) {
    const page = await service.searchRuns({
      project: subject.project,
      first: pageSize,
      ...(after === undefined ? {} : { after }),
    });
    seen += page.items.length;
    runs.push(
      ...page.items.filter((run) => run.id !== subject.id && isEvidence(run, objective) && sameTask(run, subject)),
    );
    if (!page.hasNextPage || page.endCursor === null) break;
    after = page.endCursor;
  }
  return compareAll(service, subject, runs.slice(0, limit), objective);
}

/** Compares runs with the run in question. */
export async function compareAll(
  service: HistoryService,
  subject: Run,
  runs: readonly Run[],
  objective: Objective,
): Promise<HistoryRun[]> {
  const parsed = await parsedFiles(service, subject);
  const comparisons = new Map<string, Promise<readonly LeafDifference[]>>();
  const results: HistoryRun[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < runs.length; index = next++) {
      const run = runs[index] as Run;
      const roots = componentNames.map((name) => run.components[name]).join(" ");
      const known =
        comparisons.get(roots) ??
        service.compareComponents({ before: run.id, after: subject.id }).then(({ differences }) => differences);
      comparisons.set(roots, known);
      results[index] = describe(run, await known, badness(run, objective) ?? Number.POSITIVE_INFINITY, parsed);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return results;
}

/** Configuration files whose values stand in the configuration component: as source they would be told twice. */
async function parsedFiles(service: HistoryService, subject: Run): Promise<ReadonlySet<string>> {
  const values = await service.component({ id: subject.id, component: "configuration", prefix: "files" });
  return new Set(Object.keys(values).map((path) => splitPath(path)[1] ?? ""));
}

function describe(
  run: Run,
  differences: readonly LeafDifference[],
  value: number,
  parsed: ReadonlySet<string>,
): HistoryRun {
  const leaves = new Map<string, Leaf | undefined>();
  const weights = new Map<string, number>();
  for (const leaf of differences) {
    if (!canCause(leaf) || (leaf.component === "source" && parsed.has(fileOf(leaf.path)))) continue;
    leaves.set(leafKey(leaf), leaf.before);
    const [subject, weight] = weigh(leaf);
    weights.set(subject, weight);
  }
  const entries = [...leaves].map(([key, leaf]) => [key, leaf === undefined ? "absent" : ["leaf", leaf]]);
  return {
    run,
    badness: value,
    leaves,
    distance: [...weights.values()].reduce((sum, weight) => sum + weight, 0),
    signature: canonicalJson(entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))),
  };
}

/** Leaves that are no seed, no result, and no other name for what other leaves hold. */
function canCause(leaf: LeafDifference): boolean {
  if (leaf.component === "model" || leaf.path.startsWith("outputs/")) return false;
  if (leaf.component === "source" && leaf.path.startsWith("git/")) return false;
  const segments = splitPath(leaf.path);
  if (leaf.component === "data") return !["uri", "bytes", "snapshot"].includes(segments.at(-1) ?? "");
  return !(
    (leaf.component === "configuration" || leaf.path.startsWith("environment/")) &&
    isSeed(segments, leaf.before, leaf.after)
  );
}

/** What a leaf is counted as, and how far it takes two runs apart: a data set is one thing, whatever part differs. */
function weigh(leaf: LeafDifference): readonly [string, number] {
  switch (leaf.component) {
    case "source":
    case "configuration":
      return [leafKey(leaf), 1];
    case "data":
      return [`data:${leaf.path.split("/").slice(0, 2).join("/")}`, 1];
    case "platform":
      return [leafKey(leaf), leaf.path.startsWith("packages/") ? 0.2 : 0.1];
    default:
      return [leafKey(leaf), 0.1];
  }
}
