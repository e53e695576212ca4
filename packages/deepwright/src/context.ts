import { parseJson, stringifyJson } from "@deepwright/core";
import type { StoreLocation } from "@deepwright/lineage/recorder";
import { type Lineage, openLineageFor } from "./open-lineage.js";

/** Options that every command takes. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly store?: string;
  readonly color?: boolean;
}

/** Where the command line reads and writes; tests give their own. */
export interface CliStreams {
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
}

/** What a command gets: its common options, one way to print, one way to open the store. */
export class CliContext {
  readonly streams: CliStreams;
  /** What the process exits with when the command does not fail: 0, or 1 when a check failed. */
  exitCode = 0;
  #options: CommonOptions = {};
  #lineage: Promise<Lineage> | undefined;
  readonly #abort = new AbortController();

  readonly #shared: Lineage | undefined;

  /** @param shared an open lineage that commands use and leave open, in place of the one that the options name */
  constructor(streams: CliStreams, shared?: Lineage) {
    this.streams = streams;
    this.#shared = shared;
  }

  /** Set from the parsed command line before the action runs. */
  setOptions(options: CommonOptions): void {
    this.#options = options;
  }

  get options(): CommonOptions {
    return this.#options;
  }

  /** Aborted by Ctrl-C; long work takes it and leaves a consistent state. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  abort(): void {
    this.#abort.abort();
  }

  /** Where runs are kept. @throws DeepwrightError `INVALID_STORE` */
  async location(): Promise<StoreLocation> {
    const { locateStore } = await import("@deepwright/lineage/recorder");
    return locateStore({
      store: this.#options.store,
      workingDirectory: this.streams.workingDirectory,
      environment: this.streams.environment,
    });
  }

  /** The open store, with everything in it that was recorded up to now. Opened once, closed at the end of the command. */
  async openLineage(): Promise<Lineage> {
    if (this.#shared !== undefined) return this.#shared;
    this.#lineage ??= this.location().then((location) => openLineageFor(location, this));
    return this.#lineage;
  }

  /** Whether escape codes may be written. */
  get color(): boolean {
    const { NO_COLOR, FORCE_COLOR } = this.streams.environment;
    if (this.#options.color === false || (NO_COLOR !== undefined && NO_COLOR !== "")) return false;
    return (FORCE_COLOR !== undefined && FORCE_COLOR !== "0") || this.streams.stdout.isTTY === true;
  }

  /** Columns of the terminal; 100 elsewhere. */
  get width(): number {
    return this.streams.stdout.columns ?? 100;
  }

  /** The result: with `--json` the value as one document, else the text. */
  print(value: unknown, text: () => string): void {
    if (this.#options.json) this.streams.stdout.write(`${stringifyJson(value, 2)}\n`);
    else {
      const rendered = text();
      if (rendered !== "") this.streams.stdout.write(rendered.endsWith("\n") ? rendered : `${rendered}\n`);
    }
  }

  /** A remark on stderr, left out with `--quiet`. */
  note(text: string): void {
    if (!this.#options.quiet) this.streams.stderr.write(`${text}\n`);
  }

  async close(): Promise<void> {
    const lineage = await this.#lineage?.catch(() => undefined);
    await lineage?.close();
  }
}

/** Reads a document that `--json` printed, with its NaN and infinities. */
export const readPrinted = parseJson;
