import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { escapeSegment, isDeepwrightError, joinPath, type Leaf } from "@deepwright/core";
import type { CaptureContext } from "../context.js";
import { nameWithin } from "../name-within.js";
import { isConfigFile, parseConfigFile } from "./parse-file.js";

/** A JSON file beyond this is data unless it is declared as configuration. */
const maximumFoundBytes = 64 * 1024;
const maximumFoundFiles = 200;

/** Config files among the arguments: `--config x.yaml`, `--config=x.yaml`, `x.yaml`. Absolute paths. */
export function configsAmongArguments(context: Pick<CaptureContext, "command" | "workingDirectory">): string[] {
  const words = context.command.slice(1).map((word) => word.slice(word.startsWith("-") ? word.indexOf("=") + 1 : 0));
  return words.map((word) => resolve(context.workingDirectory, word)).filter(isSmallConfig);
}

/** Whether a file that the command opened is its configuration. */
export function isSmallConfig(path: string): boolean {
  if (!isConfigFile(path) || !existsSync(path)) return false;
  const state = statSync(path);
  return state.isFile() && state.size <= maximumFoundBytes;
}

/**
 * Keys of config files as paths `files/<file>/...` of the configuration component. A file that was found and can't be
 * read is noted; a declared one is refused.
 */
export async function captureConfigFiles(
  context: Pick<CaptureContext, "root" | "workingDirectory" | "note">,
  paths: readonly string[],
  declared: boolean,
): Promise<Record<string, Leaf>> {
  const entries: Record<string, Leaf> = {};
  for (const path of paths.slice(0, maximumFoundFiles)) {
    try {
      const prefix = joinPath("files", nameWithin(context, path));
      for (const [key, leaf] of Object.entries(await parseConfigFile(path))) {
        entries[key === "" ? `${prefix}/${escapeSegment("")}` : `${prefix}/${key}`] = leaf;
      }
    } catch (error) {
      if (declared || !isDeepwrightError(error)) throw error;
      context.note(error.message);
    }
  }
  return entries;
}
