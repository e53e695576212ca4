import type { Command } from "commander";
import type { CliContext } from "./context.js";

/**
 * One command of the command line. Its file exports it as `command`; `commands/registry.ts` names it, so that only the command that is
 * asked for is loaded.
 *
 * @example
 * ```ts
 * export const command: CliCommand = {
 *   configure(program, cli) {
 *     program.argument("[run]", "id, start of an id, name or `latest`", "latest").action(async (reference: string) => {
 *       const lineage = await cli.openLineage();
 *       const run = await lineage.runs.resolveRun({ reference });
 *       cli.print(run, () => run.name);
 *     });
 *   },
 * };
 * ```
 */
export interface CliCommand {
  /**
   * Adds arguments, options and the action. The options that all commands share are there already.
   *
   * @param buildWhole makes the command line with the options of all commands, for what lists them
   */
  configure(program: Command, cli: CliContext, buildWhole: () => Promise<Command>): void;
}

export interface CommandEntry {
  readonly name: string;
  /** One line for `deepwright --help`. */
  readonly summary: string;
  load(): Promise<{ readonly command: CliCommand }>;
}
