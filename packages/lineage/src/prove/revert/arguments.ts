import { joinPath, type Leaf } from "@deepwright/core";
import { parseArguments } from "../../capture/configuration/arguments.js";

/**
 * Sets or removes one argument of a command.
 *
 * @param command the program and its arguments
 * @param segments the path of the configuration component without `arguments`: a flag, a key, a position, or one of these
 *   and the number of its repetition
 * @param value `undefined` takes the argument away
 */
export function editArguments(
  command: readonly string[],
  segments: readonly string[],
  value: Leaf | undefined,
): string[] {
  const words = command.slice(1);
  const path = joinPath("arguments", ...segments);
  const name = segments[0] as string;
  const text = String(value);
  for (let index = 0; index < words.length; index++) {
    // The words that make up this argument are those without which its path is gone or another.
    const word = words[index] as string;
    const equals = word.indexOf("=");
    const before = parseArguments(words);
    if (!(path in before)) break;
    const joined = equals > 0 && word.slice(0, equals).replace(/^\++/, "") === name;
    const flag = word === name && name.startsWith("-");
    const positional = /^\d+$/.test(name) && isPositional(words, index, Number(name));
    if (!joined && !flag && !positional) continue;
    if (segments.length > 1 && repetition(words, index, name) !== Number(segments[1])) continue;
    const takesValue = flag && before[path] !== true;
    if (value === undefined || (flag && value === false)) words.splice(index, takesValue ? 2 : 1);
    else if (joined) words[index] = `${word.slice(0, equals + 1)}${text}`;
    else if (positional) words[index] = text;
    else if (value === true && !takesValue) words[index] = name;
    else words.splice(index, takesValue ? 2 : 1, name, ...(value === true ? [] : [text]));
    return [command[0] as string, ...words];
  }
  if (value === undefined) return [...command];
  if (name.startsWith("-")) words.push(name, ...(value === true ? [] : [text]));
  else if (/^\d+$/.test(name)) insertPositional(words, Number(name), text);
  else words.push(`${name}=${text}`);
  return [command[0] as string, ...words];
}

function isPositional(words: readonly string[], index: number, position: number): boolean {
  const marked = [...words];
  const mark = "\u0001";
  marked[index] = mark;
  return parseArguments(marked)[`arguments/${position}`] === mark;
}

function repetition(words: readonly string[], index: number, name: string): number {
  const earlier = words.slice(0, index);
  return earlier.filter((word) => word === name || word.replace(/^\++/, "").startsWith(`${name}=`)).length;
}

function insertPositional(words: string[], position: number, text: string): void {
  const index = words.findIndex((_, at) => isPositional(words, at, position));
  if (index < 0) words.push(text);
  else words.splice(index, 0, text);
}
