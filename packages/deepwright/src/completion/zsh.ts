import { type CommandNode, quoted, valueFlags } from "./command-tree.js";

/** One entry of `_describe`: a name, a colon, what it is. */
const entry = (name: string, summary: string): string => quoted(`${name.replaceAll(":", "\\:")}:${summary}`);

/** Completion for zsh. Behind `--` a command of the user is completed, as it would be without us. */
export function zshCompletion(tree: readonly CommandNode[]): string {
  const places = tree.map(({ words, commands, options }) => {
    const names = commands.map(({ name, summary }) => entry(name, summary)).join(" ");
    const flags = options.map(({ flag, summary }) => entry(flag, summary)).join(" ");
    return `    ${quoted(words.join(" "))}) names=(${names}); flags=(${flags}) ;;`;
  });
  const known = tree.filter(({ words }) => words.length > 0).map(({ words }) => quoted(words.join(" ")));
  return `#compdef deepwright
_deepwright() {
  local place="" value="" next index
  local -a names flags
  for ((index = 2; index < CURRENT; index++)); do
    if [[ -n "$value" ]]; then value=""; continue; fi
    case "\${words[index]}" in
      --) _command_names -e; _files; return ;;
      ${valueFlags(tree).join("|")}) value=1 ;;
      -*) ;;
      *)
        next="\${place:+$place }\${words[index]}"
        case "$next" in
          ${known.join("|")}) place="$next" ;;
        esac ;;
    esac
  done
  case "$place" in
${places.join("\n")}
  esac
  if [[ -n "$value" ]]; then _files
  elif [[ "$PREFIX" == -* ]]; then _describe -o option flags
  elif (( \${#names} > 0 )); then _describe command names
  else _files; fi
}
compdef _deepwright deepwright
`;
}
