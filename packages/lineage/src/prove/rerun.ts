import { readFile, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { type ComponentMap, isDeepwrightError, type RunId } from "@deepwright/core";
import { z } from "zod";
import { restoreObject } from "../capture/data/kept-objects.js";
import type { Objective, Run, RunService } from "../contract/index.js";
import { revertHunks } from "../diff/index.js";
import type { StoreLocation } from "../recorder/store-location.js";
import { recordCommand } from "../run-command/index.js";
import { badness } from "../why/objective.js";
import { finishedRun } from "./finished-run.js";
import type { Outcome } from "./oracle.js";
import { type PackageOptions, pythonEnvironment, replaceNodePackages } from "./packages.js";
import type { RunPlan } from "./revert/plan.js";
import { makeWorkspace, removeWorkspace, type WorkspaceSource, writeInto } from "./workspace.js";

export interface RerunContext {
  readonly service: RunService;
  readonly run: Run;
  readonly platform: ComponentMap;
  readonly workingDirectory: string;
  readonly objective: Objective;
  readonly location: StoreLocation;
  readonly source: WorkspaceSource;
  readonly packages: PackageOptions;
  /** Beside those of this process. */
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
}

export interface Rerun {
  readonly outcome: Outcome;
  /** `null` when the environment could not be made, so that nothing ran. */
  readonly runId: RunId | null;
  /** Why there is no outcome. */
  readonly failure: string | null;
}

const recipeSchema = z.object({
  data: z.array(z.string()).default([]),
  config: z.array(z.string()).default([]),
  metricFiles: z.array(z.string()).default([]),
  metricPatterns: z.array(z.string()).default([]),
});

/** Runs B with a plan in a throw-away copy of its source, recorded as a proof, and cleans up whatever happens. */
export async function rerun(context: RerunContext, plan: RunPlan, directory: string): Promise<Rerun> {
  const { run, source, signal } = context;
  try {
    await makeWorkspace(source, directory);
    await applyPlan(context, plan, directory);
    const environment = await environmentOf(context, plan, directory);
    signal?.throwIfAborted();
    const recipe = recipeSchema.parse(run.recipe ?? {});
    const recorded = await recordCommand({
      command: plan.command.map((word) => relocate(word, source.root, directory)),
      cwd: join(directory, context.workingDirectory),
      env: environment,
      store: context.location,
      project: run.project,
      name: `proof of ${run.name || run.id}`,
      ...recipe,
      data: recipe.data.map((word) => relocate(word, source.root, directory)),
      config: recipe.config.map((word) => relocate(word, source.root, directory)),
      objective: context.objective,
      purpose: "proof",
      parentRunId: run.id,
      signal,
      stdio: "ignore",
      keepData: false,
      deliverTo: "none",
    });
    const made = await finishedRun(context.service, context.location, recorded.runId);
    signal?.throwIfAborted();
    if (recorded.status !== "finished") {
      return { outcome: null, runId: recorded.runId, failure: `it ended with exit code ${recorded.exitCode}` };
    }
    const value = badness(made, context.objective);
    const failure = value === undefined ? `it gave no ${context.objective.metric}` : null;
    return { outcome: value ?? null, runId: recorded.runId, failure };
  } catch (error) {
    signal?.throwIfAborted();
    // A subset that can't be put together is an unresolved outcome; a defect or a full disk is not.
    if (!isDeepwrightError(error) || error.kind === "internal" || error.code === "RUN_NOT_DELIVERED") throw error;
    return { outcome: null, runId: null, failure: error.message };
  } finally {
    await removeWorkspace(source.root, directory);
  }
}

async function applyPlan(context: RerunContext, plan: RunPlan, directory: string): Promise<void> {
  const { source } = context;
  for (const [file, hunks] of plan.hunks) {
    const text = await readFile(join(directory, file), "utf8");
    await writeInto(directory, file, revertHunks(text, hunks));
  }
  const hashes = [...plan.files].filter((entry): entry is [string, string] => entry[1] !== null);
  const contents = await source.content.read(hashes.map(([file, hash]) => ({ hash, file })));
  for (const [file, hash] of plan.files) {
    const content = hash === null ? undefined : contents.get(hash);
    if (content) await writeInto(directory, file, content);
    else await rm(join(directory, file), { force: true });
  }
  for (const [file, edits] of plan.edits) {
    let text = await readFile(join(directory, file), "utf8");
    for (const edit of edits) text = await edit(text);
    await writeInto(directory, file, text);
  }
  for (const [path, hash] of plan.inputs) {
    await restoreObject(source.storeDirectory, hash, join(directory, path));
  }
}

/** The environment of this process, with the recorded variables of the run, and what the plan changes. */
async function environmentOf(
  context: RerunContext,
  plan: RunPlan,
  directory: string,
): Promise<Record<string, string | undefined>> {
  const environment: Record<string, string | undefined> = { ...process.env, ...context.environment };
  for (const [path, value] of Object.entries(context.platform)) {
    if (!path.startsWith("environment/") || typeof value !== "string") continue;
    environment[path.slice("environment/".length)] = relocate(value, context.source.root, directory);
  }
  for (const [name, value] of plan.environment) environment[name] = value;
  if (plan.packages.node.size > 0) {
    await replaceNodePackages(directory, context.workingDirectory, plan.packages.node, context.packages);
  }
  if (plan.packages.python.size > 0) {
    const executable = context.platform["interpreter/python/executable"];
    const python = typeof executable === "string" ? executable : "python3";
    const programs = await pythonEnvironment(python, plan.packages.python, context.packages);
    environment.PATH = `${programs}${delimiter}${environment.PATH ?? ""}`;
    environment.VIRTUAL_ENV = join(programs, "..");
    const program = plan.command[0] as string;
    if (program === python || /(^|\/)python[\d.]*$/.test(program)) plan.command[0] = join(programs, "python");
  }
  return environment;
}

/** A path below the source root becomes the same path in the copy. */
function relocate(word: string, root: string, directory: string): string {
  return word.replaceAll(`${root}/`, `${directory}/`);
}
