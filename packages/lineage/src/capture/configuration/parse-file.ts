import { readFile, stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import { DeepwrightError, flatten, type Leaf, unescapeSegment } from "@deepwright/core";
import { redactSetting } from "../secrets.js";

const maximumConfigBytes = 1024 * 1024;
const configExtensions = new Set([".yaml", ".yml", ".json", ".toml", ".ini", ".cfg", ".env", ".properties"]);
/** Files of tools that say nothing about a training. */
const notConfigs = new Set([
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "pyproject.toml",
  "composer.json",
  "model.json",
]);

/** Whether a file is configuration by its name. */
export function isConfigFile(path: string): boolean {
  const name = basename(path);
  if (notConfigs.has(name)) return false;
  return configExtensions.has(extname(name).toLowerCase()) || /^\.env(?:\.|$)/.test(name);
}

/**
 * Reads a config file into a flat map of its keys. Comments and formatting do not count; values that look like secrets
 * are replaced by `[secret]`, so that a change of them goes unseen.
 *
 * @throws DeepwrightError `CONFIG_FILE_MISSING`, `CONFIG_FILE_TOO_LARGE`, `CONFIG_FILE_BROKEN`
 */
export async function parseConfigFile(path: string): Promise<Record<string, Leaf>> {
  const text = await readConfig(path);
  try {
    const entries = flatten(await parseText(path, text));
    for (const [key, value] of Object.entries(entries)) {
      if (typeof value !== "string") continue;
      const name = unescapeSegment(key.slice(key.lastIndexOf("/") + 1));
      entries[key] = redactSetting(name, value).replaceAll("\0", "\ufffd");
    }
    return entries;
  } catch (error) {
    throw new DeepwrightError({
      code: "CONFIG_FILE_BROKEN",
      expected: `${JSON.stringify(path)} to be well-formed ${extname(path).slice(1) || "text"}`,
      got: error instanceof Error ? (error.message.split("\n")[0] as string) : String(error),
      todo: "Correct the file; its keys are not recorded until then.",
      cause: error,
    });
  }
}

async function readConfig(path: string): Promise<string> {
  let sizeBytes: number;
  try {
    const state = await stat(path);
    if (!state.isFile()) throw new Error("no file");
    sizeBytes = state.size;
  } catch (error) {
    throw new DeepwrightError({
      code: "CONFIG_FILE_MISSING",
      kind: "not-found",
      expected: `a config file at ${JSON.stringify(path)}`,
      got: "none",
      todo: "Check the path given with --config.",
      cause: error,
    });
  }
  if (sizeBytes > maximumConfigBytes) {
    throw new DeepwrightError({
      code: "CONFIG_FILE_TOO_LARGE",
      expected: "a config file of at most 1 MiB",
      got: `${sizeBytes} bytes at ${JSON.stringify(path)}`,
      todo: "Declare it with --data instead.",
    });
  }
  return readFile(path, "utf8");
}

async function parseText(path: string, text: string): Promise<unknown> {
  const clean = text.replace(/^\ufeff/, "");
  switch (extname(path).toLowerCase()) {
    case ".json":
      return JSON.parse(clean);
    case ".yaml":
    case ".yml": {
      const { parseAllDocuments } = await import("yaml");
      const documents = [...parseAllDocuments(clean)];
      const values = documents.map((document) => {
        const problem = document.errors[0];
        if (problem) throw problem;
        return document.toJS() as unknown;
      });
      return values.length === 1 ? values[0] : values;
    }
    case ".toml": {
      const { parse } = await import("smol-toml");
      return parse(clean);
    }
    case ".ini":
    case ".cfg":
    case ".properties":
      return parseIni(clean);
    default:
      return parseDotenv(clean);
  }
}

/** Sections and `key = value` or `key: value` lines. Comments start with `;` or `#`. */
export function parseIni(text: string): Record<string, Record<string, string> | string> {
  const result: Record<string, Record<string, string> | string> = Object.create(null);
  let section: Record<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim();
    if (trimmed === "" || /^[;#]/.test(trimmed)) continue;
    const head = /^\[([^\]]+)\]$/.exec(trimmed);
    if (head) {
      section = Object.create(null) as Record<string, string>;
      result[head[1] as string] = section;
      continue;
    }
    const pair = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(trimmed);
    if (!pair) throw new Error(`no section, key or comment: ${JSON.stringify(trimmed.slice(0, 80))}`);
    if (section) section[pair[1] as string] = pair[2] as string;
    else result[pair[1] as string] = pair[2] as string;
  }
  return result;
}

/** `NAME=value` lines, with `export`, quotes and comments. */
export function parseDotenv(text: string): Record<string, string> {
  const result: Record<string, string> = Object.create(null);
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const pair = /^(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*)$/.exec(trimmed);
    if (!pair) throw new Error(`no NAME=value: ${JSON.stringify(trimmed.slice(0, 80))}`);
    const value = pair[2] as string;
    const quoted = /^"((?:[^"\\]|\\.)*)"|^'([^']*)'/.exec(value);
    if (quoted?.[1] !== undefined) result[pair[1] as string] = quoted[1].replace(/\\n/g, "\n").replace(/\\(.)/g, "$1");
    else result[pair[1] as string] = quoted?.[2] ?? value.replace(/\s+#.*$/, "");
  }
  return result;
}
