import { DeepwrightError } from "@deepwright/core";
import type { Command } from "commander";
import type { CliCommand } from "../command.js";
import { bashCompletion } from "../completion/bash.js";
import { type CommandNode, commandTree } from "../completion/command-tree.js";
import { fishCompletion } from "../completion/fish.js";
import { zshCompletion } from "../completion/zsh.js";
import type { CliContext } from "../context.js";

const scripts: Readonly<Record<string, (tree: readonly CommandNode[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

export const command: CliCommand = {
  configure(program: Command, cli: CliContext, buildWhole: () => Promise<Command>): void {
    program
      .argument("<shell>", "bash, zsh or fish")
      .addHelpText(
        "after",
        "\nbash: source <(deepwright completion bash)\nzsh:  source <(deepwright completion zsh)\nfish: deepwright completion fish | source",
      )
      .action(async (shell: string) => {
        const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
        if (script === undefined) throw unknownShell(shell);
        const text = script(commandTree(await buildWhole()));
        cli.print({ shell, script: text }, () => text);
      });
  },
};

function unknownShell(shell: string): DeepwrightError {
  return new DeepwrightError({
    code: "UNKNOWN_SHELL",
    expected: "bash, zsh or fish",
    got: JSON.stringify(shell),
    todo: "Name one of the three shells.",
  });
}
