import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { joinPath, type Leaf } from "@deepwright/core";
import type { PythonReport } from "../hooks/reports.js";

/** The name under which two spellings are the same package (PEP 503). */
const normalizedName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, "-");

/**
 * Every installed package that an interpreter sees, by the names of the `dist-info` folders on its path (the layout that
 * PEP 376 and 427 prescribe; pip, uv and conda all write it). Reads folders, not files: 500 packages take milliseconds.
 */
export function pythonPackages(searchPath: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const folder of new Set(searchPath)) {
    for (const name of listFolder(folder)) {
      const entry = packageOf(folder, name);
      // The first on the path is the one that is imported.
      if (entry && !found.has(entry.name)) found.set(entry.name, entry.version);
    }
  }
  return found;
}

function packageOf(folder: string, entry: string): { readonly name: string; readonly version: string } | null {
  const info = /^(.+?)-([^-]+)\.dist-info$/.exec(entry) ?? /^(.+?)-([^-]+)(?:-py[\d.]+)?\.egg-info$/.exec(entry);
  if (info) return { name: normalizedName(info[1] as string), version: info[2] as string };
  const develop = /^(.+)\.egg-info$/.exec(entry);
  if (!develop) return null;
  const metadata = readText(join(folder, entry, "PKG-INFO")) || readText(join(folder, entry));
  const version = /^Version:\s*(\S+)/m.exec(metadata)?.[1];
  return version === undefined ? null : { name: normalizedName(develop[1] as string), version };
}

/** What conda installed that is no Python package: its own record, one file a package. */
export function condaPackages(prefix: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of listFolder(join(prefix, "conda-meta"))) {
    const match = /^(.+)-([^-]+)-[^-]+\.json$/.exec(name);
    if (match) found.set(match[1] as string, match[2] as string);
  }
  return found;
}

/** Paths of the platform component for one interpreter that ran. */
export function capturePython(report: PythonReport): Record<string, Leaf> {
  const entries: Record<string, Leaf> = {
    "interpreter/python/version": report.version,
    "interpreter/python/executable": report.executable,
  };
  for (const [name, version] of pythonPackages(report.path)) entries[joinPath("packages", "python", name)] = version;
  for (const [name, version] of condaPackages(report.prefix)) entries[joinPath("packages", "conda", name)] = version;
  return entries;
}

function listFolder(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
