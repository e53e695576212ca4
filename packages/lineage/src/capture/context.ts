/** What every capture knows about the command. */
export interface CaptureContext {
  /** Top of the source: git's top level, else the working directory. Absolute. */
  readonly root: string;
  readonly workingDirectory: string;
  /** The store's folder on this computer: kept data and caches lie in it. */
  readonly storeDirectory: string;
  readonly command: readonly string[];
  /** The file that ran as the command's first word. */
  readonly executable: string;
  /** Environment that the user gave the command. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly declaredData: readonly string[];
  readonly declaredConfig: readonly string[];
  readonly metricFiles: readonly string[];
  readonly keepData: boolean;
  /** Adds a sentence about something that could not be captured. */
  note(sentence: string): void;
}
