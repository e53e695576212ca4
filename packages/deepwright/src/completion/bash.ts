import { type CommandNode, quoted, valueFlags } from "./command-tree.js";

/** Completion for bash. Behind `--` a command of the user is completed, as it would be without us. */
export function bashCompletion(tree: readonly CommandNode[]): string {
  const places = tree.map(({ words, commands, options }) => {
    const names = commands.map(({ name }) => name).join(" ");
    const flags = options.map(({ flag }) => flag).join(" ");
    return `    ${quoted(words.join(" "))}) names=${quoted(names)} flags=${quoted(flags)} ;;`;
  });
  const known = tree.filter(({ words }) => words.length > 0).map(({ words }) => quoted(words.join(" ")));
  return `_deepwright() {
  local word="\${COMP_WORDS[COMP_CWORD]}" place="" value="" names="" flags="" next index
  for ((index = 1; index < COMP_CWORD; index++)); do
    if [[ -n "$value" ]]; then value=""; continue; fi
    case "\${COMP_WORDS[index]}" in
      --) COMPREPLY=($(compgen -c -f -- "$word")); return ;;
      ${valueFlags(tree).join("|")}) value=1 ;;
      -*) ;;
      *)
        next="\${place:+$place }\${COMP_WORDS[index]}"
        case "$next" in
          ${known.join("|")}) place="$next" ;;
        esac ;;
    esac
  done
  case "$place" in
${places.join("\n")}
  esac
  if [[ -n "$value" ]]; then COMPREPLY=($(compgen -f -- "$word"))
  elif [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W "$flags" -- "$word"))
  elif [[ -n "$names" ]]; then COMPREPLY=($(compgen -W "$names" -- "$word"))
  else COMPREPLY=($(compgen -f -- "$word")); fi
}
complete -F _deepwright deepwright
`;
}
