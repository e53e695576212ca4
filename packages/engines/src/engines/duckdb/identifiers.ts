import { refuseNul } from "@deepwright/core";

/** A name in double quotes, with quotes inside doubled. @throws DeepwrightError `TEXT_WITH_NUL` */
export function quoteIdentifier(name: string): string {
  return `"${refuseNul(name, "a name").replaceAll('"', '""')}"`;
}

/** A text in single quotes, with quotes inside doubled. DuckDB knows no backslash escapes in such literals. */
export function quoteLiteral(text: string): string {
  return `'${refuseNul(text, "a path").replaceAll("'", "''")}'`;
}
