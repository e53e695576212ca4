import { type BigIntStats, closeSync, fstatSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { type LineMetrics, parseMetricLine, parseMetricNumber, splitStep } from "./line-metrics.js";

const chunkBytes = 256 * 1024;
const headBytes = 256;
const maximumLineLength = 1024 * 1024;

/**
 * Reads what a CSV or JSONL file of metrics grows by. A file that was there before and is written anew is read from its
 * start, also when the same stands in it again; one that only grows is read from where it ended when the run began.
 */
export class MetricFile {
  readonly #path: string;
  readonly #emit: (metrics: LineMetrics) => void;
  /** The file as it was before the run, until it is seen to change. */
  #untouched: BigIntStats | null = null;
  #offset = 0;
  #head = Buffer.alloc(0);
  /** What stood in the file before the run is read for its header only. */
  #isSkipping = true;
  #decoder = new StringDecoder("utf8");
  #rest = "";
  #header: readonly string[] | null = null;
  #hasMetrics = false;

  constructor(path: string, emit: (metrics: LineMetrics) => void) {
    this.#path = path;
    this.#emit = emit;
    this.poll(true);
    this.#isSkipping = false;
  }

  /** Whether any metrics of this run were found in it. */
  get hasMetrics(): boolean {
    return this.#hasMetrics;
  }

  /** Reads what is new. `last`: also a line without its line break. */
  poll(last = false): void {
    let descriptor: number;
    try {
      descriptor = openSync(this.#path, "r");
    } catch {
      return;
    }
    try {
      const stats = fstatSync(descriptor, { bigint: true });
      const isAnew = this.#isWrittenAnew(stats);
      if (stats.size < this.#offset || this.#isReplaced(descriptor) || isAnew) this.#restart();
      const buffer = Buffer.alloc(chunkBytes);
      for (;;) {
        const read = readSync(descriptor, buffer, 0, chunkBytes, this.#offset);
        if (read === 0) break;
        this.#offset += read;
        this.#add(this.#decoder.write(buffer.subarray(0, read)));
      }
      if (last && this.#rest !== "") this.#add("\n");
      if (this.#isSkipping) this.#untouched = fstatSync(descriptor, { bigint: true });
    } catch {
      // A folder, or a disk that fails: there is nothing to read.
    } finally {
      closeSync(descriptor);
    }
  }

  #restart(): void {
    this.#offset = 0;
    this.#head = Buffer.alloc(0);
    this.#rest = "";
    this.#header = null;
    this.#decoder = new StringDecoder("utf8");
  }

  /**
   * True at the first change of a file of an earlier run, unless the file only grew. Later changes don't tell: who appends a
   * line moves the time too, maybe after the line was read.
   */
  #isWrittenAnew({ ino, size, mtimeNs }: BigIntStats): boolean {
    const before = this.#untouched;
    if (before === null || (ino === before.ino && size === before.size && mtimeNs === before.mtimeNs)) return false;
    this.#untouched = null;
    return ino !== before.ino || size <= before.size;
  }

  /** True when the file does not begin as it did, so that what looks like growth is another file. */
  #isReplaced(descriptor: number): boolean {
    const head = Buffer.alloc(Math.min(headBytes, this.#offset));
    readSync(descriptor, head, 0, head.length, 0);
    const replaced = !head.subarray(0, this.#head.length).equals(this.#head.subarray(0, head.length));
    this.#head = head;
    return replaced;
  }

  #add(text: string): void {
    const lines = (this.#rest + text).split(/\r?\n/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    if (line.trim() === "") return;
    if (line.trimStart().startsWith("{")) {
      this.#found(parseMetricLine(line, maximumLineLength));
      return;
    }
    const cells = splitCells(line);
    if (this.#header === null || cells.every((cell) => parseMetricNumber(cell) === null)) {
      this.#header = cells;
      return;
    }
    const pairs = new Map<string, number>();
    for (const [index, cell] of cells.entries()) {
      const name = this.#header[index];
      const value = parseMetricNumber(cell);
      if (name !== undefined && name !== "" && value !== null) pairs.set(name, value);
    }
    this.#found(splitStep(pairs));
  }

  #found(metrics: LineMetrics | null): void {
    if (this.#isSkipping || !metrics || Object.keys(metrics.values).length === 0) return;
    this.#hasMetrics = true;
    this.#emit(metrics);
  }
}

/** Cells of one CSV line (RFC 4180 without line breaks in cells); a semicolon or tab separates where the line has no comma. */
function splitCells(line: string): string[] {
  const separator = line.includes(",") ? "," : line.includes("\t") ? "\t" : ";";
  const pattern = new RegExp(`(?:^|${separator})(?:"((?:[^"]|"")*)"|([^${separator}]*))`, "g");
  return [...line.matchAll(pattern)].map((match) => (match[1]?.replaceAll('""', '"') ?? match[2] ?? "").trim());
}
