import type { RunId } from "@deepwright/core";
import type { Difference, Evidence, Objective, Run, RunService, WhyReport } from "../contract/index.js";
import { type ContentSource, defaultContentSource, diffRuns } from "../diff/index.js";
import { attachProof } from "./attach-proof.js";
import { type BaselineChoice, chooseBaseline } from "./baseline.js";
import { isEvidence, requireComparable } from "./comparable.js";
import { historyEvidence } from "./evidence/history.js";
import { mechanismEvidence } from "./evidence/mechanism.js";
import { priorEvidence } from "./evidence/prior.js";
import { reachEvidence } from "./evidence/reach.js";
import type { TextOf } from "./evidence/state.js";
import { compareAll, type HistoryRun, leafKey, readHistory } from "./history.js";
import { badness, type ObjectiveChoice, resolveObjective } from "./objective.js";
import { rankCauses, separateCauses } from "./rank.js";
import { sourceReach } from "./reach/source-reach.js";
import { rankedSentence } from "./sentence.js";
import { worseVerdict } from "./verdict.js";
import { readVerdict, recordVerdict } from "./verdict-fact.js";
import { estimateNoise, groupBySignature, type RunNoise, worsePValue } from "./worse.js";

export interface ExplainOptions extends ObjectiveChoice {
  readonly runId: RunId;
  /** The baseline. Left out: the nearest comparable better run. */
  readonly vs?: RunId;
  /** Chance to call a run worse that is not, above 0 and below 1, default 0.05. */
  readonly alpha?: number;
  /** Most runs of the history that are looked at, default 300. */
  readonly historyLimit?: number;
  /** Where the text of source files comes from. Default: the store, then git and the files at the runs' source roots. */
  readonly contentSource?: ContentSource;
  /** Whether the report is stored as the fact `why.verdict` of the run, default true. */
  readonly store?: boolean;
}

/**
 * Why a run is worse, without re-running anything: picks the baseline, asks whether the run is worse at all given how
 * much runs differ anyhow, and ranks the differences by the evidence of the history, of what they can reach, of how
 * such changes work, and of their kind.
 *
 * A seed, a consequence and a cosmetic change are never ranked. A proof that was stored for the same pair before is part
 * of the report.
 *
 * @throws DeepwrightError `RUN_NOT_FOUND`, `RUNS_NOT_COMPARABLE`, `NO_BASELINE`, `METRIC_NOT_RECORDED`,
 *   `OBJECTIVE_UNKNOWN`
 * @example
 * ```ts
 * const report = await explainRegression(service, { runId: run.id });
 * console.log(report.sentence);
 * // The likeliest cause is shuffle: false -> true (config.yaml) (81 %), not yet proven. It is worse: mape 14.8 -> 23.7; ...
 * ```
 */
export async function explainRegression(service: RunService, options: ExplainOptions): Promise<WhyReport> {
  const subject = await service.getRun({ id: options.runId });
  const objective = resolveObjective(subject, options);
  const named = options.vs === undefined ? null : await service.getRun({ id: options.vs });
  if (named) requireComparable(subject, named, objective);
  const history = await readHistory(service, subject, objective, options.historyLimit);
  const self: HistoryRun = {
    run: subject,
    badness: badness(subject, objective) ?? Number.POSITIVE_INFINITY,
    leaves: new Map(),
    distance: 0,
    signature: "[]",
  };
  const own = [self, ...history.filter((run) => run.signature === self.signature)];
  const groups = groupBySignature(history.filter((run) => run.signature !== self.signature));
  const noise = estimateNoise(groups, own.slice(1));
  const alpha = options.alpha ?? 0.05;
  const choice = named
    ? await namedBaseline(service, { subject, named, objective, history, own, noise, alpha })
    : chooseBaseline(subject, groups, own, noise, alpha);

  const content = options.contentSource ?? defaultContentSource(service, [subject, choice.baseline.run]);
  const diff = await diffRuns(service, choice.baseline.run.id, subject.id, { contentSource: content });
  const { candidates, excluded } = separateCauses(diff.differences);
  const worse = worseVerdict({ objective, subject: self, choice, noise, candidateCount: candidates.length });
  const evidence = await gatherEvidence(service, {
    candidates,
    all: diff.differences,
    content,
    subject,
    objective,
    noise,
    baseline: choice.baseline,
    groups: groups.some((group) => group.includes(choice.baseline)) ? groups : [...groups, [choice.baseline]],
    own,
  });
  const causes = rankCauses(
    candidates.map((difference, index) => ({ difference, evidence: evidence[index] ?? [] })),
    worse.worse,
  );
  const report: WhyReport = {
    runId: subject.id,
    baselineId: choice.baseline.run.id,
    baselineReason: choice.reason,
    objective,
    worse,
    causes,
    excluded,
    equalCount: diff.equalCount,
    sentence: rankedSentence(worse, causes, subject.name || subject.id),
    proof: null,
  };
  const earlier = await readVerdict(service, subject.id, choice.baseline.run.id);
  const known = new Set(diff.differences.map(({ id }) => id));
  const proof = earlier?.proof?.causes.every(({ id }) => known.has(id)) ? earlier.proof : null;
  const complete = proof ? attachProof(report, proof) : report;
  if (options.store ?? true) await recordVerdict(service, complete);
  return complete;
}

interface NamedInput {
  readonly subject: Run;
  readonly named: Run;
  readonly objective: Objective;
  readonly history: readonly HistoryRun[];
  readonly own: readonly HistoryRun[];
  readonly noise: RunNoise | null;
  readonly alpha: number;
}

/** The baseline that was asked for, with its repeats. */
async function namedBaseline(service: RunService, input: NamedInput): Promise<BaselineChoice> {
  const { named, objective, history, own, noise, alpha } = input;
  const [found] = await compareAll(service, input.subject, [named], objective);
  const baseline = history.find(({ run }) => run.id === named.id) ?? (found as HistoryRun);
  const repeats = history.filter((run) => run.signature === baseline.signature && run !== baseline);
  // With nothing but a seed between the two, both are of one group: the pair itself is compared.
  const twins = baseline.signature === own[0]?.signature;
  const group = twins ? [baseline] : [baseline, ...repeats];
  const after = twins ? own.slice(0, 1) : own;
  const usable = isEvidence(named, objective) ? "" : ` (it is ${named.status}${named.archived ? ", archived" : ""})`;
  return {
    baseline,
    group,
    reason: `the run that was asked for${usable}`,
    pValue: worsePValue(
      group.map((run) => run.badness),
      after.map((run) => run.badness),
      noise,
    ),
    alpha,
  };
}

interface EvidenceInput {
  readonly candidates: readonly Difference[];
  readonly all: readonly Difference[];
  readonly content: ContentSource;
  readonly subject: Run;
  readonly objective: Objective;
  readonly noise: RunNoise | null;
  readonly baseline: HistoryRun;
  readonly groups: readonly (readonly HistoryRun[])[];
  readonly own: readonly HistoryRun[];
}

async function gatherEvidence(service: RunService, input: EvidenceInput): Promise<Evidence[][]> {
  if (input.candidates.length === 0) return [];
  const source = await service.component({ id: input.subject.id, component: "source" });
  const [reach, textOf] = await Promise.all([
    sourceReach(input.subject, source, input.content),
    readOtherVersions(input),
  ]);
  const reordered = input.all.filter(({ dataVerdict }) => dataVerdict === "same-rows-other-order");
  const history = historyEvidence({ ...input, differences: input.candidates, textOf });
  return input.candidates.map((difference, index) =>
    [
      history[index],
      reachEvidence(difference, reach),
      ...mechanismEvidence(difference, { reach, reordered }),
      priorEvidence(difference),
    ].filter((item): item is Evidence => item != null),
  );
}

/** Versions of changed files that are in neither of the two runs, at most this many. */
const maximumVersions = 200;

/** The text of other versions of the files that have hunks, so that a hunk can be looked for in them. */
async function readOtherVersions({ candidates, groups, baseline, content }: EvidenceInput): Promise<TextOf> {
  const requests = new Map<string, { hash: string; file: string }>();
  for (const difference of candidates) {
    if (!difference.hunk) continue;
    const key = leafKey(difference);
    for (const [run] of groups) {
      const hash = run?.leaves.get(key);
      if (typeof hash !== "string" || hash === baseline.leaves.get(key)) continue;
      if (requests.size < maximumVersions) requests.set(hash, { hash, file: difference.hunk.file });
    }
  }
  const found = requests.size > 0 ? await content.read([...requests.values()]) : new Map<string, Uint8Array>();
  const decoder = new TextDecoder();
  const texts = new Map([...found].map(([hash, bytes]) => [hash, decoder.decode(bytes)]));
  return (hash) => texts.get(hash);
}
