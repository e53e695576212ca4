import { posix } from "node:path";

/** The source files of a run by path, by name and by ending, to resolve what text refers to. */
export interface FileIndex {
  readonly files: ReadonlySet<string>;
  /** Files that a Python module may be. */
  pythonModule(module: string, from: string): string[];
  /** Files that a relative JavaScript specifier may be. */
  specifier(name: string, from: string): string[];
  /** Files whose path ends with the given path, or matches the pattern with `*`. */
  path(path: string): string[];
}

const scriptEndings = ["", ".ts", ".tsx", ".mts", ".js", ".mjs", ".cjs", ".jsx", ".json", "/index.ts", "/index.js"];

export function indexFiles(paths: Iterable<string>): FileIndex {
  const files = new Set(paths);
  const byName = new Map<string, string[]>();
  for (const file of files) {
    const name = posix.basename(file);
    const same = byName.get(name);
    if (same) same.push(file);
    else byName.set(name, [file]);
  }
  const endingWith = (path: string): string[] => {
    const clean = posix.normalize(path).replace(/^(\.\.?\/)+|^\/+/g, "");
    return (byName.get(posix.basename(clean)) ?? []).filter((file) => file === clean || file.endsWith(`/${clean}`));
  };
  return {
    files,
    pythonModule(module, from) {
      const dots = /^\.*/.exec(module)?.[0].length ?? 0;
      const path = module.slice(dots).replaceAll(".", "/");
      if (path === "") return [];
      // Importing a module runs the packages around it first.
      const folders = path.split("/").map((_, index, parts) => parts.slice(0, index + 1).join("/"));
      const candidates = [`${path}.py`, ...folders.map((folder) => `${folder}/__init__.py`)];
      if (dots === 0) return candidates.flatMap(endingWith);
      const folder = posix.join(posix.dirname(from), "../".repeat(dots - 1));
      return candidates.map((candidate) => posix.join(folder, candidate)).filter((file) => files.has(file));
    },
    specifier(name, from) {
      if (!name.startsWith(".")) return [];
      const path = posix.join(posix.dirname(from), name);
      const stem = path.replace(/\.[cm]?js$/, "");
      return [path, stem]
        .flatMap((base) => scriptEndings.map((ending) => base + ending))
        .filter((file) => files.has(file));
    },
    path(path) {
      if (!path.includes("*")) return endingWith(path);
      const pattern = path
        .split("*")
        .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
        .join("[^/]*");
      const expression = new RegExp(`(^|/)${pattern.replace(/^(\.\/)+/, "")}$`);
      return [...files].filter((file) => expression.test(file));
    },
  };
}
