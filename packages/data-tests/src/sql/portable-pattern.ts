import { patternInvalid } from "../errors.js";

const classes: Readonly<Record<string, string>> = { d: "0-9", w: "A-Za-z0-9_", s: " \\t\\n\\r\\f" };

/**
 * A regular expression that RE2 (DuckDB), Postgres, Java (Spark) and JavaScript read alike: literals, `.`, classes, `\d \w \s`
 * and their complements outside a class, groups, alternatives, `^`, `$` and quantifiers. Classes are ASCII; `.` is any
 * character but a line feed; `$` is the end of the text.
 *
 * @throws DeepwrightError `PATTERN_INVALID` for what is broken, and for what the engines read differently
 */
export function portablePattern(pattern: string): string {
  try {
    new RegExp(pattern, "u");
  } catch (error) {
    throw patternInvalid(pattern, error instanceof Error ? error.message.replace(/^.*\/u?: /, "") : String(error));
  }
  let result = "";
  let inClass = false;
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern[index] as string;
    if (character === "\\") {
      index += 1;
      result += portableEscape(pattern, pattern[index] ?? "", inClass);
    } else if (inClass) {
      if (character === "]") inClass = false;
      if (character === "[") throw patternInvalid(pattern, "write [ inside a class as \\[");
      result += character;
    } else if (character === "[") {
      inClass = true;
      result += character;
      if (pattern[index + 1] === "^") {
        result += "^";
        index += 1;
      }
      if (pattern[index + 1] === "]") throw patternInvalid(pattern, "an empty class");
    } else if (character === "(" && pattern[index + 1] === "?") {
      if (pattern[index + 2] !== ":") throw patternInvalid(pattern, "only (?: may follow an opening bracket");
      result += "(?:";
      index += 2;
    } else {
      result += character === "." ? "[^\\n]" : character;
    }
  }
  return result;
}

function portableEscape(pattern: string, character: string, inClass: boolean): string {
  const lower = character.toLowerCase();
  if (Object.hasOwn(classes, lower)) {
    const members = classes[lower] as string;
    if (!inClass) return `[${character === lower ? "" : "^"}${members}]`;
    if (character === lower) return members;
    throw patternInvalid(pattern, `\\${character} inside a class`);
  }
  if (/[tnrf]/.test(character) || /[^\p{L}\p{N}]/u.test(character)) return `\\${character}`;
  throw patternInvalid(pattern, `the escape \\${character}`);
}
