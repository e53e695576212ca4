import { CliContext, type CliStreams } from "./context.js";
import type { Lineage } from "./open-lineage.js";
import { buildProgram } from "./program.js";
import { renderError } from "./render-error.js";

const processStreams = (): CliStreams => ({
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  workingDirectory: process.cwd(),
});

/**
 * Runs the command line.
 *
 * @param words the arguments behind `deepwright`
 * @param shared an open lineage that commands use and leave open, for programs that run several commands
 * @returns the exit code: 0 ok, 1 a check failed, 2 usage, 3 the store is away, 4 not allowed, 70 a defect; `run` gives that of its command
 */
export async function main(
  words: readonly string[],
  streams: CliStreams = processStreams(),
  shared?: Lineage,
): Promise<number> {
  const cli = new CliContext(streams, shared);
  const interrupt = (): void => cli.abort();
  process.once("SIGINT", interrupt);
  try {
    const program = await buildProgram(words, cli);
    await program.parseAsync([...words], { from: "user" });
    return cli.exitCode;
  } catch (error) {
    return renderError(error, cli, words);
  } finally {
    process.removeListener("SIGINT", interrupt);
    await cli.close().catch((error: unknown) => renderError(error, cli, words));
  }
}
