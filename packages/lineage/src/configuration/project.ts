import { type ComponentMap, DeepwrightError, splitPath } from "@deepwright/core";
import type { Run, RunService } from "../contract/index.js";
import { type ContentSource, storedContent } from "../diff/index.js";
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

/** Source files of a run whose content is still to be had, without its configuration files. */
async function sourceOf(
  runs: RunService,
  run: Run,
  configuration: ComponentMap,
  content: ContentSource,
): Promise<readonly SourceText[]> {
  const configurationFiles = new Set(
    Object.keys(configuration).flatMap((path) => {
      const [area, file] = splitPath(path);
      return area === "files" && file !== undefined ? [file] : [];
    }),
  );
  const files = await runs.component({ id: run.id, component: "source", prefix: "files/" });
  const requests = Object.entries(files).flatMap(([key, hash]) => {
    const file = splitPath(key).slice(1).join("/");
    return sourcePattern.test(file) && !configurationFiles.has(file) ? [{ file, hash: String(hash) }] : [];
  });
  const found = await content.read(requests);
  const decoder = new TextDecoder();
  return requests.flatMap(({ file, hash }): SourceText[] => {
    const bytes = found.get(hash);
    return bytes === undefined || bytes.length > largestSourceBytes
      ? []
      : [{ path: file, text: decoder.decode(bytes) }];
  });
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
 * @param input.contentSource gives the text of source files. Default: what the store keeps, which is what a server may
 *   show; a program on the computer of the runs gives `defaultContentSource`, which also knows git and the disk.
 * @throws DeepwrightError `NO_RUNS`
 */
export async function projectConfigurationDebt(
  runs: RunService,
  input: {
    readonly project: string;
    readonly lastRuns?: number;
    readonly contentSource?: (newest: Run) => ContentSource;
  },
): Promise<readonly ConfigurationDebt[]> {
  const items = await lastRuns(runs, input.project, input.lastRuns ?? 50);
  const configurations = await configurationsOf(runs, items);
  const newest = items[0] as Run;
  const content = input.contentSource?.(newest) ?? storedContent(runs);
  return configurationDebt({ configurations, source: await sourceOf(runs, newest, configurations[0] ?? {}, content) });
}
