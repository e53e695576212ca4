import { StringDecoder } from "node:string_decoder";
import { DeepwrightError } from "@deepwright/core";
import { type LineMetrics, parseMetricLine, parseMetricNumber, splitStep } from "./line-metrics.js";

/** Names beyond this are taken for something else than metrics (a dump of key-value pairs). */
const maximumNames = 1_000;
const maximumLineLength = 65_536;

/** Finds metrics in output that comes in pieces. A line without a step belongs to the step that was named last. */
export class StdoutMetrics {
  readonly #patterns: readonly RegExp[];
  readonly #emit: (metrics: LineMetrics) => void;
  readonly #decoder = new StringDecoder("utf8");
  readonly #names = new Set<string>();
  #rest = "";
  #step: number | null = null;

  constructor(patterns: readonly (string | RegExp)[], emit: (metrics: LineMetrics) => void) {
    this.#patterns = patterns.map(compile);
    this.#emit = emit;
  }

  add(chunk: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(chunk)).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? "").slice(-maximumLineLength);
    for (const line of lines) this.#line(line);
  }

  end(): void {
    this.#line(this.#rest + this.#decoder.end());
    this.#rest = "";
  }

  #line(line: string): void {
    const found = this.#patterns.length > 0 ? byPatterns(line, this.#patterns) : parseMetricLine(line);
    if (!found) return;
    this.#step = found.step ?? this.#step;
    const values: Record<string, number> = {};
    for (const [name, value] of Object.entries(found.values)) {
      if (!this.#names.has(name) && this.#names.size >= maximumNames) continue;
      this.#names.add(name);
      values[name] = value;
    }
    if (Object.keys(values).length > 0) this.#emit({ step: this.#step, values });
  }
}

function compile(pattern: string | RegExp): RegExp {
  try {
    const flags = typeof pattern === "string" ? "g" : pattern.flags.includes("g") ? pattern.flags : `${pattern.flags}g`;
    return new RegExp(pattern, flags);
  } catch (error) {
    throw new DeepwrightError({
      code: "INVALID_PATTERN",
      expected: "a regular expression with named groups, such as `val (?<val_loss>[0-9.]+)`",
      got: JSON.stringify(String(pattern)),
      todo: "Correct the pattern of the metrics.",
      cause: error,
    });
  }
}

function byPatterns(line: string, patterns: readonly RegExp[]): LineMetrics | null {
  const pairs = new Map<string, number>();
  const take = (name: string | undefined, text: string | undefined): void => {
    const value = name === undefined || text === undefined ? null : parseMetricNumber(text);
    if (value !== null) pairs.set(name as string, value);
  };
  for (const pattern of patterns) {
    for (const match of line.matchAll(pattern)) {
      const groups = match.groups ?? {};
      if ("name" in groups && "value" in groups) take(groups.name, groups.value);
      else for (const [name, text] of Object.entries(groups)) take(name, text);
    }
  }
  return pairs.size > 0 ? splitStep(pairs) : null;
}
