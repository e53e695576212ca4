import type { ComponentName } from "@deepwright/core";
import type { Difference, RunDiff } from "../contract/index.js";
import { type Palette, palette, singleLine } from "./ansi.js";

export interface TextOptions {
  /** Whether escape codes may be written, default false. */
  readonly color?: boolean;
}

/** In the order in which people look for a cause. */
const order: readonly ComponentName[] = ["source", "configuration", "data", "platform", "hardware", "model"];

/**
 * What differs between two runs as text: by component, hunks with their lines, and how much else is equal.
 *
 * @example
 * ```ts
 * console.log(renderDiff(await diffRuns(service, before, after)));
 * // configuration
 * //   shuffle: false -> true (config.yaml)
 * //
 * // 412 other things are equal
 * ```
 */
export function renderDiff(diff: RunDiff, options: TextOptions = {}): string {
  const paint = palette(options.color ?? false);
  const blocks = order.flatMap((component) => {
    const differences = diff.differences.filter((difference) => difference.component === component);
    if (differences.length === 0) return [];
    return [
      [paint.bold(component), ...differences.map((difference) => renderDifference(difference, paint))].join("\n"),
    ];
  });
  return [...blocks, equalText(diff.equalCount, diff.differences.length)].join("\n\n");
}

/** `412 other things are equal`, `1 thing is equal`. */
export function equalText(count: number, different: number): string {
  const other = different > 0 ? "other " : "";
  return count === 1 ? `1 ${other}thing is equal` : `${count} ${other}things are equal`;
}

const shownLines = 12;

function renderDifference(difference: Difference, paint: Palette): string {
  const notes = [
    difference.seed ? "seed" : "",
    difference.hunk?.cosmetic ? "cosmetic" : "",
    difference.consequence ? "consequence" : "",
  ].filter((note) => note !== "");
  const note = notes.length > 0 ? paint.dim(` [${notes.join(", ")}]`) : "";
  const { hunk } = difference;
  if (!hunk || hunk.beforeLines.length + hunk.afterLines.length === 0)
    return `  ${singleLine(difference.title)}${note}`;
  const context = hunk.context === "" ? "" : paint.dim(` in ${singleLine(hunk.context, 80)}`);
  return [
    `  ${singleLine(hunk.file)}:${hunk.afterStart}${context}${note}`,
    ...lines(hunk.beforeLines, "-", paint.red),
    ...lines(hunk.afterLines, "+", paint.green),
  ].join("\n");
}

function lines(all: readonly string[], mark: string, color: (text: string) => string): string[] {
  const shown = all.slice(0, shownLines).map((line) => `    ${color(`${mark} ${singleLine(line)}`)}`);
  return all.length > shownLines ? [...shown, `    ${mark} … ${all.length - shownLines} more lines`] : shown;
}
