import { type ComponentMap, type Leaf, splitPath } from "@deepwright/core";

/** A text file of the source of the newest run. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

export interface SourceLine {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** A key that costs attention without earning it. */
export type ConfigurationDebt =
  | { readonly kind: "never-read"; readonly path: string; readonly value: Leaf; readonly sentence: string }
  | {
      readonly kind: "never-varied";
      readonly path: string;
      readonly value: Leaf;
      readonly runs: number;
      readonly sentence: string;
    }
  | { readonly kind: "duplicated"; readonly paths: readonly string[]; readonly runs: number; readonly sentence: string }
  | {
      readonly kind: "contradictory";
      readonly paths: readonly string[];
      readonly values: readonly Leaf[];
      readonly runs: number;
      readonly sentence: string;
    }
  | {
      readonly kind: "dead-experimental-path";
      readonly path: string;
      readonly value: Leaf;
      readonly runs: number;
      readonly branches: readonly SourceLine[];
      readonly sentence: string;
    };

export interface DebtInput {
  /** Configuration of each of the last runs, newest first. */
  readonly configurations: readonly ComponentMap[];
  /** Source of the newest run, without its configuration files. */
  readonly source: readonly SourceText[];
}

/** A key's own name, without list positions and dashes: `files/a.yaml/model/use_bn` -> `use_bn`. */
function keyName(path: string): string {
  const segments = splitPath(path).filter((segment) => !/^\d+$/.test(segment));
  return (segments.at(-1) ?? path).replace(/^--?/, "");
}

/** The same name in snake_case, kebab-case and camelCase. */
function normalizeName(name: string): string {
  return name.replace(/[-_.]/g, "").toLowerCase();
}

function escapeRegularExpression(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Finds a name as a whole word in any of its spellings. */
function namePattern(name: string): RegExp {
  const words = name.split(/[-_.]|(?<=[a-z0-9])(?=[A-Z])/).filter((word) => word !== "");
  const spelled = words.map(escapeRegularExpression).join("[-_.]?");
  return new RegExp(`(?<![A-Za-z0-9])${spelled}(?![A-Za-z0-9])`, "i");
}

const branchPattern = /\b(if|elif|else if|unless|while|when|case|switch|match|assert)\b|\?.*:|&&|\|\||\b(and|or|not)\b/;
const commentPattern = /^\s*(#|\/\/|--|\*|\/\*)/;

function linesWith(source: readonly SourceText[], pattern: RegExp): SourceLine[] {
  return source.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, index) => {
      const mentions = pattern.test(line) && !commentPattern.test(line);
      return mentions ? [{ file: path, line: index + 1, text: line.trim().slice(0, 200) }] : [];
    }),
  );
}

function isFlag(value: Leaf): boolean {
  return typeof value === "boolean" || value === "true" || value === "false" || value === "on" || value === "off";
}

/** A constant key needs this many runs before its constancy says anything. */
const enoughRuns = 5;

function constantKeys(configurations: readonly ComponentMap[]): { path: string; value: Leaf }[] {
  const [newest, ...others] = configurations;
  if (!newest || configurations.length < enoughRuns) return [];
  return Object.entries(newest)
    .filter(([path, value]) => others.every((other) => path in other && Object.is(other[path], value)))
    .map(([path, value]) => ({ path, value }));
}

function duplicates(configurations: readonly ComponentMap[], constant: ReadonlySet<string>): ConfigurationDebt[] {
  const newest = configurations[0] ?? {};
  const groups = new Map<string, string[]>();
  for (const path of Object.keys(newest)) {
    if (constant.has(path)) continue;
    // Keys that move together over all runs, text and numbers alike.
    const signature = configurations.map((configuration) => JSON.stringify(configuration[path])).join("\u0001");
    groups.set(signature, [...(groups.get(signature) ?? []), path]);
  }
  return [...groups.values()].flatMap((paths): ConfigurationDebt[] => {
    const distinct = new Set(configurations.map((configuration) => JSON.stringify(configuration[paths[0] ?? ""])));
    // Two values can agree by chance; three that agree in every run are one setting written twice.
    if (paths.length < 2 || distinct.size < 3) return [];
    return [
      {
        kind: "duplicated",
        paths,
        runs: configurations.length,
        sentence: `${paths.join(" and ")} had the same value in all of the last ${configurations.length} runs: keep one.`,
      },
    ];
  });
}

function contradictions(newest: ComponentMap): ConfigurationDebt[] {
  const groups = new Map<string, string[]>();
  for (const path of Object.keys(newest)) {
    // Entries of lists are many by nature.
    if (splitPath(path).some((segment, index) => index > 0 && /^\d+$/.test(segment))) continue;
    const name = normalizeName(keyName(path));
    groups.set(name, [...(groups.get(name) ?? []), path]);
  }
  return [...groups.values()].flatMap((paths): ConfigurationDebt[] => {
    const values = paths.map((path) => newest[path] ?? null);
    const sources = new Set(
      paths.map((path) =>
        splitPath(path)
          .slice(0, path.startsWith("files/") ? 2 : 1)
          .join("/"),
      ),
    );
    const different = new Set(values.map((value) => String(value)));
    if (sources.size < 2 || different.size < 2) return [];
    const shown = paths.map((path, index) => `${path} = ${JSON.stringify(values[index])}`).join(", ");
    return [{ kind: "contradictory", paths, values, runs: 1, sentence: `One name, several values: ${shown}.` }];
  });
}

/**
 * Lists what a configuration carries along: keys that no source line mentions, keys constant over all given runs,
 * settings written twice, one name with several values, and flags that are constant while source lines branch on them
 * (dead experimental paths; Sculley et al., "Hidden Technical Debt in Machine Learning Systems", NIPS 2015, sections 5
 * and 6).
 *
 * Whether a key is read is told by its name in the source, in any of its spellings; a key whose name is built at run
 * time is reported although it is read.
 */
export function configurationDebt(input: DebtInput): readonly ConfigurationDebt[] {
  const { configurations, source } = input;
  const newest = configurations[0];
  if (!newest) return [];
  const debts: ConfigurationDebt[] = [];
  const constant = constantKeys(configurations);
  const constantPaths = new Set(constant.map(({ path }) => path));
  const mentions = new Map<string, SourceLine[]>();
  const linesOf = (path: string): SourceLine[] => {
    const name = keyName(path);
    const known = mentions.get(name) ?? linesWith(source, namePattern(name));
    mentions.set(name, known);
    return known;
  };
  for (const [path, value] of Object.entries(newest)) {
    // Positional arguments have no name that the source could mention.
    const positional = /^arguments\/\d+$/.test(path);
    if (source.length > 0 && !positional && linesOf(path).length === 0) {
      debts.push({
        kind: "never-read",
        path,
        value,
        sentence: `${path} is set, but no source line mentions ${keyName(path)}.`,
      });
    }
  }
  const runs = configurations.length;
  for (const { path, value } of constant) {
    const branches = isFlag(value) ? linesOf(path).filter(({ text }) => branchPattern.test(text)) : [];
    if (branches.length > 0) {
      const where = branches.map(({ file, line }) => `${file}:${line}`).join(", ");
      const sentence = `${path} was ${String(value)} in the last ${runs} runs; the other side of ${where} is dead.`;
      debts.push({ kind: "dead-experimental-path", path, value, runs, branches, sentence });
    } else {
      const sentence = `${path} was ${JSON.stringify(value)} in all of the last ${runs} runs.`;
      debts.push({ kind: "never-varied", path, value, runs, sentence });
    }
  }
  return [...debts, ...duplicates(configurations, constantPaths), ...contradictions(newest)];
}
