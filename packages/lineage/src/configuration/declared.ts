import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type ComponentMap, DeepwrightError, joinPath, splitPath } from "@deepwright/core";
import { parseArguments } from "../capture/configuration/arguments.js";
import { captureConfigFiles, configsAmongArguments } from "../capture/configuration/config-files.js";
import { redactCommand } from "../capture/secrets.js";
import { sourceRoot } from "../capture/source/source.js";
import {
  type ConfigurationSchema,
  type ConfigurationViolation,
  checkConfiguration,
  parseConfigurationSchema,
} from "./schema.js";

/** The schema that is checked in beside the source, in the working directory or at the top of the source. */
export const configurationSchemaFile = "deepwright.config.schema.json";

export interface DeclaredInput {
  /** Program and arguments. */
  readonly command: readonly string[];
  /** Absolute. */
  readonly workingDirectory: string;
  /** Config files beside those among the arguments, as for `recordCommand`. */
  readonly config?: readonly string[];
}

/**
 * The configuration that a command would be recorded with, as far as it is known before the command runs: its arguments
 * and the config files that they or the caller name. Files that the command opens on its own are not among them.
 *
 * @throws DeepwrightError `CONFIG_FILE_MISSING`, `CONFIG_FILE_BROKEN`, `CONFIG_FILE_TOO_LARGE` for a file in `config`
 */
export async function declaredConfiguration(input: DeclaredInput): Promise<ComponentMap> {
  const { command, workingDirectory, config = [] } = input;
  const context = { root: sourceRoot(workingDirectory), workingDirectory, command, note: () => undefined };
  const declared = config.map((path) => resolve(workingDirectory, path));
  const found = configsAmongArguments(context).filter((path) => !declared.includes(path));
  return {
    ...parseArguments(redactCommand(command).slice(1)),
    ...(await captureConfigFiles(context, declared, true)),
    ...(await captureConfigFiles(context, found, false)),
  };
}

/** Where the checked-in schema lies; `null` when there is none. */
export function findConfigurationSchema(workingDirectory: string): string | null {
  const places = [workingDirectory, sourceRoot(workingDirectory)].map((folder) =>
    join(folder, configurationSchemaFile),
  );
  return places.find((path) => existsSync(path)) ?? null;
}

/** @throws DeepwrightError `CONFIGURATION_SCHEMA_MISSING`, `INVALID_CONFIGURATION_SCHEMA` */
export async function readConfigurationSchema(file: string): Promise<ConfigurationSchema> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new DeepwrightError({
      code: "CONFIGURATION_SCHEMA_MISSING",
      kind: "not-found",
      expected: `a configuration schema at ${JSON.stringify(file)}`,
      got: error instanceof Error ? error.message : String(error),
      todo: `Write one with \`deepwright configuration infer --out ${configurationSchemaFile}\`.`,
      cause: error,
    });
  }
  let content: unknown;
  try {
    content = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    // The parser's own words name the place; the schema's check then has nothing to add.
    const got = error instanceof Error ? error.message : String(error);
    const todo = "Correct the file, or write it anew with `deepwright configuration infer`.";
    const expected = `JSON in ${JSON.stringify(file)}`;
    throw new DeepwrightError({ code: "INVALID_CONFIGURATION_SCHEMA", expected, got, todo, cause: error });
  }
  return parseConfigurationSchema(content, file);
}

/**
 * Checks what is known of a configuration before the run. A required key of a file that nobody named yet is not missed:
 * the command may open that file on its own.
 */
export function checkDeclaredConfiguration(
  schema: ConfigurationSchema,
  configuration: ComponentMap,
): readonly ConfigurationViolation[] {
  const fileOf = (path: string): string | null => {
    const [area, file] = splitPath(path);
    return area === "files" && file !== undefined ? joinPath("files", file) : null;
  };
  const known = new Set(Object.keys(configuration).map(fileOf));
  return checkConfiguration(configuration, schema).filter(
    ({ rule, path }) => rule !== "missing-key" || fileOf(path) === null || known.has(fileOf(path)),
  );
}

/** One violation as one line. */
export function violationText({ path, rule, expected, got, suggestion }: ConfigurationViolation): string {
  if (rule === "missing-key") return `${path}: is required (${expected})`;
  if (rule === "unknown-key") {
    return `${path}: is no known key${suggestion === undefined ? "" : `; did you mean ${suggestion}?`}`;
  }
  return `${path}: expected ${expected}, got ${got}`;
}

const shownViolations = 10;

/** The error that ends `deepwright run` before the command starts; `details.violations` holds them all. */
export function configurationViolated(violations: readonly ConfigurationViolation[], file: string): DeepwrightError {
  const shown = violations.slice(0, shownViolations).map(violationText);
  const rest = violations.length - shown.length;
  return new DeepwrightError({
    code: "CONFIGURATION_VIOLATED",
    kind: "conflict",
    expected: `a configuration that ${file} allows`,
    got: `${violations.length} ${violations.length === 1 ? "violation" : "violations"}: ${shown.join("; ")}${rest > 0 ? `; and ${rest} more` : ""}`,
    todo: "Correct the configuration, or change the schema where the configuration is right.",
    details: { violations },
  });
}
