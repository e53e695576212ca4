/**
 * @typedef {object} CodeBlock
 * @property {string} language what stands after the opening fence, `ts`
 * @property {string} code
 * @property {number} line of the first line of code, from 1
 */

/**
 * The fenced code blocks of a Markdown text, in order.
 *
 * @param {string} markdown
 * @returns {CodeBlock[]}
 */
export function codeBlocks(markdown) {
  /** @type {CodeBlock[]} */
  const blocks = [];
  /** @type {CodeBlock | undefined} */
  let open;
  for (const [index, line] of markdown.split(/\r?\n/).entries()) {
    const fence = /^```\s*([\w-]*)/.exec(line);
    if (fence && open) {
      blocks.push(open);
      open = undefined;
    } else if (fence) {
      open = { language: fence[1] ?? "", code: "", line: index + 2 };
    } else if (open) {
      open.code += `${line}\n`;
    }
  }
  return blocks;
}

/**
 * The packages that the text tells its reader to install: the words after the first `npm install` in a shell block.
 *
 * @param {string} markdown
 * @returns {string[]}
 */
export function installedPackages(markdown) {
  for (const { language, code } of codeBlocks(markdown)) {
    const command = /^(?:sh|bash|shell)$/.test(language) && /^npm (?:install|i) (.+)$/m.exec(code);
    if (command)
      return (command[1] ?? "")
        .trim()
        .split(/\s+/)
        .filter((word) => !word.startsWith("-"));
  }
  return [];
}
