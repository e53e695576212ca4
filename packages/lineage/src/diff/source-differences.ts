import type { Leaf } from "@deepwright/core";
import type { Difference, LeafDifference, SourceHunk } from "../contract/index.js";
import { type ContentRequest, type ContentSource, maximumContentBytes } from "./content-source.js";
import { cosmeticChanges } from "./cosmetic.js";
import { changeText, fileOf, makeDifference } from "./difference.js";
import { enclosingHeading } from "./hunk-context.js";
import { lineChanges, linesOf } from "./hunks.js";
import { languageOf } from "./language.js";
import { onlySeedsDiffer } from "./seeds.js";

/** Files beyond this number are one difference each: their content is not fetched. */
const maximumFiles = 2000;

/**
 * The differences of the source component: hunks for text, one difference for what is new, gone, renamed, binary, huge
 * or not to be found.
 *
 * @param configurationFiles files that stand as parsed values in the configuration component of both runs: only their
 *   formatting is left to be said here
 */
export async function sourceDifferences(
  leaves: readonly LeafDifference[],
  content: ContentSource,
  configurationFiles: ReadonlyMap<string, "values-differ" | "values-equal">,
): Promise<Difference[]> {
  const files = leaves.filter(({ path }) => path.startsWith("files/"));
  const others = leaves.filter(({ path }) => !path.startsWith("files/"));
  const { renamed, rest } = takeRenames(files);
  const plain = rest.filter(({ path }) => configurationFiles.get(fileOf(path)) === undefined);
  const texts = await readTexts(plain.filter(bothSides).slice(0, maximumFiles), content);
  return [
    ...others.map(repositoryDifference),
    ...rest
      .filter(({ path }) => configurationFiles.get(fileOf(path)) === "values-equal")
      .map((leaf) => cosmeticFile(leaf, "only its formatting differs, its values are equal")),
    ...renamed,
    ...plain.flatMap((leaf) => fileDifferences(leaf, texts)),
  ];
}

const bothSides = (leaf: LeafDifference): boolean => typeof leaf.before === "string" && typeof leaf.after === "string";

function repositoryDifference(leaf: LeafDifference): Difference {
  const directory = leaf.path === "command/working-directory";
  return makeDifference({
    id: `${directory ? "platform" : "source-file"}:${leaf.path}`,
    kind: directory ? "platform" : "source-file",
    component: "source",
    path: leaf.path,
    title: `${leaf.path.replaceAll("/", " ")}: ${changeText(leaf.before, leaf.after)}`,
    before: leaf.before,
    after: leaf.after,
    // The commit and the branch name what the files hold; the files themselves are compared.
    consequence: !directory,
  });
}

/** Pairs a file that is gone with a new one of the same content. */
function takeRenames(files: readonly LeafDifference[]): { renamed: Difference[]; rest: LeafDifference[] } {
  const gone = new Map<Leaf, LeafDifference>();
  for (const leaf of files) if (leaf.after === undefined && leaf.before !== undefined) gone.set(leaf.before, leaf);
  const used = new Set<LeafDifference>();
  const renamed: Difference[] = [];
  for (const leaf of files) {
    const origin = leaf.before === undefined && leaf.after !== undefined ? gone.get(leaf.after) : undefined;
    if (!origin || used.has(origin)) continue;
    used.add(origin);
    used.add(leaf);
    renamed.push(
      makeDifference({
        id: `source-file:${leaf.path}`,
        kind: "source-file",
        component: "source",
        path: leaf.path,
        title: `${fileOf(origin.path)} renamed to ${fileOf(leaf.path)}`,
        before: origin.before,
        after: leaf.after,
        renamedFrom: origin.path,
      }),
    );
  }
  return { renamed, rest: files.filter((leaf) => !used.has(leaf)) };
}

type Texts = ReadonlyMap<string, Uint8Array>;

function readTexts(leaves: readonly LeafDifference[], content: ContentSource): Promise<Texts> {
  const requests = new Map<string, ContentRequest>();
  for (const { path, before, after } of leaves) {
    for (const hash of [before, after]) requests.set(String(hash), { hash: String(hash), file: fileOf(path) });
  }
  return requests.size === 0 ? Promise.resolve(new Map()) : content.read([...requests.values()]);
}

function fileDifferences(leaf: LeafDifference, texts: Texts): Difference[] {
  const file = fileOf(leaf.path);
  if (leaf.before === undefined) return [wholeFile(leaf, `${file} is new`)];
  if (leaf.after === undefined) return [wholeFile(leaf, `${file} is gone`)];
  const before = texts.get(String(leaf.before));
  const after = texts.get(String(leaf.after));
  if (!before || !after) return [wholeFile(leaf, `${file} differs (its content is not stored)`)];
  if (Math.max(before.byteLength, after.byteLength) > maximumContentBytes) {
    return [wholeFile(leaf, `${file} differs (too large to compare by line)`)];
  }
  const left = decode(before);
  const right = decode(after);
  if (left === null || right === null) return [wholeFile(leaf, `${file} differs (binary)`)];
  const hunks = hunksOf(file, left, right);
  if (!hunks) return [wholeFile(leaf, `${file} is rewritten`)];
  return hunks.map((hunk, index) => ({
    ...makeDifference({
      id: `source-hunk:${leaf.path}#${index + 1}`,
      kind: "source-hunk",
      component: "source",
      path: leaf.path,
      title: hunkTitle(hunk),
      before: leaf.before,
      after: leaf.after,
      seed: onlySeedsDiffer(hunk.beforeLines, hunk.afterLines),
    }),
    hunk,
  }));
}

const wholeFile = (leaf: LeafDifference, title: string): Difference =>
  makeDifference({
    id: `source-file:${leaf.path}`,
    kind: "source-file",
    component: "source",
    path: leaf.path,
    title,
    before: leaf.before,
    after: leaf.after,
  });

/** A file of which it is known that only its formatting differs, as a hunk without lines that is cosmetic. */
function cosmeticFile(leaf: LeafDifference, reason: string): Difference {
  const file = fileOf(leaf.path);
  const hunk: SourceHunk = {
    file,
    beforeStart: 1,
    beforeLines: [],
    afterStart: 1,
    afterLines: [],
    context: "",
    cosmetic: true,
  };
  return { ...wholeFile(leaf, `${file}: ${reason}`), hunk };
}

/** Text as UTF-8, or `null` for binary content (a NUL byte in it, or no valid UTF-8). */
function decode(content: Uint8Array): string | null {
  if (content.includes(0)) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return null;
  }
}

/** The hunks between two texts of a file, `null` when there are too many. */
export function hunksOf(file: string, before: string, after: string): SourceHunk[] | null {
  const beforeLines = linesOf(before);
  const afterLines = linesOf(after);
  const changes = lineChanges(beforeLines, afterLines);
  if (!changes) return null;
  const language = languageOf(file);
  const cosmetic = cosmeticChanges(before, after, changes, language);
  return changes.map((change, index) => ({
    file,
    ...change,
    context:
      change.afterLines.length > 0
        ? enclosingHeading(afterLines, change.afterStart, language)
        : enclosingHeading(beforeLines, change.beforeStart, language),
    cosmetic: cosmetic[index] === true,
  }));
}

function hunkTitle(hunk: SourceHunk): string {
  const [removed, added] = [hunk.beforeLines, hunk.afterLines].map((lines) =>
    lines.filter((line) => line.trim() !== ""),
  );
  const place = `${hunk.file}:${hunk.afterStart}`;
  const first = (lines: readonly string[] | undefined): string => {
    const line = lines?.[0]?.trim() ?? "";
    return line.length > 70 ? `${line.slice(0, 69)}…` : line;
  };
  const more = Math.max(removed?.length ?? 0, added?.length ?? 0) - 1;
  const rest = more > 0 ? ` (and ${more} more ${more === 1 ? "line" : "lines"})` : "";
  if (!removed?.length && !added?.length) return `${place}: empty lines`;
  if (!removed?.length) return `${place}: added ${first(added)}${rest}`;
  if (!added?.length) return `${place}: removed ${first(removed)}${rest}`;
  return `${place}: ${first(removed)} -> ${first(added)}${rest}`;
}
