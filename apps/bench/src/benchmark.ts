/** One line of the table. */
export interface Row {
  readonly what: string;
  /** What was asked, in words: `>= 2 x FastTrackML`. */
  readonly asked: string;
  /** What was measured, with its unit. */
  readonly measured: string;
  /** The peer's or the floor's figure in the same run. */
  readonly beside: string;
  readonly reached: boolean | null;
}

export interface BenchmarkContext {
  /** An empty folder that is removed afterwards. */
  readonly folder: string;
  /** Repetitions; medians are taken over them. */
  readonly rounds: number;
  /** Smaller work, to see that a benchmark still runs; its figures mean nothing. */
  readonly quick: boolean;
  /** Tells progress to the reader, on standard error. */
  say(line: string): void;
  /** Called when the benchmark ends, newest first, also after a failure. */
  defer(cleanUp: () => Promise<void> | void): void;
}

export interface Benchmark {
  readonly name: string;
  run(context: BenchmarkContext): Promise<readonly Row[]>;
}
