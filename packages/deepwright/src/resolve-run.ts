import { basename } from "node:path";
import { isDeepwrightError } from "@deepwright/core";
import type { Run, RunService } from "@deepwright/lineage";
import { sourceRoot } from "@deepwright/lineage/recorder";
import type { CliContext } from "./context.js";

/**
 * The run that somebody means. `latest` and a name mean a run of the named project; without one of the project of the source
 * folder, or of any other when that one has none, which is told for `latest`. An id means its run, wherever it is.
 *
 * @param preferred where to look first when no project is named; default the project of the source folder
 * @throws DeepwrightError `RUN_NOT_FOUND`, `RUN_AMBIGUOUS`
 */
export async function resolveRun(
  runs: Pick<RunService, "resolveRun">,
  reference: string,
  project: string | undefined,
  cli: CliContext,
  preferred = basename(sourceRoot(cli.streams.workingDirectory)),
): Promise<Run> {
  if (project !== undefined) return runs.resolveRun({ reference, project });
  try {
    return await runs.resolveRun({ reference, project: preferred });
  } catch (error) {
    if (!isDeepwrightError(error) || error.code !== "RUN_NOT_FOUND") throw error;
    const run = await runs.resolveRun({ reference });
    if (reference === "latest") cli.note(`deepwright: the latest run is of project ${JSON.stringify(run.project)}.`);
    return run;
  }
}

/** Tells that two runs that are compared are of different projects. */
export function remarkOtherProject(left: Run, right: Run, cli: CliContext): void {
  if (left.project === right.project) return;
  const names = [left, right].map(({ project }) => JSON.stringify(project)).join(" and ");
  cli.note(`deepwright: the runs are of different projects, ${names}; they may be of different tasks.`);
}
