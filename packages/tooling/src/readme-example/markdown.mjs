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
 * The packages that the text tells its reader to install: the words after each `npm install` in a shell block.
 *
 * @param {string} markdown
 * @returns {string[]}
 */
export function installedPackages(markdown) {
  return codeBlocks(markdown)
    .filter(({ language }) => /^(?:sh|bash|shell)$/.test(language))
    .flatMap(({ code }) => [...code.matchAll(/^npm (?:install|i) (.+)$/gm)])
    .flatMap(([, words = ""]) => words.trim().split(/\s+/))
    .filter((word) => !word.startsWith("-"));
}
