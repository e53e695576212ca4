import { resolve } from "node:path";
import { type ComponentMap, isDeepwrightError } from "@deepwright/core";
import type { ConfigurationViolation } from "@deepwright/lineage";
import {
  checkDeclaredConfiguration,
  configurationViolated,
  declaredConfiguration,
  findConfigurationSchema,
  readConfigurationSchema,
} from "@deepwright/lineage/recorder";
import type { CliContext } from "./context.js";

export interface CheckedCommand {
  readonly command: readonly string[];
  readonly config: readonly string[];
  /** Schema file that was asked for, relative to the working directory. */
  readonly schema?: string | undefined;
  /** Whether the last runs of the project speak where no schema is checked in, and of which project. */
  readonly inferFor?: string | undefined;
}

/**
 * Checks the configuration of a command before it runs: refused when it violates a schema file, remarked upon when it only
 * differs from what earlier runs held.
 *
 * @throws DeepwrightError `CONFIGURATION_VIOLATED`, `CONFIGURATION_SCHEMA_MISSING`, `INVALID_CONFIGURATION_SCHEMA`
 */
export async function checkBeforeRun(checked: CheckedCommand, cli: CliContext): Promise<void> {
  const { workingDirectory } = cli.streams;
  const file =
    checked.schema === undefined
      ? findConfigurationSchema(workingDirectory)
      : resolve(workingDirectory, checked.schema);
  if (file === null && checked.inferFor === undefined) return;
  const configuration = await declaredConfiguration({ ...checked, workingDirectory });
  if (file !== null) {
    const violations = checkDeclaredConfiguration(await readConfigurationSchema(file), configuration);
    if (violations.length > 0) throw configurationViolated(violations, JSON.stringify(file));
  } else if (checked.inferFor !== undefined) {
    const { violationText } = await import("@deepwright/lineage");
    for (const violation of await unlikeEarlierRuns(checked.inferFor, configuration, cli)) {
      cli.note(`deepwright: unlike earlier runs: ${violationText(violation)}`);
    }
  }
}

async function unlikeEarlierRuns(
  project: string,
  configuration: ComponentMap,
  cli: CliContext,
): Promise<readonly ConfigurationViolation[]> {
  try {
    const [{ runs }, { inferProjectSchema }] = await Promise.all([cli.openLineage(), import("@deepwright/lineage")]);
    return checkDeclaredConfiguration(await inferProjectSchema(runs, { project }), configuration);
  } catch (error) {
    // The first run has nothing to be compared with; a store that is away keeps nobody from running.
    if (isDeepwrightError(error) && (error.code === "NO_RUNS" || error.kind === "unavailable")) return [];
    throw error;
  }
}
