import { Command, Help } from "commander";
import { commandEntries } from "./commands/registry.js";
import type { CliContext, CommonOptions } from "./context.js";
import { version } from "./version.js";

/** Loads the options and subcommands of every command, for what lists them. */
const everyCommand = "every-command";

/**
 * The command line. Only the command that the words ask for is loaded; of the others help shows the name.
 *
 * @param words the arguments behind `deepwright`, or {@link everyCommand}
 */
export async function buildProgram(words: readonly string[] | typeof everyCommand, cli: CliContext): Promise<Command> {
  const program = newCommand(cli)
    .name("deepwright")
    .description("Record any training run without changing its code, and say why it got worse.")
    .version(version(), "-V, --version")
    .enablePositionalOptions();
  withCommonOptions(program);
  for (const entry of commandEntries) {
    const command = newCommand(cli).name(entry.name).description(entry.summary);
    withCommonOptions(command);
    if (words === everyCommand || isWanted(entry.name, words)) {
      const loaded = await entry.load();
      loaded.command.configure(command, cli, () => buildProgram(everyCommand, cli));
      for (const nested of command.commands) withCommonOptions(nested);
      command.hook("preAction", (_, action) =>
        cli.setOptions({ ...program.opts<CommonOptions>(), ...given(command), ...given(action) }),
      );
    }
    program.addCommand(command);
  }
  return program;
}

/** Whether the first word that is no option, and no value of one, names the command, itself or behind `help`. */
function isWanted(name: string, words: readonly string[]): boolean {
  const plain = words.filter((word, index) => !word.startsWith("-") && words[index - 1] !== "--store");
  return plain[0] === name || (plain[0] === "help" && plain.includes(name));
}

/** Options of the subcommand that were given; its defaults must not hide those given before its name. */
function given(command: Command): CommonOptions {
  const options = Object.entries(command.opts()).filter(([name]) => command.getOptionValueSource(name) === "cli");
  return Object.fromEntries(options);
}

function newCommand(cli: CliContext): Command {
  const { stdout, stderr } = cli.streams;
  return new Command()
    .exitOverride()
    .configureHelp({ optionDescription: describeOption })
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      getOutHasColors: () => cli.color,
      getErrHasColors: () => cli.color,
      outputError: () => undefined,
    });
}

const help = new Help();

/** An option that may be repeated begins as an empty list, which tells a reader nothing. */
const describeOption: Help["optionDescription"] = (option) =>
  help.optionDescription(option).replace(/ ?\(default: \[\]\)$/, "");

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
