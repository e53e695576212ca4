import { DeepwrightError } from "@deepwright/core";

/** A piece of filter text; `start` counts UTF-16 units from 0. */
export interface Token {
  readonly kind: "word" | "text" | "operator" | "open" | "close" | "end";
  /** The content: a text without its quotes and escapes. */
  readonly value: string;
  readonly start: number;
  /** Nothing stands between this token and the one before. */
  readonly joined: boolean;
}

const operator = /(?:!=|<=|>=|=|<|>|~)/y;
const blank = /\s+/y;
/** Everything that is no blank, quote, bracket or operator: `metric.mae`, `-1.5e-3`, `2026-01-01T10:00:00Z`, `ä/b`. */
const word = /[^\s"()=!<>~]+/y;

/**
 * Cuts a filter into tokens.
 *
 * @throws DeepwrightError `INVALID_FILTER` with `details.position`
 */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  let joined = false;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position;
    return pattern.exec(source)?.[0];
  };
  while (position < source.length) {
    const space = match(blank);
    if (space !== undefined) {
      position += space.length;
      joined = false;
      continue;
    }
    const token = nextToken(source, position, match, joined);
    tokens.push(token.token);
    position = token.end;
    joined = true;
  }
  tokens.push({ kind: "end", value: "", start: source.length, joined: false });
  return tokens;
}

function nextToken(
  source: string,
  start: number,
  match: (pattern: RegExp) => string | undefined,
  joined: boolean,
): { token: Token; end: number } {
  const character = source.charAt(start);
  if (character === "(" || character === ")") {
    return { token: { kind: character === "(" ? "open" : "close", value: character, start, joined }, end: start + 1 };
  }
  if (character === '"') {
    const { value, end } = readText(source, start);
    return { token: { kind: "text", value, start, joined }, end };
  }
  const sign = match(operator);
  if (sign !== undefined) return { token: { kind: "operator", value: sign, start, joined }, end: start + sign.length };
  const text = match(word);
  if (text === undefined) throw filterError(source, start, "an operator such as != or <=", JSON.stringify(character));
  return { token: { kind: "word", value: text, start, joined }, end: start + text.length };
}

/** Reads a text in double quotes with the escapes of JSON; line breaks may stand in it as they are. */
function readText(source: string, start: number): { value: string; end: number } {
  for (let end = start + 1; end < source.length; end++) {
    if (source[end] === "\\") {
      end += 1;
    } else if (source[end] === '"') {
      const escaped = source.slice(start, end + 1).replace(/\p{Cc}/gu, escapeControl);
      try {
        return { value: JSON.parse(escaped) as string, end: end + 1 };
      } catch {
        throw filterError(source, start, "a text with the escapes of JSON", escaped.slice(0, 60));
      }
    }
  }
  throw filterError(source, start, "a text that ends with a double quote", "the end of the filter");
}

function escapeControl(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** The error of every filter that can't be read: says where. */
export function filterError(source: string, position: number, expected: string, got: string): DeepwrightError {
  return new DeepwrightError({
    code: "INVALID_FILTER",
    expected: `${expected} at character ${position + 1} of the filter`,
    got,
    todo: 'Write a filter such as: metric.mae < 70000 and config.shuffle = true and not tag.team = "x".',
    details: { filter: source, position },
  });
}
