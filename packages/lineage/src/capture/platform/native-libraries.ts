import { readdirSync } from "node:fs";
import { join } from "node:path";
import { joinPath, type Leaf } from "@deepwright/core";
import { runProgram } from "../run-program.js";

/** Libraries whose version or build changes floating-point results. */
const libraries: Readonly<Record<string, RegExp>> = {
  openblas: /^lib(?:scipy_)?openblas/,
  mkl: /^libmkl_(?:rt|core)\b/,
  blis: /^libblis/,
  atlas: /^libatlas/,
  lapack: /^liblapack/,
  cudart: /^libcudart/,
  cublas: /^libcublas\b/,
  cudnn: /^libcudnn\b/,
  nccl: /^libnccl\b/,
  gomp: /^libgomp/,
};

function libraryOf(file: string): string | null {
  return Object.entries(libraries).find(([, pattern]) => pattern.test(file))?.[0] ?? null;
}

/**
 * Libraries that an interpreter brings along, whose file names hold their build: those of wheels
 * (`numpy.libs/libscipy_openblas64_-ff651d7f.so`, `nvidia/cudnn/lib/libcudnn.so.9`) and of its own folder, where conda and
 * pip's mkl put them.
 */
export function bundledLibraries(searchPath: readonly string[], prefix?: string): Record<string, Leaf> {
  const entries: Record<string, Leaf> = {};
  const add = (owner: string, folder: string): void => {
    for (const file of listFolder(folder)) {
      const library = libraryOf(file);
      if (library !== null) entries[joinPath("native", `${owner} ${library}`)] ??= file;
    }
  };
  for (const folder of new Set(searchPath)) {
    for (const entry of listFolder(folder)) {
      if (entry.endsWith(".libs")) add(entry.replace(/\.libs$/, ""), join(folder, entry));
    }
    for (const entry of listFolder(join(folder, "nvidia"))) add("nvidia", join(folder, "nvidia", entry, "lib"));
  }
  if (prefix !== undefined && prefix !== "/usr") add("prefix", join(prefix, "lib"));
  return entries;
}

/** Libraries of the system by the loader's cache; the name of the file holds the version. */
export async function systemLibraries(): Promise<Record<string, Leaf>> {
  const listing = (await runProgram("ldconfig", ["-p"])) ?? (await runProgram("/sbin/ldconfig", ["-p"]));
  const entries: Record<string, Leaf> = {};
  for (const line of listing?.toString("utf8").split("\n") ?? []) {
    const file = /^\s+(\S+) /.exec(line)?.[1];
    const library = file === undefined ? null : libraryOf(file);
    if (file !== undefined && library !== null) entries[joinPath("native", library)] ??= file;
  }
  return entries;
}

function listFolder(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
}
