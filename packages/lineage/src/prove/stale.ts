import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ownIdentity, processState } from "../recorder/process-identity.js";
import { removeWorkspace } from "./workspace.js";

/** Claims a folder for the copies that this process makes; its owner is written beside them. */
export function claimTrees(trees: string): string {
  const directory = join(trees, `${process.pid}-${readEntries(trees).length}-${process.hrtime.bigint().toString(36)}`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "owner.json"), JSON.stringify(ownIdentity()));
  return directory;
}

/** Removes the copies of processes that died without doing so themselves. */
export async function removeStaleTrees(trees: string, root: string): Promise<void> {
  for (const name of readEntries(trees)) {
    const directory = join(trees, name);
    if (isAlive(directory)) continue;
    for (const tree of readEntries(directory)) {
      if (tree !== "owner.json") await removeWorkspace(root, join(directory, tree));
    }
    await rm(directory, { recursive: true, force: true });
  }
}

function isAlive(directory: string): boolean {
  try {
    return processState(JSON.parse(readFileSync(join(directory, "owner.json"), "utf8"))) !== "dead";
  } catch {
    return false;
  }
}

function readEntries(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
