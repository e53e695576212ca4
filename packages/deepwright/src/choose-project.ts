import { basename } from "node:path";
import { DeepwrightError } from "@deepwright/core";
import { sourceRoot } from "@deepwright/lineage/recorder";
import type { CliContext } from "./context.js";
import type { Lineage } from "./open-lineage.js";

/**
 * The project that a command means when it names none: that of the source folder, else the only one there is.
 *
 * @throws DeepwrightError `PROJECT_NOT_FOUND`, `PROJECT_NOT_NAMED`
 */
export async function chooseProject(lineage: Lineage, named: string | undefined, cli: CliContext): Promise<string> {
  const projects = (await lineage.runs.projects()).map(({ name }) => name);
  const wanted = named ?? basename(sourceRoot(cli.streams.workingDirectory));
  if (projects.includes(wanted)) return wanted;
  if (named === undefined && projects.length === 1) return projects[0] as string;
  const some = projects.slice(0, 5).join(", ");
  throw new DeepwrightError({
    code: named === undefined ? "PROJECT_NOT_NAMED" : "PROJECT_NOT_FOUND",
    kind: "not-found",
    expected: "the name of a project with recorded runs",
    got: named === undefined ? "none" : JSON.stringify(named),
    todo: projects.length === 0 ? "Record a run: deepwright run -- COMMAND." : `Give --project, such as ${some}.`,
  });
}
