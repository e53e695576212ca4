import { type CommandNode, quoted } from "./command-tree.js";

/** Completion for fish: a line for each thing that may be offered, with the place at which it may. */
export function fishCompletion(tree: readonly CommandNode[]): string {
  const lines = tree.flatMap(({ words, commands, options }) => {
    const names = commands.map(({ name }) => name);
    const here = words.map((word) => `__fish_seen_subcommand_from ${word}`);
    const deeper = words.length > 0 && names.length > 0 ? [`not __fish_seen_subcommand_from ${names.join(" ")}`] : [];
    const place = words.length === 0 ? "__fish_use_subcommand" : [...here, ...deeper].join("; and ");
    return [
      ...commands.map(
        ({ name, summary }) => `complete -c deepwright -f -n ${quoted(place)} -a ${name} -d ${quoted(summary)}`,
      ),
      ...options.map(
        ({ flag, summary, takesValue }) =>
          `complete -c deepwright -n ${quoted(place)} -l ${flag.slice(2)}${takesValue ? " -r" : ""} -d ${quoted(summary)}`,
      ),
    ];
  });
  return [...lines, ""].join("\n");
}
