import { cpus, release, totalmem, type } from "node:os";
import { formatBytes } from "@deepwright/core";
import type { Row } from "./benchmark.js";

/** The machine that a table is read with; versions of peers stand in its rows. */
function describeMachine(): string {
  const [processor] = cpus();
  return [
    `${cpus().length} cores (${processor?.model.trim() ?? "unknown"}), ${formatBytes(totalmem())} memory`,
    `${type()} ${release()}, Node ${process.versions.node}`,
  ].join("; ");
}

const verdicts = new Map<boolean | null, string>([
  [true, "reached"],
  [false, "not reached"],
  [null, "not compared"],
]);

/** The rows as a Markdown table. */
export function markdownTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => [row.what, row.asked, row.measured, row.beside, verdicts.get(row.reached) ?? ""]);
  const lines = [["what", "asked", "measured", "beside it", ""], ["---", "---", "---", "---", "---"], ...cells];
  return `${lines.map((line) => `| ${line.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`).join("\n")}\n`;
}

const start = "<!-- bench:start -->";
const end = "<!-- bench:end -->";

/** One benchmark of the document: its name, when and where it was measured, and its rows. */
export function section(name: string, rows: readonly Row[], day: string): string {
  return `### ${name}\n\n${day}; ${describeMachine()}.\n\n${markdownTable(rows)}`;
}

/**
 * Puts sections between the two marks of a document in place of those with the same names, in the given order. Sections of
 * benchmarks that did not run and the words around the marks stay as they are.
 *
 * @throws Error when the marks are missing
 */
export function replaceSections(
  document: string,
  sections: ReadonlyMap<string, string>,
  order: readonly string[],
): string {
  const from = document.indexOf(start);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the document needs ${start} and ${end}`);
  const before = document.slice(from + start.length, to).split(/^(?=### )/m);
  const all = new Map(before.flatMap((text) => (text.startsWith("### ") ? [[nameOf(text), `${text.trim()}\n`]] : [])));
  for (const [name, text] of sections) all.set(name, `${text.trim()}\n`);
  const written = order.flatMap((name) => all.get(name) ?? []);
  return `${document.slice(0, from + start.length)}\n\n${written.join("\n")}\n${document.slice(to)}`;
}

const nameOf = (text: string): string => text.slice(4, text.indexOf("\n")).trim();
