import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { fileChanged } from "../errors.js";
import { toFileError } from "./file-errors.js";
import { snapshotOf } from "./snapshot.js";

/** Bytes read at a time; all the memory that a file of any size needs. */
const chunkBytes = 4 * 1024 * 1024;

export interface HashOptions {
  readonly signal?: AbortSignal;
  /** Called after each chunk with the bytes that were hashed since the last call. */
  readonly onBytes?: (bytes: number) => void;
}

/**
 * SHA-256 of a file's bytes as 64 hexadecimal digits, in constant memory.
 *
 * @throws DeepwrightError `DATA_FILE_MISSING`, `DATA_FILE_UNREADABLE`, `DATA_FILE_CHANGED` when the file is written meanwhile
 */
export async function sha256File(path: string, options: HashOptions = {}): Promise<string> {
  const { signal } = options;
  signal?.throwIfAborted();
  const file = await open(path, "r").catch((error: unknown) => {
    throw toFileError(path, error);
  });
  try {
    const stats = await file.stat({ bigint: true });
    const hash = createHash("sha256");
    const buffer = Buffer.allocUnsafe(chunkBytes);
    // A file that a writer appends to faster than we read would have no end.
    for (let rest = Number(stats.size); rest > 0; ) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(buffer, 0, Math.min(chunkBytes, rest), null);
      if (bytesRead === 0) break;
      rest -= bytesRead;
      hash.update(buffer.subarray(0, bytesRead));
      options.onBytes?.(bytesRead);
    }
    if (snapshotOf(await file.stat({ bigint: true })) !== snapshotOf(stats)) throw fileChanged(path);
    return hash.digest("hex");
  } catch (error) {
    signal?.throwIfAborted();
    throw toFileError(path, error);
  } finally {
    await file.close();
  }
}
