import type { Command } from "commander";

/** What a shell may offer at one place of the command line. */
export interface CommandNode {
  /** Words that lead here behind `deepwright`: `["configuration", "infer"]`; none at the top. */
  readonly words: readonly string[];
  readonly commands: readonly { readonly name: string; readonly summary: string }[];
  readonly options: readonly CommandOption[];
}

export interface CommandOption {
  /** `--project`. */
  readonly flag: string;
  readonly summary: string;
  /** Whether a value comes behind it. */
  readonly takesValue: boolean;
}

const help: CommandOption = { flag: "--help", summary: "print help", takesValue: false };

/** A command and all below it, parents before children, as the command line itself knows them. */
export function commandTree(command: Command, words: readonly string[] = []): readonly CommandNode[] {
  const options = command.options.flatMap(({ long, description, required, optional }): CommandOption[] =>
    long ? [{ flag: long, summary: description, takesValue: required || optional }] : [],
  );
  const node: CommandNode = {
    words,
    commands: command.commands.map((nested) => ({ name: nested.name(), summary: nested.description() })),
    options: [...options, help],
  };
  return [node, ...command.commands.flatMap((nested) => commandTree(nested, [...words, nested.name()]))];
}

/** Options behind which a value comes, wherever they stand: what follows them is no command. */
export function valueFlags(tree: readonly CommandNode[]): readonly string[] {
  const flags = tree.flatMap(({ options }) => options.filter(({ takesValue }) => takesValue).map(({ flag }) => flag));
  return [...new Set(flags)].sort();
}

/** Text as one word of a POSIX shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
