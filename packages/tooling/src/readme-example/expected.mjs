/**
 * The lines that an example says it prints: the comment behind a `console.log(...)`, or the comment lines below it
 * (closing brackets may stand between). Other comments say nothing about output.
 *
 * @param {string} code
 * @returns {string[]}
 */
export function expectedOutput(code) {
  /** @type {string[]} */
  const expected = [];
  let depth = 0;
  let isPrinting = false;
  let isBelowPrint = false;
  for (const line of code.split("\n")) {
    const comment = /^\s*\/\/ ?(.*)$/.exec(line);
    if (comment) {
      if (isBelowPrint) expected.push(comment[1] ?? "");
      continue;
    }
    if (isBelowPrint && /^\s*[)\]};]+\s*$/.test(line)) continue;
    const [statement, trailing] = splitTrailingComment(line);
    if (depth === 0) isPrinting = /\bconsole\.log\(/.test(statement);
    depth += parenthesisBalance(statement);
    isBelowPrint = isPrinting && depth <= 0;
    if (isBelowPrint && trailing !== undefined) expected.push(trailing);
    if (depth <= 0) depth = 0;
  }
  return expected.map((line) => line.trimEnd());
}

/**
 * Puts the expected line in the place of each printed line that it describes; `…` stands for any text, such as an id.
 *
 * @param {readonly string[]} printed
 * @param {readonly string[]} expected
 */
export function alignOutput(printed, expected) {
  return printed.map((line, index) => {
    const wanted = expected[index];
    if (wanted === undefined || !wanted.includes("…")) return line;
    const pattern = wanted.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${pattern.join(".*")}$`).test(line) ? wanted : line;
  });
}

/**
 * @param {string} line
 * @returns {[statement: string, comment?: string]}
 */
function splitTrailingComment(line) {
  const bare = line.replace(/(["'`])(?:\\.|(?!\1).)*\1/g, (literal) => "x".repeat(literal.length));
  const start = bare.indexOf("// ");
  return start < 0 ? [line] : [line.slice(0, start), line.slice(start + 3)];
}

/** @param {string} statement */
function parenthesisBalance(statement) {
  const bare = statement.replace(/(["'`])(?:\\.|(?!\1).)*\1/g, "");
  return (bare.match(/\(/g)?.length ?? 0) - (bare.match(/\)/g)?.length ?? 0);
}
