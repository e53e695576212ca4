import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { ImageFacts } from "./image-facts.js";
import { type FolderLevel, type ListedFile, listImages } from "./list-images.js";
import { type ImageLimits, readImage } from "./read-image.js";
import { openReaders } from "./worker/readers.js";

export interface ScanOptions {
  /** What the levels of folders mean, from the top. Default: nothing. */
  readonly folders?: readonly FolderLevel[];
  /**
   * Threads that decode images, 0 .. 64; 0: the caller's own. Default: one for each processor, at most 8, and none for fewer than 64
   * images.
   */
  readonly workers?: number;
  /** Pixels of an image that is decoded. Default: 50,000,000; each thread may hold about 24 bytes for each. */
  readonly pixelLimit?: number;
  readonly signal?: AbortSignal;
}

/** Files of a folder: images, and those that are none. */
export interface ScannedFolder {
  readonly folder: string;
  readonly images: readonly ImageFacts[];
  /** Paths of files that are neither named nor made as images. */
  readonly others: readonly string[];
}

const usualPixels = 50_000_000;
const fileBytes = 512 * 1024 ** 2;
const fewImages = 64;

/**
 * Reads every image of a folder once. Pixels are dropped as soon as they are measured; kept are some 500 bytes for each image.
 *
 * @throws DeepwrightError `DATA_FILE_MISSING` where the folder can't be read; the signal's reason
 */
export async function scanImages(folder: string, options: ScanOptions = {}): Promise<ScannedFolder> {
  const listed = await listImages(folder, options.folders ?? []);
  const limits: ImageLimits = { pixels: options.pixelLimit ?? usualPixels, bytes: fileBytes };
  const count = workerCount(options.workers, listed.length);
  const readers = count === 0 ? null : openReaders(workerFile, count, limits);
  const read = readers === null ? (path: string) => readImage(path, limits) : readers.read;
  const found: (ImageFacts | null)[] = new Array<ImageFacts | null>(listed.length).fill(null);
  const others: string[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < listed.length) {
      options.signal?.throwIfAborted();
      const index = next++;
      const file = listed[index] as ListedFile;
      const facts = await factsOf(file, read);
      if (facts === null) others.push(file.path);
      else found[index] = facts;
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.max(1, count) }, work));
  } finally {
    await readers?.close();
  }
  return { folder, images: found.filter((facts) => facts !== null), others: others.sort() };
}

/** `null`: no image, neither by its name nor by its bytes. */
async function factsOf(
  { path, location, split, label, isNamedImage, problem }: ListedFile,
  read: (path: string) => ReturnType<typeof readImage>,
): Promise<ImageFacts | null> {
  const place = { path, split, label };
  if (location === null) return { ...place, sizeBytes: null, hash: null, header: null, measures: null, problem };
  const facts = await read(location);
  if (!isNamedImage && facts.header === null && facts.problem === "no image format") return null;
  if (!isNamedImage && facts.sizeBytes === 0) return null;
  return { ...place, ...facts };
}

const workerFile = fileURLToPath(new URL("./worker/worker.js", import.meta.url));

function workerCount(asked: number | undefined, files: number): number {
  if (asked !== undefined) return Math.max(0, Math.min(64, Math.floor(asked)));
  // Without a build there is no file that a thread could run.
  if (files < fewImages || !existsSync(workerFile)) return 0;
  return Math.min(8, availableParallelism());
}
