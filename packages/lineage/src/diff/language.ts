/** What the comparison of source needs to know of a language. */
export interface Language {
  readonly lineComments: readonly string[];
  readonly blockComments: readonly (readonly [string, string])[];
  /** Longest first. */
  readonly quotes: readonly string[];
  /** Whether indentation has a meaning. */
  readonly indented: boolean;
  readonly caseSensitive: boolean;
  /** A line that is a whole import statement. */
  readonly importLine: RegExp | null;
  /** A line that opens a function, class or section. */
  readonly heading: RegExp;
}

const cComments = { lineComments: ["//"], blockComments: [["/*", "*/"]] as const };

const python: Language = {
  lineComments: ["#"],
  blockComments: [],
  quotes: ['"""', "'''", '"', "'"],
  indented: true,
  caseSensitive: true,
  importLine: /^\s*(import\s+[\w., ]+|from\s+[\w.]+\s+import\s+[\w*, ()]+)\s*$/,
  heading: /^\s*(async\s+def|def|class)\s+\w+/,
};

const typescript: Language = {
  ...cComments,
  quotes: ["`", '"', "'"],
  indented: false,
  caseSensitive: true,
  importLine: /^\s*import\s+(type\s+)?[\w*{} ,$]+\s+from\s+["'][^"']+["'];?\s*$/,
  heading:
    /^\s*(export\s+)?(default\s+)?((async\s+)?function\b|class\b|interface\b|(const|let)\s+[\w$]+\s*=\s*(async\s*)?(\(|function\b|[\w$]+\s*=>))/,
};

const sql: Language = {
  lineComments: ["--"],
  blockComments: [["/*", "*/"]],
  quotes: ["'", '"'],
  indented: false,
  caseSensitive: false,
  importLine: null,
  heading: /^\s*(create|insert|update|delete|merge|with)\b/i,
};

const shell: Language = {
  lineComments: ["#"],
  blockComments: [],
  quotes: ['"', "'"],
  indented: true,
  caseSensitive: true,
  importLine: null,
  heading: /^\s*(function\s+\w+|\w+\s*\(\)\s*\{|\[[^\]]+\]|[\w.-]+:\s*$)/,
};

const cLike: Language = {
  ...typescript,
  quotes: ['"', "'"],
  importLine: null,
  heading: /^[A-Za-z_].*[({]\s*$/,
};

const byExtension: Readonly<Record<string, Language>> = {
  py: python,
  pyi: python,
  ts: typescript,
  tsx: typescript,
  mts: typescript,
  cts: typescript,
  js: typescript,
  jsx: typescript,
  mjs: typescript,
  cjs: typescript,
  sql,
  sh: shell,
  bash: shell,
  r: shell,
  R: shell,
  yaml: shell,
  yml: shell,
  toml: shell,
  java: cLike,
  scala: cLike,
  go: cLike,
  rs: cLike,
  c: cLike,
  h: cLike,
  cc: cLike,
  cpp: cLike,
  cu: cLike,
};

/** The part of a name after its last dot, `""` without one. */
export function extensionOf(file: string): string {
  return /\.([^./]+)$/.exec(file)?.[1] ?? "";
}

export const languageOf = (file: string): Language | null => byExtension[extensionOf(file)] ?? null;
