import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { chmod, copyFile, mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DeepwrightError } from "@deepwright/core";

/** Copies of inputs beyond this are not kept. */
export const maximumKeptBytes = 256 * 1024 * 1024;

/** Where the copy of a file with this SHA-256 lies. */
const objectPath = (storeDirectory: string, hash: string): string =>
  join(storeDirectory, "objects", hash.slice(0, 2), hash);

/**
 * Keeps a copy of a file under its hash, so that its state can be restored. On file systems that share blocks (btrfs, XFS, APFS) the copy takes
 * no room. Never a hard link: the original may be changed in place.
 */
export async function keepObject(storeDirectory: string, path: string, hash: string): Promise<void> {
  const target = objectPath(storeDirectory, hash);
  if (await exists(target)) return;
  await copyWhole(path, target);
  if ((await sha256Of(target)) === hash) {
    await chmod(target, 0o444);
    return;
  }
  await rm(target, { force: true });
  throw new DeepwrightError({
    code: "DATA_FILE_CHANGED",
    kind: "conflict",
    expected: `${JSON.stringify(path)} to stay as it was while it was copied`,
    got: "other content",
    todo: "Write data before a run, not during it; no copy was kept.",
  });
}

/**
 * Puts the kept copy of an input at a path, in place of what is there.
 *
 * @param hash SHA-256 of the content, the leaf `inputs/<name>/bytes` of a run
 * @throws DeepwrightError `OBJECT_MISSING` when no copy was kept, `OBJECT_DAMAGED` when it is not what it was
 */
export async function restoreObject(storeDirectory: string, hash: string, path: string): Promise<void> {
  const source = objectPath(storeDirectory, hash);
  if (!/^[0-9a-f]{64}$/.test(hash) || !(await exists(source))) {
    throw new DeepwrightError({
      code: "OBJECT_MISSING",
      kind: "not-found",
      expected: "a kept copy of the data",
      got: `none with the hash ${JSON.stringify(hash)}`,
      todo: "Record runs without --no-keep-data; files above 256 MiB and inputs from databases are never kept.",
    });
  }
  await copyWhole(source, path);
  if ((await sha256Of(path)) === hash) return;
  throw new DeepwrightError({
    code: "OBJECT_DAMAGED",
    kind: "unavailable",
    expected: `the kept copy ${hash} to be what it was`,
    got: "other content",
    todo: "The disk or somebody changed it; restore the store's folder from a backup.",
    retryable: false,
  });
}

/** Whether a copy of the content is kept. */
export const hasObject = (storeDirectory: string, hash: string): Promise<boolean> =>
  exists(objectPath(storeDirectory, hash));

async function copyWhole(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const temporary = `${to}.${process.pid}.tmp`;
  try {
    await copyFile(from, temporary, constants.COPYFILE_FICLONE);
    await chmod(temporary, 0o644);
    await rename(temporary, to);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
