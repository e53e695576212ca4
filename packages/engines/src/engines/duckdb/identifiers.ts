/** A name in double quotes, with quotes inside doubled. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text in single quotes, with quotes inside doubled. DuckDB knows no backslash escapes in such literals. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
