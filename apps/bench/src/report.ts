import { cpus, release, totalmem, type } from "node:os";
import { formatBytes } from "@deepwright/core";
import type { Row } from "./benchmark.js";
import { fasttrackmlVersion, mlflowVersion } from "./peers/servers.js";

/** The machine and versions that every table is read with. */
export function describeMachine(): string {
  const [processor] = cpus();
  return [
    `${cpus().length} cores (${processor?.model.trim() ?? "unknown"}), ${formatBytes(totalmem())} memory`,
    `${type()} ${release()}, Node ${process.versions.node}`,
    `peers: FastTrackML ${fasttrackmlVersion}, MLflow ${mlflowVersion}`,
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

/** Puts a table between the two marks of a document, leaving the words around them as they are. */
export function replaceTable(document: string, table: string): string {
  const from = document.indexOf(start);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the document needs ${start} and ${end}`);
  return `${document.slice(0, from + start.length)}\n\n${table}\n${document.slice(to)}`;
}
