import { extensionOf } from "../../diff/language.js";

/** What a file refers to: modules in the ways of its language, and paths or patterns in its text. */
export interface References {
  /** Dotted Python modules; a leading dot is relative to the file's folder, two dots to the one above. */
  readonly pythonModules: readonly string[];
  /** JavaScript specifiers. */
  readonly specifiers: readonly string[];
  /** Words that look like the path of a file, and patterns of them. */
  readonly paths: readonly string[];
}

const pythonImport = /^[ \t]*import[ \t]+([\w., \t]+)/gm;
const pythonFrom = /^[ \t]*from[ \t]+([.\w]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]+)/gm;
const specifier = /\b(?:from|import|require)\s*\(?\s*["']([^"'\n]+)["']/g;
const pathWord = /[\w@.*/-]*[\w*-]\.[A-Za-z]\w{0,7}\b/g;
const pythonMain = /-m["',\s]+([\w.]+)/g;

/** Finds what a text refers to without running it: too much rather than too little. */
export function referencesOf(file: string, text: string): References {
  const pythonModules: string[] = [];
  const specifiers: string[] = [];
  if (/^pyw?$/.test(extensionOf(file))) {
    for (const [, list = ""] of text.matchAll(pythonImport)) {
      pythonModules.push(...list.split(",").map((name) => name.trim().split(/\s/)[0] ?? ""));
    }
    for (const [, module = "", list = ""] of text.matchAll(pythonFrom)) {
      pythonModules.push(module);
      const names = list.replace(/[()]/g, "").split(",");
      const separator = module.endsWith(".") ? "" : ".";
      pythonModules.push(...names.map((name) => `${module}${separator}${name.trim().split(/\s/)[0] ?? ""}`));
    }
  } else {
    for (const [, name = ""] of text.matchAll(specifier)) specifiers.push(name);
  }
  for (const [, module = ""] of text.matchAll(pythonMain)) pythonModules.push(module);
  return {
    pythonModules: pythonModules.filter((name) => name !== ""),
    specifiers,
    paths: [...new Set(text.match(pathWord) ?? [])],
  };
}
