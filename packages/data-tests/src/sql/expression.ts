import { sqlUnsafe } from "../errors.js";
import { type Fragment, text } from "./fragment.js";

/**
 * SQL that the author of a suite wrote, put in brackets. What could end the brackets early, start a second statement or
 * swallow the rest as a comment is refused.
 *
 * @throws DeepwrightError `SQL_EXPRESSION_INVALID`
 */
export function authoredSql(written: string): Fragment {
  const rest = written.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, "x");
  if (written.trim() === "") throw sqlUnsafe(written, "nothing");
  if (written.includes("\0")) throw sqlUnsafe(written, "a NUL byte");
  if (/['"]/.test(rest)) throw sqlUnsafe(written, "an open quote");
  if (/\$\d/.test(rest)) throw sqlUnsafe(written, "a parameter; write the value itself");
  if (/--|\/\*|;|\$\$|#|`/.test(rest)) throw sqlUnsafe(written, "a comment, a semicolon or another kind of quote");
  let depth = 0;
  for (const character of rest) {
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (depth < 0) throw sqlUnsafe(written, "a bracket that closes nothing");
  }
  if (depth > 0) throw sqlUnsafe(written, "an open bracket");
  return text(`(${written})`);
}
