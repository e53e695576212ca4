import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { sha256 } from "@deepwright/core";
import { nodeHook } from "./node-hook.js";
import { pythonHook } from "./python-hook.js";

type Environment = Readonly<Record<string, string | undefined>>;

const ownFolder = /[\\/]hooks[\\/][0-9a-f]{16}$/;
const ownPreload = /\s*--require "?[^"\s]*[\\/]hooks[\\/][0-9a-f]{16}[\\/]preload\.cjs"?/g;

/**
 * The environment as it was before a recorder around this one added to it, so that a recorded command that records records
 * the same as it would alone.
 */
export function withoutHooks(environment: Environment): Environment {
  if (environment.DEEPWRIGHT_REPORTS === undefined) return environment;
  const path = environment.PYTHONPATH?.split(delimiter).filter((folder) => !ownFolder.test(folder));
  const options = environment.NODE_OPTIONS?.replace(ownPreload, "");
  return {
    ...environment,
    DEEPWRIGHT_REPORTS: undefined,
    DEEPWRIGHT_RUN_ID: undefined,
    PYTHONPATH: path === undefined || path.length === 0 ? undefined : path.join(delimiter),
    NODE_OPTIONS: options === "" ? undefined : options,
  };
}

function installHooks(storeDirectory: string): string {
  const folder = join(storeDirectory, "hooks", sha256(pythonHook + nodeHook).slice(0, 16));
  for (const [name, text] of [
    ["sitecustomize.py", pythonHook],
    ["preload.cjs", nodeHook],
  ] as const) {
    const path = join(folder, name);
    if (existsSync(path)) continue;
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${path}.${process.pid}`, text);
    renameSync(`${path}.${process.pid}`, path);
  }
  return folder;
}

/**
 * The environment in which the command reports its interpreter and its files into `reportFolder`. Python prints each line at once, as it
 * would on a terminal, so that metrics come while they are made.
 */
export function withHooks(environment: Environment, storeDirectory: string, reportFolder: string): Environment {
  const folder = installHooks(storeDirectory);
  mkdirSync(reportFolder, { recursive: true });
  const preload = join(folder, "preload.cjs");
  const word = /[\s"\\]/.test(preload) ? `"${preload.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"` : preload;
  return {
    ...environment,
    DEEPWRIGHT_REPORTS: reportFolder,
    PYTHONPATH: [folder, environment.PYTHONPATH].filter(Boolean).join(delimiter),
    PYTHONUNBUFFERED: environment.PYTHONUNBUFFERED ?? "1",
    NODE_OPTIONS: [environment.NODE_OPTIONS, `--require ${word}`].filter(Boolean).join(" "),
  };
}
