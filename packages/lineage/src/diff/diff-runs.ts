import { type ComponentName, componentNames, joinPath, type RunId, splitPath } from "@deepwright/core";
import type { ComponentDiff, Difference, LeafDifference, RunDiff, RunService } from "../contract/index.js";
import { configurationDifferences } from "./configuration-differences.js";
import { type ContentSource, defaultContentSource } from "./content-source.js";
import { dataDifferences } from "./data-differences.js";
import { fileOf } from "./difference.js";
import { extensionOf } from "./language.js";
import { modelDifferences } from "./model-differences.js";
import { hardwareDifferences, platformDifferences } from "./platform-differences.js";
import { sourceDifferences } from "./source-differences.js";

export interface DiffRunsOptions {
  /** Where the text of source files comes from. Default: the store, then git and the files at the runs' source roots. */
  readonly contentSource?: ContentSource;
}

type DiffService = Pick<RunService, "getRun" | "component" | "compareComponents" | "blob">;

/** Endings of files whose values may stand in the configuration component. */
const configurationExtensions = new Set(["yaml", "yml", "json", "toml", "env", "ini", "cfg", "conf"]);

/**
 * What differs between two runs, as atoms that can be shown, ranked and reverted: hunks for source, one difference for
 * each key, variable, package and data set, one for the model. Costs what differs, not what the runs hold.
 *
 * @param before the baseline
 * @param after the run in question
 * @throws DeepwrightError `RUN_NOT_FOUND`
 * @example
 * ```ts
 * const { differences, equalCount } = await diffRuns(service, baseline.id, run.id);
 * for (const difference of differences) console.log(difference.title);
 * // shuffle: false -> true (config.yaml)
 * console.log(`${equalCount} other things are equal`);
 * ```
 */
export async function diffRuns(
  service: DiffService,
  before: RunId,
  after: RunId,
  options: DiffRunsOptions = {},
): Promise<RunDiff> {
  const compared = await service.compareComponents({ before, after });
  const leaves = byComponent(compared);
  const readBoth = async (component: ComponentName, prefix: string) => {
    const [left, right] = await Promise.all([
      service.component({ id: before, component, prefix }),
      service.component({ id: after, component, prefix }),
    ]);
    return { before: left, after: right };
  };
  const content =
    options.contentSource ??
    (leaves.source.length > 0
      ? defaultContentSource(
          service,
          await Promise.all([service.getRun({ id: before }), service.getRun({ id: after })]),
        )
      : { read: async () => new Map<string, Uint8Array>() });
  const [source, data] = await Promise.all([
    configurationFiles(leaves, readBoth).then((files) => sourceDifferences(leaves.source, content, files)),
    dataDifferences(leaves.data, (subject) => readBoth("data", subject)),
  ]);
  const differences: Difference[] = [
    ...hardwareDifferences(leaves.hardware),
    ...platformDifferences(leaves.platform),
    ...source,
    ...configurationDifferences(leaves.configuration),
    ...data,
    ...modelDifferences(leaves.model),
  ];
  return { before, after, differences, equalCount: compared.equalCount };
}

function byComponent(compared: ComponentDiff): Record<ComponentName, LeafDifference[]> {
  const groups = Object.fromEntries(componentNames.map((name) => [name, [] as LeafDifference[]]));
  for (const leaf of compared.differences) groups[leaf.component]?.push(leaf);
  for (const group of Object.values(groups)) group.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return groups as Record<ComponentName, LeafDifference[]>;
}

/**
 * Files that differ as source and whose values both runs have in their configuration. They are told once, as
 * configuration; a file that only one run has parsed stays source.
 */
async function configurationFiles(
  leaves: Record<ComponentName, LeafDifference[]>,
  readBoth: (component: ComponentName, prefix: string) => Promise<{ before: object; after: object }>,
): Promise<Map<string, "values-differ" | "values-equal">> {
  const candidates = leaves.source
    .filter(({ path, before, after }) => path.startsWith("files/") && before !== undefined && after !== undefined)
    .map(({ path }) => fileOf(path))
    .filter((file) => configurationExtensions.has(extensionOf(file)));
  const result = new Map<string, "values-differ" | "values-equal">();
  await Promise.all(
    candidates.map(async (file) => {
      const prefix = joinPath("files", file);
      const { before, after } = await readBoth("configuration", prefix);
      if (Object.keys(before).length === 0 || Object.keys(after).length === 0) return;
      const differ = leaves.configuration.some(({ path }) => {
        const [section, name] = splitPath(path);
        return section === "files" && name === file;
      });
      result.set(file, differ ? "values-differ" : "values-equal");
    }),
  );
  return result;
}
