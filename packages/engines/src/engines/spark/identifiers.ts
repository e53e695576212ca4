import { refuseNul } from "@deepwright/core";

/** A name in backticks, with backticks inside doubled. @throws DeepwrightError `TEXT_WITH_NUL` */
export function quoteIdentifier(name: string): string {
  return `\`${refuseNul(name, "a name").replaceAll("`", "``")}\``;
}

/** A text in single quotes. Spark reads backslash escapes in such literals, so quotes and backslashes are escaped. */
export function quoteLiteral(text: string): string {
  return `'${refuseNul(text, "a path").replace(/['\\]/g, "\\$&")}'`;
}
