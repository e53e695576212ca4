import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DeepwrightError } from "@deepwright/core";
import { hasGit } from "../est/project/repository.js";

/** A folder in which one process works on a project at a time. */
export interface WorkFolder {
  readonly path: string;
  release(): void;
}

/** What a case makes in its work folder. */
const contents = ["project", "packages", "sales-database"];

/**
 * Takes a folder for a case. It stays behind, so that the source of the recorded runs can be read, and the next call
 * makes its content anew, with the same commits: a machine keeps one of them however often it starts.
 *
 * @param options.given a user named the folder: what is in it is kept
 * @returns `null` where the case should work among the temporary files: without git, where the store keeps the source of
 *   the runs and a folder within a repository would be taken for a part of it, and while another process works here
 * @throws DeepwrightError `CASE_RUNNING` while another process works in a folder that a user named
 */
export async function claimWorkFolder(
  path: string,
  { given }: { readonly given: boolean },
): Promise<WorkFolder | null> {
  if (!given && !hasGit()) return null;
  mkdirSync(path, { recursive: true });
  const claim = join(path, "process-id");
  const holder = take(claim);
  if (holder !== null && given) throw caseRunning(path, holder);
  if (holder !== null) return null;
  if (!given) for (const name of contents) rmSync(join(path, name), { recursive: true, force: true, maxRetries: 3 });
  return { path, release: () => rmSync(claim, { force: true }) };
}

/** Takes the claim, or gives the process that has it. */
function take(claim: string): number | null {
  for (;;) {
    try {
      writeFileSync(claim, String(process.pid), { flag: "wx" });
      return null;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = readHolder(claim);
    if (holder !== null && isAlive(holder)) return holder;
    rmSync(claim, { force: true });
  }
}

function readHolder(claim: string): number | null {
  try {
    const holder = Number(readFileSync(claim, "utf8"));
    return Number.isInteger(holder) && holder > 0 ? holder : null;
  } catch {
    return null;
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function caseRunning(path: string, holder: number): DeepwrightError {
  return new DeepwrightError({
    code: "CASE_RUNNING",
    kind: "conflict",
    expected: `nobody else to work in ${path}`,
    got: `process ${holder}, which does`,
    todo: "Wait until it has ended, or give another --workdir.",
  });
}
