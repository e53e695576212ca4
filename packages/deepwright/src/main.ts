import { Command } from "commander";
import { commandEntries } from "./commands/registry.js";
import { CliContext, type CliStreams, type CommonOptions } from "./context.js";
import type { Lineage } from "./open-lineage.js";
import { renderError } from "./render-error.js";
import { version } from "./version.js";

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

async function buildProgram(words: readonly string[], cli: CliContext): Promise<Command> {
  const program = newCommand(cli)
    .name("deepwright")
    .description("Record any training run without changing its code, and say why it got worse.")
    .version(version(), "-V, --version")
    .enablePositionalOptions()
    .showHelpAfterError("Run `deepwright --help` for the commands.");
  withCommonOptions(program);
  const wanted = words.find((word) => !word.startsWith("-"));
  for (const entry of commandEntries) {
    const command = newCommand(cli).name(entry.name).description(entry.summary);
    withCommonOptions(command);
    if (entry.name === wanted || (wanted === "help" && words.includes(entry.name))) {
      (await entry.load()).command.configure(command, cli);
      for (const nested of command.commands) withCommonOptions(nested);
      command.hook("preAction", (_, action) =>
        cli.setOptions({ ...program.opts<CommonOptions>(), ...given(command), ...given(action) }),
      );
    }
    program.addCommand(command);
  }
  return program;
}

/** Options of the subcommand that were given; its defaults must not hide those given before its name. */
function given(command: Command): CommonOptions {
  const options = Object.entries(command.opts()).filter(([name]) => command.getOptionValueSource(name) === "cli");
  return Object.fromEntries(options);
}

function newCommand(cli: CliContext): Command {
  const { stdout, stderr } = cli.streams;
  return new Command().exitOverride().configureOutput({
    writeOut: (text) => void stdout.write(text),
    writeErr: (text) => void stderr.write(text),
    getOutHasColors: () => cli.color,
    getErrHasColors: () => cli.color,
    outputError: () => undefined,
  });
}

function withCommonOptions(command: Command): void {
  command
    .option(
      "--store <address>",
      "file:PATH, postgres://... or http(s)://... (default: DEEPWRIGHT_STORE or the nearest .deepwright)",
    )
    .option("--json", "print one JSON document")
    .option("--quiet", "print no remarks")
    .option("--no-color", "print without colors");
}
