import type { Language } from "./language.js";

const defaultHeading = /^[A-Za-z_$#[]/;
const indentation = (line: string): number => line.length - line.trimStart().length;

/**
 * The nearest line above that opens the function, class or section around a line, trimmed; `""` when there is none.
 *
 * @param line number from 1
 */
export function enclosingHeading(lines: readonly string[], line: number, language: Language | null): string {
  const heading = language?.heading ?? defaultHeading;
  const own = lines[line - 1] ?? "";
  const limit = own.trim() === "" ? Number.POSITIVE_INFINITY : indentation(own);
  for (let index = Math.min(line - 1, lines.length) - 1; index >= 0; index--) {
    const candidate = lines[index] as string;
    if (heading.test(candidate) && (indentation(candidate) < limit || limit === 0)) {
      // A line at the left margin of an indented language is inside nothing that opened before.
      if (limit === 0 && language?.indented) return "";
      return candidate.trim().slice(0, 120);
    }
  }
  return "";
}
