import { existsSync } from "node:fs";
import { join } from "node:path";
import { DeepwrightError, splitPath } from "@deepwright/core";
import { hasObject } from "../capture/data/kept-objects.js";
import { hidden } from "../capture/secrets.js";
import type { Run } from "../contract/index.js";
import { defaultContentSource } from "../diff/index.js";
import type { StoreLocation } from "../recorder/store-location.js";
import type { ProveOptions } from "./options.js";
import type { RerunContext } from "./rerun.js";
import { makeUnits, type Units } from "./revert/make-units.js";
import { findSeeds, type SeedKnob } from "./seeds.js";

export interface Prepared extends Units {
  readonly context: RerunContext;
  readonly seeds: readonly SeedKnob[];
}

/** Reads from lineage what re-runs need. @throws DeepwrightError `RUN_NOT_REPEATABLE` */
export async function prepare(options: ProveOptions, location: StoreLocation): Promise<Prepared> {
  const { runs, report } = options;
  const [before, after] = await Promise.all([
    runs.getRun({ id: report.baselineId }),
    runs.getRun({ id: report.runId }),
  ]);
  requireRepeatable(after);
  const [source, configuration, platform, dataAfter, dataBefore, model] = await Promise.all([
    runs.component({ id: after.id, component: "source" }),
    runs.component({ id: after.id, component: "configuration" }),
    runs.component({ id: after.id, component: "platform" }),
    runs.component({ id: after.id, component: "data" }),
    runs.component({ id: before.id, component: "data" }),
    runs.component({ id: after.id, component: "model" }),
  ]);
  const files = new Map<string, string>();
  for (const [path, hash] of Object.entries(source)) {
    const [section, file] = splitPath(path);
    if (section === "files" && file !== undefined && typeof hash === "string") files.set(file, hash);
  }
  const content = options.contentSource ?? defaultContentSource(runs, [before, after]);
  const root = after.location.root;
  const inputs = new Map<string, string | null>();
  const objects = new Set<string>();
  for (const data of [dataBefore, dataAfter]) {
    for (const [path, hash] of Object.entries(data)) {
      if (!path.endsWith("/bytes") || typeof hash !== "string") continue;
      if (await hasObject(location.directory, hash)) objects.add(hash);
    }
  }
  for (const [path, uri] of Object.entries(dataAfter)) {
    const [role, name, leaf] = splitPath(path);
    if (role !== "inputs" || name === undefined || leaf !== "uri" || !isInside(uri)) continue;
    const hash = dataAfter[path.replace(/\/uri$/, "/bytes")];
    inputs.set(uri, typeof hash === "string" && objects.has(hash) ? hash : null);
  }
  const outputs = new Set(Object.keys(model).flatMap((path) => splitPath(path).slice(1, 2)));
  const differences = [...report.causes, ...report.excluded].map(({ difference }) => difference);
  const requests = differences.flatMap(({ kind, path, before: old, after: now }) =>
    kind === "source-hunk" || kind === "source-file"
      ? [old, now].filter((hash) => typeof hash === "string").map((hash) => ({ hash, file: splitPath(path)[1] ?? "" }))
      : [],
  );
  const contents = await content.read(requests);
  const hasFile = (path: string): boolean => files.has(path) || existsSync(join(root, path));
  const units = makeUnits(
    report,
    {
      hasContent: (hash) => contents.has(hash),
      hasFile,
      dataBefore,
      hasObject: (hash) => objects.has(hash),
    },
    (file) => {
      const bytes = contents.get(files.get(file) ?? "");
      return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
    },
  );
  const folder = source["command/working-directory"];
  const commit = source["git/commit"];
  const context: RerunContext = {
    service: runs,
    run: after,
    platform,
    workingDirectory: typeof folder === "string" ? folder : ".",
    objective: report.objective,
    location,
    source: {
      root,
      commit: typeof commit === "string" ? commit : null,
      files,
      inputs,
      outputs,
      startedAtMs: after.startedAtMs,
      storeDirectory: location.directory,
      content,
    },
    packages: { sources: options.packageSources ?? [], cache: join(location.directory, "proofs", "packages") },
    environment: options.environment ?? {},
    signal: options.signal,
  };
  return { ...units, context, seeds: findSeeds(configuration, platform, hasFile) };
}

const isInside = (uri: unknown): uri is string => typeof uri === "string" && !/^[a-z]+:/i.test(uri);

function requireRepeatable(run: Run): void {
  const missing = whatIsMissing(run);
  if (missing === undefined) return;
  throw new DeepwrightError({
    code: "RUN_NOT_REPEATABLE",
    kind: "conflict",
    expected: `run ${run.name || run.id} to be one that can be run again here`,
    got: missing.got,
    todo: missing.todo,
  });
}

function whatIsMissing(run: Run): { readonly got: string; readonly todo: string } | undefined {
  const todo = "Record it with `deepwright run`, and prove on the computer where it ran.";
  if (run.command.length === 0) return { got: "no recorded command (it was made through the API)", todo };
  if (run.command.some((word) => word.includes(hidden))) {
    return {
      got: "a command with a password or key in it, which was not recorded",
      todo: "Hand it over in an environment variable, record the run again, and prove that one.",
    };
  }
  if (existsSync(run.location.root)) return undefined;
  return { got: `a source root that is not on this computer: ${run.location.root}`, todo };
}
