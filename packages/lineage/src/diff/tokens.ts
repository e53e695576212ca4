import type { Language } from "./language.js";

/** A token of source with the line (from 1) on which it begins. Comments and white space without meaning are none. */
export interface Token {
  readonly text: string;
  readonly line: number;
  /** Line on which it ends. */
  readonly endLine: number;
}

const word = /[\p{L}\p{N}_$.]+/uy;
const symbol = /[^\s\p{L}\p{N}_$.]/uy;
const opening = "([{";
const closing = ")]}";

/**
 * Splits source into tokens, so that two texts with equal tokens mean the same. In an indented language the start of
 * each logical line is a token of its own with its indentation; a Python string that is a statement by itself (a
 * docstring) is a comment. Unknown constructs only make tokens differ, never agree.
 */
export function tokenize(text: string, language: Language): Token[] {
  const tokens: Token[] = [];
  let index = 0;
  let line = 1;
  let depth = 0;
  let lineStart = 0;
  let freshLine = true;
  const push = (token: string, end: number): void => {
    if (freshLine && language.indented && depth === 0) {
      const indentation = /^[ \t]*/.exec(text.slice(lineStart, index))?.[0] ?? "";
      tokens.push({ text: `\n${indentation.replaceAll("\t", "        ")}`, line, endLine: line });
    }
    freshLine = false;
    const lines = countLines(token);
    tokens.push({ text: normalize(token, language), line, endLine: line + lines });
    line += lines;
    index = end;
  };
  while (index < text.length) {
    const character = text[index] as string;
    if (character === "\n") {
      // `return` and a value on the next line are two statements in JavaScript.
      if (!language.indented && /^(return|throw|break|continue|yield)$/.test(tokens.at(-1)?.text ?? "")) {
        tokens.push({ text: "\n", line, endLine: line });
      }
      index += 1;
      line += 1;
      lineStart = index;
      freshLine = true;
    } else if (character === "\\" && text[index + 1] === "\n") {
      index += 2;
      line += 1;
    } else if (/\s/.test(character)) {
      index += 1;
    } else if (language.lineComments.some((mark) => text.startsWith(mark, index))) {
      const end = text.indexOf("\n", index);
      index = end < 0 ? text.length : end;
    } else {
      const block = language.blockComments.find(([mark]) => text.startsWith(mark, index));
      if (block) {
        const end = text.indexOf(block[1], index + block[0].length);
        const next = end < 0 ? text.length : end + block[1].length;
        line += countLines(text.slice(index, next));
        index = next;
        continue;
      }
      const quote = language.quotes.find((mark) => text.startsWith(mark, index));
      if (quote) {
        const end = stringEnd(text, index + quote.length, quote);
        if (quote.length === 3 && freshLine && depth === 0 && /^[ \t;]*(#.*)?(\n|$)/.test(text.slice(end))) {
          line += countLines(text.slice(index, end));
          index = end;
        } else push(text.slice(index, end), end);
        continue;
      }
      word.lastIndex = index;
      symbol.lastIndex = index;
      const found = word.exec(text)?.[0] ?? symbol.exec(text)?.[0] ?? character;
      push(found, index + found.length);
      if (opening.includes(found)) depth += 1;
      else if (closing.includes(found)) depth = Math.max(0, depth - 1);
    }
  }
  return dropTrailingCommas(tokens);
}

const countLines = (text: string): number => text.split("\n").length - 1;

/** Where a string that opened before `from` ends; a quote of one character ends at the latest with its line. */
function stringEnd(text: string, from: number, quote: string): number {
  for (let index = from; index < text.length; index++) {
    if (text[index] === "\\") index += 1;
    else if (text.startsWith(quote, index)) return index + quote.length;
    else if (text[index] === "\n" && (quote === '"' || quote === "'")) return index;
  }
  return text.length;
}

function normalize(token: string, language: Language): string {
  const plain = /^'([^'"\\\n]*)'$/.exec(token);
  if (!language.caseSensitive) return /^["']/.test(token) ? token : token.toLowerCase();
  return plain && language.quotes.includes('"') && token.length > 3 ? `"${plain[1]}"` : token;
}

/** A comma before `]` or `}` means nothing; before `)` only when the parentheses hold another one or follow a name. */
function dropTrailingCommas(tokens: readonly Token[]): Token[] {
  return tokens.filter((token, index) => {
    if (token.text !== ",") return true;
    const next = tokens[index + 1]?.text;
    if (next === "]" || next === "}") return false;
    if (next !== ")") return true;
    let depth = 0;
    let commas = 0;
    for (let back = index - 1; back >= 0; back--) {
      const text = tokens[back]?.text ?? "";
      if (closing.includes(text)) depth += 1;
      else if (opening.includes(text)) {
        if (depth === 0) return !(commas > 0 || /[\p{L}\p{N}_$)\]]$/u.test(tokens[back - 1]?.text ?? ""));
        depth -= 1;
      } else if (text === "," && depth === 0) commas += 1;
    }
    return true;
  });
}
