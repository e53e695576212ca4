import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { joinPath, type Leaf } from "@deepwright/core";
import type { NodeReport } from "../hooks/reports.js";

function readJson(path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function nearestModules(start: string): string[] {
  const found: string[] = [];
  for (let folder = start; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules");
    if (existsSync(candidate)) found.push(candidate);
    if (dirname(folder) === folder) return found;
  }
}

/**
 * Every package that lies in the `node_modules` folders from `start` upwards. npm's own list is read where there is one, pnpm's store
 * by the names of its folders, else the `package.json` of each package. A package in several versions has them all,
 * joined by a comma.
 */
export function nodePackages(start: string): Map<string, string> {
  const versions = new Map<string, Set<string>>();
  const add = (name: string, version: unknown): void => {
    if (typeof version !== "string" || name === "") return;
    const known = versions.get(name);
    if (known) known.add(version);
    else versions.set(name, new Set([version]));
  };
  for (const folder of nearestModules(start)) {
    const lock = readJson(join(folder, ".package-lock.json")).packages;
    const pnpm = join(folder, ".pnpm");
    if (typeof lock === "object" && lock !== null) fromLock(lock, add);
    else if (existsSync(pnpm)) fromPnpm(pnpm, add);
    else fromFolders(folder, add);
  }
  return new Map([...versions].map(([name, set]) => [name, [...set].sort().join(", ")]));
}

function listFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

type Add = (name: string, version: unknown) => void;

function fromLock(packages: object, add: Add): void {
  for (const [path, entry] of Object.entries(packages)) {
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    if (path !== "" && typeof entry === "object" && entry !== null && "version" in entry) add(name, entry.version);
  }
}

/** `@scope+name@1.2.3_peers` */
function fromPnpm(folder: string, add: Add): void {
  for (const entry of listFolder(folder)) {
    const at = entry.indexOf("@", 1);
    if (at < 0) continue;
    const version = /^\d[^_(]*/.exec(entry.slice(at + 1))?.[0];
    add(entry.slice(0, at).replace(/^(@[^+]+)\+/, "$1/"), version);
  }
}

function fromFolders(folder: string, add: Add): void {
  for (const entry of listFolder(folder)) {
    if (entry.startsWith(".")) continue;
    const names = entry.startsWith("@") ? listFolder(join(folder, entry)).map((name) => `${entry}/${name}`) : [entry];
    for (const name of names) add(name, readJson(join(folder, name, "package.json")).version);
  }
}

/** Paths of the platform component for one Node that ran. */
export function captureNode(report: NodeReport): Record<string, Leaf> {
  const entries: Record<string, Leaf> = {
    "interpreter/node/version": report.version,
    "interpreter/node/executable": report.executable,
  };
  for (const [name, version] of nodePackages(startOf(report))) entries[joinPath("packages", "node", name)] = version;
  return entries;
}

function startOf(report: NodeReport): string {
  try {
    return report.main === null ? report.cwd : dirname(realpathSync(report.main));
  } catch {
    return report.cwd;
  }
}
