/** Comments, strings, quoted names and dollar-quoted strings, in which words don't count. */
const opaque = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$/g;

/** Whether a query's own result is ordered: `ORDER BY` outside of all parentheses. */
export function hasOrder(sql: string): boolean {
  const words = sql.replace(opaque, " ");
  let depth = 0;
  for (const [token] of words.matchAll(/[()]|\border\s+by\b/gi)) {
    if (token === "(") depth += 1;
    else if (token === ")") depth -= 1;
    else if (depth === 0) return true;
  }
  return false;
}
