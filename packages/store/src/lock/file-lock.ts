import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { DeepwrightError } from "@deepwright/core";
import { ownIdentity, type ProcessIdentity, processState } from "./process-identity.js";

/** What a lock file holds. */
export interface LockContent extends ProcessIdentity {
  readonly version: 1;
  /** Different for every time that the lock is taken. */
  readonly token: string;
  /** Where the holder can be reached. */
  readonly address: string;
}

export type LockAttempt =
  | { readonly kind: "acquired"; readonly lock: FileLock }
  | { readonly kind: "held"; readonly holder: LockContent; readonly state: "alive" | "unknown" };

export interface FileLock {
  readonly content: LockContent;
  release(): void;
}

/**
 * Tries once to take the lock at `path` for this process.
 *
 * The file appears whole or not at all (it is written elsewhere and linked to its name, which fails when the name is
 * taken). A dead holder's lock is removed only under a claim, itself such a lock, named after the token of the lock to
 * remove: of two starters that both saw the dead holder, the slower one finds another token and lets it be. A live
 * holder's lock is never removed.
 *
 * @param address where others will reach this process if it gets the lock
 * @throws DeepwrightError `STORE_LOCK_BROKEN` when the file is no lock; file system errors as they come
 */
export function tryLock(path: string, address: string): LockAttempt {
  const content: LockContent = { version: 1, token: randomUUID(), ...ownIdentity(), address };
  for (;;) {
    if (create(path, content))
      return { kind: "acquired", lock: { content, release: () => remove(path, content.token) } };
    const holder = read(path);
    if (holder === undefined) continue;
    const state = processState(holder);
    if (state !== "dead") return { kind: "held", holder, state };
    if (!reap(path, holder)) return { kind: "held", holder, state: "alive" };
  }
}

/** Removes a lock whose holder is known to be dead. False: another process is at it. */
function reap(path: string, holder: LockContent): boolean {
  const claim = tryLock(`${path}.reap-${holder.token}`, "");
  if (claim.kind === "held") return false;
  try {
    remove(path, holder.token);
  } finally {
    claim.lock.release();
  }
  return true;
}

function create(path: string, content: LockContent): boolean {
  const temporary = `${path}.${content.token}`;
  try {
    writeFileSync(temporary, JSON.stringify(content), { flag: "wx", mode: 0o600 });
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    // A file system without hard links: exclusive creation. Its readers wait for the rest of a half-written file.
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes(systemCode(error))) throw error;
    return createExclusively(path, content);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function createExclusively(path: string, content: LockContent): boolean {
  try {
    writeFileSync(path, JSON.stringify(content), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  }
}

function remove(path: string, token: string): void {
  if (read(path)?.token === token) rmSync(path, { force: true });
}

/** Undefined: there is none. */
function read(path: string): LockContent | undefined {
  let text = "";
  for (let attempt = 0; attempt < 40; attempt++) {
    try {
      text = readFileSync(path, "utf8");
    } catch (error) {
      if (systemCode(error) === "ENOENT") return undefined;
      throw error;
    }
    const content = parse(text);
    if (content !== undefined) return content;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 25);
  }
  throw new DeepwrightError({
    code: "STORE_LOCK_BROKEN",
    kind: "conflict",
    expected: "a lock file written by Deepwright",
    got: JSON.stringify(text.slice(0, 80)),
    todo: `Delete ${JSON.stringify(path)} when no process uses this directory.`,
  });
}

function parse(text: string): LockContent | undefined {
  try {
    const value: Partial<LockContent> | null = JSON.parse(text);
    return typeof value === "object" &&
      value !== null &&
      typeof value.token === "string" &&
      typeof value.pid === "number"
      ? (value as LockContent)
      : undefined;
  } catch {
    return undefined;
  }
}

const systemCode = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : "");
