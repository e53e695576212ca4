import { extname } from "node:path";
import { DeepwrightError, type Leaf } from "@deepwright/core";

/**
 * Sets or removes one key in the text of a config file and leaves comments and formatting alone: YAML through its
 * document tree, TOML, INI and dotenv by the line of the key, JSON with the indentation that it has.
 *
 * @param file name of the file, whose ending tells the format
 * @param keys the key's segments; numbers index arrays
 * @param value `undefined` removes the key
 * @throws DeepwrightError `CONFIG_KEY_NOT_FOUND` when a line-based format does not have the key on a line of its own
 */
export async function editConfig(
  file: string,
  text: string,
  keys: readonly string[],
  value: Leaf | undefined,
): Promise<string> {
  switch (extname(file).toLowerCase()) {
    case ".json":
      return editJson(text, keys, value);
    case ".yaml":
    case ".yml":
      return editYaml(text, keys, value);
    case ".toml":
      return editSections(text, keys, value === undefined ? undefined : tomlValue(value), " = ");
    case ".ini":
    case ".cfg":
    case ".properties":
      return editSections(text, keys, value === undefined ? undefined : String(value), " = ");
    default:
      return editDotenv(text, keys.join("/"), value);
  }
}

/** Empty containers are kept as text by `flatten`. */
function plainValue(value: Leaf): unknown {
  if (value === "[]") return [];
  if (value === "{}") return {};
  return value;
}

async function editYaml(text: string, keys: readonly string[], value: Leaf | undefined): Promise<string> {
  const { isSeq, parseDocument } = await import("yaml");
  const document = parseDocument(text);
  const path: (string | number)[] = [];
  for (const key of keys) path.push(isSeq(document.getIn(path, true)) ? Number(key) : key);
  if (value === undefined) document.deleteIn(path);
  else document.setIn(path, plainValue(value));
  return document.toString({ lineWidth: 0 });
}

function editJson(text: string, keys: readonly string[], value: Leaf | undefined): string {
  const root: unknown = JSON.parse(text);
  const last = keys.at(-1) as string;
  let parent = root as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) {
    if (typeof parent[key] !== "object" || parent[key] === null) parent[key] = {};
    parent = parent[key] as Record<string, unknown>;
  }
  if (value !== undefined) parent[last] = plainValue(value);
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  const indent = /^[{[]\s*\n([ \t]+)/.exec(text)?.[1] ?? (text.includes("\n") ? "  " : "");
  return JSON.stringify(root, null, indent) + (text.endsWith("\n") ? "\n" : "");
}

function tomlValue(value: Leaf): string {
  if (value === "[]" || value === "{}") return value;
  if (typeof value !== "string")
    return value === Infinity ? "inf" : String(value).replace("Infinity", "inf").toLowerCase();
  // Dates are leaves as ISO text; a TOML date has no quotes.
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return value;
  return JSON.stringify(value);
}

const keyPattern = (key: string): string =>
  `(?:${[key, JSON.stringify(key), `'${key}'`].map((form) => form.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`;

/** Formats with `[section]` heads and a key on a line; dotted keys and arrays over one line as well. */
function editSections(text: string, keys: readonly string[], value: string | undefined, separator: string): string {
  const lines = text.split("\n");
  for (let depth = keys.length - 1; depth >= 0; depth--) {
    const section = keys.slice(0, depth);
    const range = sectionRange(lines, section);
    if (!range) continue;
    const dotted = keys.slice(depth).map(keyPattern).join("\\s*\\.\\s*");
    const pattern = new RegExp(`^(\\s*${dotted}\\s*[=:]\\s*)(.*)$`);
    const index = lines.findIndex((line, at) => at >= range.from && at < range.to && pattern.test(line));
    if (index >= 0) {
      const [, head = "", rest = ""] = pattern.exec(lines[index] as string) ?? [];
      if (value === undefined) lines.splice(index, 1);
      else lines[index] = head + value + rest.slice(valueLength(rest));
      return lines.join("\n");
    }
    const array = editArrayItem(lines, range, keys, depth, value);
    if (array) return array;
    if (value !== undefined && depth === keys.length - 1) {
      let end = range.to;
      while (end > range.from && lines[end - 1]?.trim() === "") end -= 1;
      lines.splice(end, 0, `${keys.at(-1)}${separator}${value}`);
      return lines.join("\n");
    }
  }
  if (value !== undefined && keys.length > 1) {
    return `${text.trimEnd()}\n\n[${keys.slice(0, -1).join(".")}]\n${keys.at(-1)}${separator}${value}\n`;
  }
  throw new DeepwrightError({
    code: "CONFIG_KEY_NOT_FOUND",
    kind: "conflict",
    expected: `the key ${JSON.stringify(keys.join("."))} on a line of its own`,
    got: "a file that writes it in another way",
    todo: "Write the key as `key = value` in its section.",
  });
}

/** `key = [a, b]` on one line: replaces item `keys.at(-1)`. */
function editArrayItem(
  lines: string[],
  range: { readonly from: number; readonly to: number },
  keys: readonly string[],
  depth: number,
  value: string | undefined,
): string | undefined {
  const position = Number(keys.at(-1));
  if (depth !== keys.length - 2 || !Number.isInteger(position) || value === undefined) return undefined;
  const pattern = new RegExp(`^(\\s*${keyPattern(keys[depth] as string)}\\s*=\\s*\\[)([^\\]]*)(\\].*)$`);
  const index = lines.findIndex((line, at) => at >= range.from && at < range.to && pattern.test(line));
  const match = index < 0 ? null : pattern.exec(lines[index] as string);
  if (!match) return undefined;
  const items = (match[2] as string).split(",").map((item) => item.trim());
  items[position] = value;
  lines[index] = `${match[1]}${items.join(", ")}${match[3]}`;
  return lines.join("\n");
}

/** Lines of a section, without its head; of the part before the first head for the top. */
function sectionRange(
  lines: readonly string[],
  section: readonly string[],
): { readonly from: number; readonly to: number } | undefined {
  const isHead = (line: string) => /^\s*\[/.test(line) && !/^\s*\[.*=/.test(line);
  let from = 0;
  if (section.length > 0) {
    const head = new RegExp(`^\\s*\\[\\s*${section.map(keyPattern).join("\\s*\\.\\s*")}\\s*\\]`);
    const index = lines.findIndex((line) => head.test(line));
    if (index < 0) return undefined;
    from = index + 1;
  }
  const next = lines.findIndex((line, index) => index >= from && isHead(line));
  return { from, to: next < 0 ? lines.length : next };
}

/** How much of the rest of a line is the value; a comment after it stays. */
function valueLength(rest: string): number {
  const quoted = /^"(?:[^"\\]|\\.)*"|^'[^']*'/.exec(rest);
  if (quoted) return quoted[0].length;
  const comment = /\s+[#;].*$/.exec(rest);
  return comment ? comment.index : rest.trimEnd().length;
}

function editDotenv(text: string, key: string, value: Leaf | undefined): string {
  const lines = text.split("\n");
  const pattern = new RegExp(`^(\\s*(?:export\\s+)?${keyPattern(key)}\\s*=\\s*)(.*)$`);
  const index = lines.findIndex((line) => pattern.test(line));
  const written = value === undefined ? "" : /^[\w./:@-]*$/.test(String(value)) ? String(value) : JSON.stringify(value);
  if (index < 0) {
    if (value === undefined) return text;
    return `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${key}=${written}\n`;
  }
  const [, head = "", rest = ""] = pattern.exec(lines[index] as string) ?? [];
  if (value === undefined) lines.splice(index, 1);
  else lines[index] = head + written + rest.slice(valueLength(rest));
  return lines.join("\n");
}
