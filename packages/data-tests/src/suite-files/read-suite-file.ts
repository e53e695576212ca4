import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { DeepwrightError, isDeepwrightError } from "@deepwright/core";
import { parse } from "yaml";
import { suiteInvalid } from "../errors.js";
import { type AnySuiteFile, checkSuiteFile } from "./suite-file.js";

/** Endings of suite files. */
export const suiteEndings = [".suite.yaml", ".suite.yml", ".suite.json", ".suite.js", ".suite.mjs"] as const;

/**
 * Reads a suite file: YAML or JSON, or JavaScript whose default export is the suite. JavaScript is run.
 *
 * @param path absolute
 * @throws DeepwrightError `SUITE_FILE_MISSING`; `SUITE_INVALID`, which names the file
 */
export async function readSuiteFile(path: string): Promise<AnySuiteFile> {
  try {
    return checkSuiteFile(/\.m?js$/.test(path) ? await importSuite(path) : await parseFile(path));
  } catch (error) {
    if (!isDeepwrightError(error) || error.code !== "SUITE_INVALID") throw error;
    throw suiteInvalid(error.expected, `${error.got}, in ${JSON.stringify(path)}`, error.todo, {
      ...error.details,
      file: path,
    });
  }
}

async function parseFile(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw suiteFileMissing(path, cause);
  });
  try {
    // Aliases could make a small text huge.
    return parse(text, { maxAliasCount: 0 });
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    throw suiteInvalid("a suite in JSON or YAML", reason.replace(/[:.\s]+$/, ""), "Correct the text.");
  }
}

async function importSuite(path: string): Promise<unknown> {
  try {
    const module: { readonly default?: unknown } = await import(pathToFileURL(path).href);
    return module.default;
  } catch (error) {
    if (isDeepwrightError(error)) throw error;
    if (isMissing(error, path)) throw suiteFileMissing(path, error);
    const reason = error instanceof Error ? error.message : String(error);
    throw suiteInvalid("a JavaScript module that exports a suite as default", reason, "Correct the module.");
  }
}

/** The file itself, and not a module that it imports, is absent. */
function isMissing(error: unknown, path: string): boolean {
  const { code, url } = error as { readonly code?: unknown; readonly url?: unknown };
  return code === "ERR_MODULE_NOT_FOUND" && (url === undefined || url === pathToFileURL(path).href);
}

export function suiteFileMissing(path: string, cause?: unknown): DeepwrightError {
  return new DeepwrightError({
    code: "SUITE_FILE_MISSING",
    kind: "not-found",
    expected: `a suite file (${suiteEndings.join(", ")}) or a folder with some`,
    got: JSON.stringify(path),
    todo: "Check the path.",
    cause,
  });
}
