import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ComponentMap, DeepwrightError, splitPath } from "@deepwright/core";
import type { Run, RunService } from "../contract/index.js";
import { blobId } from "../diff/index.js";
import { type ConfigurationDebt, configurationDebt, type SourceText } from "./debt.js";
import { type ConfigurationSchema, inferConfigurationSchema } from "./schema.js";

/** Files whose lines may read a configuration key. */
const sourcePattern =
  /\.(py|pyi|ipynb|ts|tsx|mts|cts|js|jsx|mjs|cjs|sql|r|jl|scala|java|kt|go|rs|cc?|cpp|h|hpp|sh|bash|lua|rb)$/i;
const largestSourceBytes = 1_048_576;

async function lastRuns(runs: RunService, project: string, count: number): Promise<readonly Run[]> {
  const { items } = await runs.searchRuns({ project, first: count });
  if (items.length > 0) return items;
  throw new DeepwrightError({
    code: "NO_RUNS",
    kind: "not-found",
    expected: `recorded runs of project ${project}`,
    got: "none",
    todo: "Record one with `deepwright run -- COMMAND`.",
  });
}

/** Runs that share a configuration share its tree: each is read once. */
async function configurationsOf(runs: RunService, items: readonly Run[]): Promise<readonly ComponentMap[]> {
  const byHash = new Map<string, Promise<ComponentMap>>();
  return Promise.all(
    items.map((run) => {
      const hash = run.components.configuration ?? "";
      const known = byHash.get(hash) ?? runs.component({ id: run.id, component: "configuration" });
      byHash.set(hash, known);
      return known;
    }),
  );
}

/** Text of a source file of a run: from the store when it was kept there, else from the disk where the run ran. */
async function sourceText(runs: RunService, run: Run, path: string, hash: string): Promise<SourceText | null> {
  const stored = await runs.blob({ hash });
  if (stored !== null) return { path, text: Buffer.from(stored, "base64").toString("utf8") };
  try {
    const content = await readFile(join(run.location.root, path));
    // Only what the run recorded: a run itself says where its root is, and must not make a server show other files.
    if (content.length > largestSourceBytes || blobId(content) !== hash) return null;
    return { path, text: content.toString("utf8") };
  } catch {
    // The folder was moved, or the run was made on another computer: the file can't speak for the keys.
    return null;
  }
}

async function sourceOf(runs: RunService, run: Run, configuration: ComponentMap): Promise<readonly SourceText[]> {
  const configurationFiles = new Set(
    Object.keys(configuration).flatMap((path) => {
      const [area, file] = splitPath(path);
      return area === "files" && file !== undefined ? [file] : [];
    }),
  );
  const files = await runs.component({ id: run.id, component: "source", prefix: "files/" });
  const texts = await Promise.all(
    Object.entries(files).map(async ([key, hash]) => {
      const path = splitPath(key).slice(1).join("/");
      if (!sourcePattern.test(path) || configurationFiles.has(path)) return null;
      return sourceText(runs, run, path, String(hash));
    }),
  );
  return texts.filter((entry): entry is SourceText => entry !== null);
}

/**
 * Infers a schema from the last runs of a project.
 *
 * @param input.lastRuns 1 .. 1000, default 50
 * @throws DeepwrightError `NO_RUNS`
 */
export async function inferProjectSchema(
  runs: RunService,
  input: { readonly project: string; readonly lastRuns?: number },
): Promise<ConfigurationSchema> {
  const items = await lastRuns(runs, input.project, input.lastRuns ?? 50);
  return inferConfigurationSchema(await configurationsOf(runs, items));
}

/**
 * Configuration debt of a project over its last runs and the source of the newest.
 *
 * @param input.lastRuns 1 .. 1000, default 50
 * @throws DeepwrightError `NO_RUNS`
 */
export async function projectConfigurationDebt(
  runs: RunService,
  input: { readonly project: string; readonly lastRuns?: number },
): Promise<readonly ConfigurationDebt[]> {
  const items = await lastRuns(runs, input.project, input.lastRuns ?? 50);
  const configurations = await configurationsOf(runs, items);
  const newest = items[0] as Run;
  return configurationDebt({ configurations, source: await sourceOf(runs, newest, configurations[0] ?? {}) });
}
