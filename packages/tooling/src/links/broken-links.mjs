import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { root } from "../setup/workspace.mjs";

const exec = promisify(execFile);

/**
 * The anchor that GitHub gives a heading: lower case, punctuation gone, spaces as hyphens.
 *
 * @param {string} heading
 */
export function anchorOf(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}

/**
 * Targets of the links and images of a Markdown text; code, quoted or in blocks, has none.
 *
 * @param {string} text
 */
export function linkTargets(text) {
  const prose = withoutCodeBlocks(text).replace(/`[^`\n]*`/g, "`");
  return [...prose.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)].map((match) => match[1] ?? "");
}

/** @param {string} text */
const withoutCodeBlocks = (text) => text.replace(/^( *)(```+)[^\n]*\n[\s\S]*?^ *\2`*\s*$/gm, "");

/**
 * Relative links of a Markdown file that lead nowhere: no such file or folder, or no such heading in it.
 *
 * @param {string} file path of the Markdown file
 * @returns {string[]} the targets as they are written
 */
export function brokenLinks(file) {
  return linkTargets(readFileSync(file, "utf8")).filter((target) => {
    if (/^[a-z][a-z+.-]*:/i.test(target)) return false;
    const [path = "", anchor] = target.split("#");
    const found = path === "" ? file : resolve(dirname(file), decodeURI(path));
    if (!existsSync(found)) return true;
    if (anchor === undefined || !found.endsWith(".md")) return false;
    const headings = [...withoutCodeBlocks(readFileSync(found, "utf8")).matchAll(/^#{1,6} (.+)$/gm)];
    return !headings.some((heading) => anchorOf(heading[1] ?? "") === anchor);
  });
}

/** The Markdown files of the repository: those that git has or would add. */
export async function markdownFiles() {
  // A checkout of another user, as in a container, is read too.
  const words = ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"];
  const { stdout } = await exec("git", words, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  const names = stdout.split("\0").filter((name) => name !== "");
  return names.map((name) => join(root, name)).filter((path) => existsSync(path));
}
