import { DeepwrightError } from "@deepwright/core";
import type { Command } from "commander";
import type { CliCommand } from "../command.js";
import type { CliContext } from "../context.js";

const commonOptions = ["--store", "--json", "--quiet", "--no-color", "--help"];

export const command: CliCommand = {
  configure(program: Command, cli: CliContext): void {
    program
      .argument("<shell>", "bash, zsh or fish")
      .addHelpText(
        "after",
        "\nbash: source <(deepwright completion bash)\nzsh:  source <(deepwright completion zsh)\nfish: deepwright completion fish | source",
      )
      .action((shell: string) => {
        const script = scripts[shell];
        if (script === undefined) throw unknownShell(shell);
        const text = script(listedCommands(program));
        cli.print({ shell, script: text }, () => text);
      });
  },
};

interface Listed {
  readonly name: string;
  readonly summary: string;
}

/** The commands beside this one, as the command line itself knows them. */
const listedCommands = (program: Command): readonly Listed[] =>
  (program.parent?.commands ?? []).map((entry) => ({ name: entry.name(), summary: entry.description() }));
const names = (listed: readonly Listed[]): string => listed.map((entry) => entry.name).join(" ");
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Behind `--` a command of the user is completed, as it would be without us. */
const scripts: Readonly<Record<string, (listed: readonly Listed[]) => string>> = {
  bash: (listed) => `_deepwright() {
  local word="\${COMP_WORDS[COMP_CWORD]}" index
  for ((index = 1; index < COMP_CWORD; index++)); do
    if [[ "\${COMP_WORDS[index]}" == "--" ]]; then
      COMPREPLY=($(compgen -c -f -- "$word"))
      return
    fi
  done
  if [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W "${commonOptions.join(" ")}" -- "$word"))
  elif [[ $COMP_CWORD -eq 1 ]]; then COMPREPLY=($(compgen -W "${names(listed)}" -- "$word"))
  else COMPREPLY=($(compgen -f -- "$word")); fi
}
complete -F _deepwright deepwright
`,
  zsh: (listed) => `#compdef deepwright
_deepwright() {
  local -a commands=(
${listed.map((entry) => `    ${quote(`${entry.name}:${entry.summary.replaceAll(":", "\\:")}`)}`).join("\n")}
  )
  if (( CURRENT == 2 )); then _describe command commands
  elif [[ -n "\${words[(r)--]}" ]]; then _files; _command_names -e
  elif [[ "$PREFIX" == -* ]]; then compadd -- ${commonOptions.join(" ")}
  else _files; fi
}
compdef _deepwright deepwright
`,
  fish: (listed) =>
    [
      "complete -c deepwright -f -n '__fish_use_subcommand'",
      ...listed.map(
        (entry) => `complete -c deepwright -n '__fish_use_subcommand' -a ${entry.name} -d ${quote(entry.summary)}`,
      ),
      ...commonOptions.map((option) => `complete -c deepwright -l ${option.slice(2)}`),
      "",
    ].join("\n"),
};

function unknownShell(shell: string): DeepwrightError {
  return new DeepwrightError({
    code: "UNKNOWN_SHELL",
    expected: "bash, zsh or fish",
    got: JSON.stringify(shell),
    todo: "Name one of the three shells.",
  });
}
