import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { isSmallConfig } from "../configuration/config-files.js";
import type { CaptureContext } from "../context.js";
import type { Reports } from "../hooks/reports.js";
import { modelFormat } from "../model/model-files.js";
import { isDataFile } from "./data-files.js";

/** More files than this of one folder are taken together as the folder. */
const filesPerFolder = 50;
const maximumInputs = 200;

/** Text files below this are notes and lists rather than data; anything else that was read counts from its first byte. */
const textIsDataFromBytes = 1024;

/**
 * Which of the files that a command read are its data: by their names, JSON and text by their size as well. Source, configuration and
 * what the command wrote itself are not. Absolute paths, sorted.
 */
export function discoverInputs(context: CaptureContext, reports: Reports): string[] {
  const candidates = new Set<string>();
  for (const path of [...reports.reads, ...filesAmongArguments(context)]) {
    if (!isBelow(path, context.storeDirectory) && isInput(context, path)) candidates.add(path);
  }
  const byFolder = groupByFolder(candidates);
  const inputs: string[] = [];
  for (const [folder, paths] of byFolder) {
    if (paths.length > filesPerFolder) inputs.push(folder);
    else inputs.push(...paths);
  }
  inputs.sort();
  if (inputs.length > maximumInputs) {
    context.note(
      `${inputs.length} inputs were read; the first ${maximumInputs} are recorded. Declare folders with --data.`,
    );
  }
  return inputs.slice(0, maximumInputs);
}

function groupByFolder(paths: Iterable<string>): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const group = groups.get(dirname(path));
    if (group) group.push(path);
    else groups.set(dirname(path), [path]);
  }
  return groups;
}

function filesAmongArguments(context: CaptureContext): string[] {
  return context.command
    .slice(1)
    .map((word) => resolve(context.workingDirectory, word.startsWith("-") ? word.slice(word.indexOf("=") + 1) : word));
}

const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

function isInput(context: CaptureContext, path: string): boolean {
  try {
    const state = statSync(path);
    // Written since the run began, though no hook saw it: by native code, as a result. The clock of the run has no fractions.
    if (!state.isFile() || state.mtimeMs >= context.startedAtMs + 1) return false;
    if (isDataFile(path) || modelFormat(path) !== null) return true;
    if (/\.json$/i.test(path)) return !isSmallConfig(path);
    return /\.(?:txt|text|xml|html)$/i.test(path) && state.size >= textIsDataFromBytes;
  } catch {
    return false;
  }
}
