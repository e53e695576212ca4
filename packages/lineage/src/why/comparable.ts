import { DeepwrightError } from "@deepwright/core";
import type { Objective, Run } from "../contract/index.js";

const interpreters =
  /^(python[\d.]*|node|deno|bun|tsx|ts-node|npx|npm|pnpm|yarn|uv|poetry|pipenv|conda|sh|bash|zsh|env|make|Rscript|java|torchrun|accelerate|spark-submit|time|nice|run|exec|run-script|start|-m|-u|-c)$/;

/**
 * What a command runs: the first of its words that is neither an interpreter nor an option nor an assignment, without
 * its folder (`python -u src/train.py --epochs 3` runs `train.py`).
 */
export function entryPoint(command: readonly string[]): string {
  const named = command
    .map((word) => word.split("/").at(-1) ?? word)
    .find((word) => word !== "" && !interpreters.test(word) && !word.startsWith("-") && !/^\w+=/.test(word));
  return named ?? command[0] ?? "";
}

/** Whether two runs do the same job by project and entry point. */
export function sameTask(first: Run, second: Run): boolean {
  return first.projectId === second.projectId && entryPoint(first.command) === entryPoint(second.command);
}

/**
 * Refuses to compare runs of other tasks.
 *
 * @throws DeepwrightError `RUNS_NOT_COMPARABLE` when project or entry point differ, or one of the runs lacks the metric
 */
export function requireComparable(run: Run, baseline: Run, objective: Objective): void {
  const refuse = (expected: string, got: string): never => {
    throw new DeepwrightError({
      code: "RUNS_NOT_COMPARABLE",
      expected,
      got,
      todo: "Compare runs of the same task, or leave --vs out to have the baseline picked.",
      details: { runId: run.id, baselineId: baseline.id },
    });
  };
  if (run.projectId !== baseline.projectId) {
    refuse("two runs of one project", `runs of ${JSON.stringify(run.project)} and ${JSON.stringify(baseline.project)}`);
  }
  if (entryPoint(run.command) !== entryPoint(baseline.command)) {
    refuse(
      "two runs of the same program",
      `${JSON.stringify(entryPoint(run.command))} and ${JSON.stringify(entryPoint(baseline.command))}`,
    );
  }
  if (run.metrics[objective.metric] === undefined || baseline.metrics[objective.metric] === undefined) {
    refuse(`the metric ${objective.metric} in both runs`, "a run without it");
  }
}

/** Whether a run may serve as evidence: of a user, ended well, not archived, with the metric. */
export function isEvidence(run: Run, objective: Objective): boolean {
  return (
    run.purpose === "user" && run.status === "finished" && !run.archived && run.metrics[objective.metric] !== undefined
  );
}
