import type { ComponentMap } from "@deepwright/core";
import type { Run } from "../../contract/index.js";
import { fileOf } from "../../diff/difference.js";
import type { ContentSource } from "../../diff/index.js";
import { extensionOf } from "../../diff/language.js";
import { type FileIndex, indexFiles } from "./file-index.js";
import { referencesOf } from "./references.js";

/** Which source files a run's command can reach, with their text. */
export interface SourceReach {
  /** `unknown` when the command could not be followed into the source. */
  reaches(file: string): "yes" | "no" | "unknown";
  /** First place at which a pattern is found in what the command reaches. */
  find(
    pattern: RegExp,
    except?: string,
  ): { readonly file: string; readonly line: number; readonly text: string } | null;
  readonly texts: ReadonlyMap<string, string>;
}

const maximumFiles = 500;
const maximumCharacters = 12_000_000;
/** Endings of text that can run or be run: only it is searched for keys. */
const code = /^(py|pyw|ts|tsx|mts|cts|js|jsx|mjs|cjs|sql|sh|bash|r|R|scala|java|go|rs|c|cc|cpp|h|cu|jl|ipynb)$/;

/**
 * Follows the command of a run through imports, quoted paths and patterns of paths. Static, so it may reach too much;
 * what it does not reach is named nowhere in what runs.
 */
export async function sourceReach(run: Run, source: ComponentMap, content: ContentSource): Promise<SourceReach> {
  const hashes = new Map<string, string>();
  for (const [path, hash] of Object.entries(source)) {
    if (path.startsWith("files/") && typeof hash === "string") hashes.set(fileOf(path), hash);
  }
  const index = indexFiles(hashes.keys());
  const texts = new Map<string, string>();
  let frontier = entryFiles(run, index);
  const seen = new Set(frontier);
  let characters = 0;
  while (frontier.length > 0 && texts.size < maximumFiles && characters < maximumCharacters) {
    const requests = frontier
      .slice(0, maximumFiles - texts.size)
      .map((file) => ({ file, hash: hashes.get(file) ?? "" }));
    const found = await content.read(requests);
    const next: string[] = [];
    for (const { file, hash } of requests) {
      const bytes = found.get(hash);
      if (!bytes || bytes.includes(0)) continue;
      const text = new TextDecoder().decode(bytes);
      texts.set(file, text);
      characters += text.length;
      for (const reference of resolve(file, text, index)) {
        if (seen.has(reference)) continue;
        seen.add(reference);
        next.push(reference);
      }
    }
    frontier = next;
  }
  const followed = [...texts.keys()].some((file) => code.test(extensionOf(file)));
  return {
    texts,
    reaches: (file) => (!followed || !hashes.has(file) ? "unknown" : seen.has(file) ? "yes" : "no"),
    find(pattern, except) {
      for (const [file, text] of texts) {
        if (file === except || !code.test(extensionOf(file))) continue;
        const match = pattern.exec(text);
        if (!match) continue;
        const start = text.lastIndexOf("\n", match.index) + 1;
        const end = text.indexOf("\n", match.index);
        const line = text.slice(0, match.index).split("\n").length;
        return { file, line, text: text.slice(start, end < 0 ? undefined : end).trim() };
      }
      return null;
    },
  };
}

/** The files that the command names: scripts, modules (`-m`), and the file in which a task runner looks up its task. */
function entryFiles(run: Run, index: FileIndex): string[] {
  const files = run.command.flatMap((word) => (/\.\w+$/.test(word) ? index.path(word) : []));
  run.command.forEach((word, position) => {
    if (run.command[position - 1] === "-m")
      files.push(...index.pythonModule(word, ""), ...index.pythonModule(`${word}.__main__`, ""));
  });
  const runner = run.command[0]?.split("/").at(-1) ?? "";
  if (/^(npm|pnpm|yarn|npx|bun)$/.test(runner)) files.push(...index.path("package.json"));
  if (runner === "make") files.push(...index.path("Makefile"));
  return [...new Set(files)];
}

function resolve(file: string, text: string, index: FileIndex): string[] {
  const references = referencesOf(file, text);
  return [
    ...references.pythonModules.flatMap((module) => index.pythonModule(module, file)),
    ...references.specifiers.flatMap((name) => index.specifier(name, file)),
    ...references.paths.flatMap((path) => index.path(path)),
  ];
}
