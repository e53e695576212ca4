import { joinPath, type Leaf } from "@deepwright/core";

/** A flag of one dash with letters only (`-lr`) or two dashes; `-5` and `-1e3` are values. */
const flagPattern = /^--?[A-Za-z][^\s=]*$|^--?[A-Za-z][^\s=]*=/;

/** Types a word of the command line as a person reads it. Numbers with leading zeros and very long ones stay text. */
function typedWord(word: string): Leaf {
  if (word === "true" || word === "True") return true;
  if (word === "false" || word === "False") return false;
  if (
    /^[-+]?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$|^[-+]?\.\d+(?:[eE][-+]?\d+)?$/.test(word) &&
    word.length <= 17
  ) {
    return Number(word);
  }
  return word;
}

/**
 * Reads the arguments of a command into paths of the configuration component: `--flag value`, `--flag=value`, lone flags
 * (true), `--no-flag` kept as it is, `key=value` as Hydra has it, repeated flags numbered, the rest by position.
 *
 * @example
 * ```ts
 * console.log(parseArguments(["train.py", "--lr", "0.1", "--shuffle", "model.depth=3"]));
 * // { "arguments/0": "train.py", "arguments/--lr": 0.1, "arguments/--shuffle": true, "arguments/model.depth": 3 }
 * ```
 */
export function parseArguments(words: readonly string[]): Record<string, Leaf> {
  const found = new Map<string, Leaf[]>();
  const set = (name: string, value: Leaf): void => {
    const values = found.get(name);
    if (values) values.push(value);
    else found.set(name, [value]);
  };
  let position = 0;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as string;
    const next = words[index + 1];
    if (word === "--") continue;
    if (flagPattern.test(word)) {
      const equals = word.indexOf("=");
      if (equals > 0) set(word.slice(0, equals), typedWord(word.slice(equals + 1)));
      else if (next !== undefined && next !== "--" && !flagPattern.test(next)) {
        set(word, typedWord(next));
        index += 1;
      } else set(word, true);
      continue;
    }
    const pair = /^\+{0,2}([A-Za-z_][\w.@/-]*)=(.*)$/s.exec(word);
    if (pair) set(pair[1] as string, typedWord(pair[2] as string));
    else set(String(position++), typedWord(word));
  }
  const entries: [string, Leaf][] = [];
  for (const [name, values] of found) {
    if (values.length === 1) entries.push([joinPath("arguments", name), values[0] as Leaf]);
    else
      for (const [index, value] of values.entries()) entries.push([joinPath("arguments", name, String(index)), value]);
  }
  return Object.fromEntries(entries);
}
