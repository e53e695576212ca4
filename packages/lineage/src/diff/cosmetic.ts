import type { LineChange } from "./hunks.js";
import type { Language } from "./language.js";
import { type Token, tokenize } from "./tokens.js";

/**
 * Which changes of a file can't change what it does: white space, comments, formatting, the order of imports (taken as
 * one over the file, since moving a line makes two hunks).
 *
 * @param language `null`: only the ends of lines and empty lines are known to mean nothing
 */
export function cosmeticChanges(
  before: string,
  after: string,
  changes: readonly LineChange[],
  language: Language | null,
): boolean[] {
  if (!language) return changes.map((change) => sameText(change.beforeLines, change.afterLines));
  const left = tokenize(before, language);
  const right = tokenize(after, language);
  if (sameTokens(left, right)) return changes.map(() => true);
  const cosmetic = changes.map((change) =>
    sameTokens(
      tokensOf(left, change.beforeStart, change.beforeLines.length),
      tokensOf(right, change.afterStart, change.afterLines.length),
    ),
  );
  const importHunks = changes.map(
    (change, index) => !cosmetic[index] && [...change.beforeLines, ...change.afterLines].every(isImport(language)),
  );
  const importsOf = (side: "beforeLines" | "afterLines"): string =>
    changes
      .filter((_, index) => importHunks[index])
      .flatMap((change) => change[side].filter((line) => line.trim() !== "").map(normalizeImport))
      .sort()
      .join("\n");
  const reordered = importsOf("beforeLines") === importsOf("afterLines");
  return cosmetic.map((value, index) => value || (reordered && importHunks[index] === true));
}

const isImport =
  (language: Language) =>
  (line: string): boolean =>
    line.trim() === "" || language.importLine?.test(line) === true;

/** Import lines with their names sorted: `from a import c, b` and `from a import b, c` are the same. */
function normalizeImport(line: string): string {
  const names = line
    .trim()
    .replace(/;$/, "")
    .replaceAll("'", '"')
    .split(/[\s,(){}]+/);
  return names
    .filter((name) => name !== "")
    .sort()
    .join(" ");
}

function sameText(before: readonly string[], after: readonly string[]): boolean {
  const essence = (lines: readonly string[]): string =>
    lines
      .map((line) => line.trimEnd())
      .filter((line) => line !== "")
      .join("\n");
  return essence(before) === essence(after);
}

function sameTokens(left: readonly Token[], right: readonly Token[]): boolean {
  return left.length === right.length && left.every((token, index) => token.text === right[index]?.text);
}

/** The tokens that touch a range of lines. A token that spans lines belongs to every one of them. */
function tokensOf(tokens: readonly Token[], start: number, count: number): Token[] {
  return tokens.filter((token) => token.endLine >= start && token.line < start + count);
}
