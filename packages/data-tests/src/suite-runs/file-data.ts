import { createHash } from "node:crypto";
import { readdir, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import type { Clock } from "@deepwright/core";
import { sha256File } from "@deepwright/engines";
import { openArrayFile } from "../arrays/open-array-file.js";
import { quarantineElements } from "../arrays/quarantine-elements.js";
import { judgeArrays } from "../arrays/run-array-suite.js";
import type { ArrayReference } from "../arrays/suite.js";
import { quarantineImages } from "../images/quarantine-images.js";
import { judgeImages } from "../images/run-image-suite.js";
import type { QuarantinedRows } from "../reports/test-report.js";
import type { SuiteResult } from "../results/result.js";
import type { ArraySuiteFile, ImageSuiteFile } from "../suite-files/suite-file.js";

/** Arrays or images, which no engine reads. */
export interface FileData {
  readonly kind: "array" | "images";
  judge(
    options: FileJudgeOptions,
  ): Promise<{ readonly result: SuiteResult; readonly quarantine: QuarantinedRows | null }>;
  /** What tells the content; `null` for data behind an address. */
  fingerprint(signal?: AbortSignal): Promise<FileFingerprint | null>;
}

export interface FileJudgeOptions {
  readonly clock: Clock;
  /** Folder for what says which elements or images are good. */
  readonly place: string | undefined;
  readonly signal?: AbortSignal;
  readonly sampleSize?: number;
  /** Bytes that values of arrays may take. */
  readonly memoryLimit?: number;
}

export interface FileFingerprint {
  readonly files: number;
  readonly bytes: number;
  /** SHA-256 over names and contents of all files, in the order of their names. */
  readonly content: string;
}

/** @param folder where relative paths begin */
export function fileDataOf(file: ArraySuiteFile | ImageSuiteFile, folder: string): FileData {
  return "array" in file.data ? arrayData(file as ArraySuiteFile, folder) : imageData(file as ImageSuiteFile, folder);
}

const isAddress = (path: string): boolean => /^[a-z][a-z0-9+.-]+:\/\//i.test(path);
const absolute = (path: string, folder: string): string =>
  isAddress(path) || isAbsolute(path) ? path : resolve(folder, path);

function arrayData(file: ArraySuiteFile, folder: string): FileData {
  const { data, sources = {}, dataset: _, ...suite } = file;
  const path = absolute(data.array, folder);
  return {
    kind: "array",
    async judge({ place, ...options }) {
      // A chunk is held packed, unpacked and as doubles.
      const chunkLimit = options.memoryLimit === undefined ? undefined : Math.floor(options.memoryLimit / 8);
      const open = async ({ array, variable, missing, variables }: ArrayReference) => ({
        file: await openArrayFile(absolute(array, folder), {
          ...(chunkLimit !== undefined && { chunkLimit }),
          ...(variables && { variables }),
        }),
        variable,
        missing,
      });
      const opened: Awaited<ReturnType<typeof open>>[] = [];
      const track = async (reference: ArrayReference) => {
        const arrays = await open(reference);
        opened.push(arrays);
        return arrays;
      };
      try {
        const arrays = await track(data);
        const others: Record<string, typeof arrays> = {};
        for (const [name, reference] of Object.entries(sources)) others[name] = await track(reference);
        const judged = await judgeArrays(arrays, suite, { ...options, sources: others }, place !== undefined);
        const isSplit = place !== undefined && !judged.result.passed;
        return { result: judged.result, quarantine: isSplit ? await quarantineElements(judged, place) : null };
      } finally {
        for (const { file: each } of opened) await each.close();
      }
    },
    fingerprint: (signal) => fingerprintFiles(path, signal),
  };
}

function imageData(file: ImageSuiteFile, folder: string): FileData {
  const { data, dataset: _, ...suite } = file;
  const path = absolute(data.images, folder);
  return {
    kind: "images",
    async judge({ place, memoryLimit: _limit, ...options }) {
      const judged = await judgeImages(path, suite, {
        ...options,
        folder,
        ...(data.folders && { folders: data.folders }),
      });
      const isSplit = place !== undefined && !judged.result.passed;
      return { result: judged.result, quarantine: isSplit ? await quarantineImages(judged, place) : null };
    },
    fingerprint: (signal) => fingerprintFiles(path, signal),
  };
}

async function fingerprintFiles(path: string, signal: AbortSignal | undefined): Promise<FileFingerprint | null> {
  if (isAddress(path)) return null;
  const hash = createHash("sha256");
  let [files, bytes] = [0, 0];
  const add = async (location: string, name: string): Promise<void> => {
    signal?.throwIfAborted();
    const { size } = await stat(location);
    files += 1;
    bytes += size;
    hash.update(`${name}\0${await sha256File(location)}\n`);
  };
  const walk = async (folder: string, below: string): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) await walk(join(folder, entry.name), name);
      // Links are not followed; where they lead is what they hold.
      else if (entry.isFile()) await add(join(folder, entry.name), name);
      else hash.update(`${name}\0${await realpath(join(folder, entry.name)).catch(() => "nowhere")}\n`);
    }
  };
  if ((await stat(path)).isDirectory()) await walk(path, "");
  else await add(path, "");
  return { files, bytes, content: hash.digest("hex") };
}
