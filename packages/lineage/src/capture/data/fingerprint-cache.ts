import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FileFingerprint, FingerprintCache } from "@deepwright/engines";

/** Keeps fingerprints in the store's folder, one small file each; a broken one counts as none. */
export function fingerprintCache(storeDirectory: string): FingerprintCache {
  const folder = join(storeDirectory, "fingerprints");
  return {
    async get(key) {
      try {
        return JSON.parse(await readFile(join(folder, `${key}.json`), "utf8")) as FileFingerprint;
      } catch {
        return undefined;
      }
    },
    async set(key, value) {
      const path = join(folder, `${key}.json`);
      await mkdir(folder, { recursive: true });
      await writeFile(`${path}.${process.pid}`, JSON.stringify(value));
      await rename(`${path}.${process.pid}`, path);
    },
  };
}
