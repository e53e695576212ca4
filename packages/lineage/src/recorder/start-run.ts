import { hostname } from "node:os";
import { basename } from "node:path";
import type { JsonValue } from "@deepwright/core";
import { type Clock, DeepwrightError, newId, type RunId, refuseNul, systemClock } from "@deepwright/core";
import type { Objective, RunStartEvent } from "../contract/events.js";
import { startDeliveryProcess } from "./delivery-process.js";
import { ownIdentity } from "./process-identity.js";
import { RunRecorder } from "./run-recorder.js";
import { createSource, sourceDirectory } from "./spool.js";
import { spoolNotWritable } from "./spool-errors.js";
import { locateStore, redactStoreUri, type StoreLocation } from "./store-location.js";
import { type LogFileSystem, nodeLogFileSystem } from "./write-ahead-log/log-file.js";
import { LogWriter } from "./write-ahead-log/writer.js";

export interface StartRunOptions {
  /** Store address or location. Default: `DEEPWRIGHT_STORE`, else the nearest `.deepwright` folder. */
  readonly store?: string | StoreLocation | undefined;
  /** Default: the name of the root folder. */
  readonly project?: string | undefined;
  /** Default: the first words of the command. */
  readonly name?: string | undefined;
  readonly command?: readonly string[];
  /** Folder of the source; default the working directory. */
  readonly root?: string;
  readonly workingDirectory?: string;
  /** Which metric the run is judged by. */
  readonly objective?: Objective | undefined;
  readonly purpose?: "user" | "proof" | undefined;
  readonly parentRunId?: RunId | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly recipe?: JsonValue;
  /** `background` (default): a process of its own brings the log to the store. `none`: the caller sees to it. */
  readonly delivery?: "background" | "none";
  /** Refuse to start when the log can't be written, instead of going on in memory. Default false. */
  readonly mustWrite?: boolean;
  readonly clock?: Clock;
  readonly files?: LogFileSystem;
  /** Told once when the disk takes nothing any more. Default: one line on stderr. */
  readonly onTrouble?: (message: string) => void;
}

/**
 * Starts a run and gives the recorder to log into. Returns within milliseconds: the run is written to a log on the local
 * disk, a background process brings it to the store.
 *
 * @example
 * ```ts
 * const recorder = startRun({ project: "prices", name: "baseline" });
 * recorder.configuration({ learningRate: 0.01 });
 * for (let epoch = 0; epoch < 3; epoch++) recorder.log({ loss: 1 / (epoch + 1) }, { step: epoch });
 * await recorder.finish();
 * ```
 * @throws DeepwrightError `INVALID_STORE`, `EMPTY_NAME`, `TEXT_WITH_NUL`, with `mustWrite` also `SPOOL_NOT_WRITABLE`
 */
export function startRun(options: StartRunOptions = {}): RunRecorder {
  const clock = options.clock ?? systemClock;
  const workingDirectory = options.workingDirectory ?? process.cwd();
  const location =
    typeof options.store === "object" ? options.store : locateStore({ store: options.store, workingDirectory });
  const root = options.root ?? workingDirectory;
  const command = options.command ?? process.argv;
  const start: RunStartEvent = {
    type: "run-start",
    runId: newId<"run">(clock),
    project: named(options.project ?? (basename(root) || "default"), "project"),
    name: named(options.name ?? defaultName(command), "run"),
    command,
    startedAtMs: clock.now(),
    location: { host: hostname(), processId: process.pid, root, workingDirectory },
    purpose: options.purpose ?? "user",
    ...(options.objective ? { objective: options.objective } : {}),
    ...(options.parentRunId ? { parentRunId: options.parentRunId } : {}),
    ...(options.recipe === undefined ? {} : { recipe: options.recipe }),
  };
  const onTrouble = options.onTrouble ?? ((message: string) => process.stderr.write(`deepwright: ${message}\n`));
  const source = {
    sourceId: newId(clock),
    runId: start.runId,
    store: redactStoreUri(location.uri),
    owner: ownIdentity(),
  };
  const directory = sourceDirectory(location.directory, source.sourceId);
  const files = options.files ?? nodeLogFileSystem;
  let started = false;
  const log = new LogWriter({
    directory,
    clock,
    files: {
      ...files,
      open(path) {
        // Also when the disk takes bytes again after the start of the run found it full.
        createSource(location.directory, source);
        return files.open(path);
      },
    },
    onTrouble: (error) => {
      if (started || !options.mustWrite)
        onTrouble(
          `can't write ${directory} (${error.message}); the run goes on, up to 64 MiB of its log wait in memory.`,
        );
    },
  });
  const background = options.delivery !== "none";
  // A remote store shows the run while it goes on. The embedded one is opened by whoever reads it, so that no database
  // takes memory beside the training.
  const live = background && !location.uri.startsWith("file:");
  const recorder = new RunRecorder(start.runId, log, {
    clock,
    directory,
    onLoss: onTrouble,
    onFinish: () => {
      if (background) startDeliveryProcess(location);
    },
  });
  recorder.append(start);
  if (options.mustWrite && log.status.trouble !== null) {
    recorder.discard();
    throw spoolNotWritable(location.directory, log.status.trouble, "nothing ran");
  }
  started = true;
  for (const [key, value] of Object.entries(options.tags ?? {})) recorder.tag(key, value);
  if (live) startDeliveryProcess(location);
  return recorder;
}

function defaultName(command: readonly string[]): string {
  const words = command.map((word) => basename(word)).filter((word) => word !== "" && !word.startsWith("-"));
  return words.slice(0, 2).join(" ").slice(0, 80).replaceAll("\0", "") || "run";
}

function named(value: string, what: string): string {
  refuseNul(value, `the name of a ${what}`);
  if (value.trim() !== "" && value.length <= 500) return value;
  throw new DeepwrightError({
    code: "EMPTY_NAME",
    expected: `a name of 1 to 500 characters for the ${what}`,
    got: JSON.stringify(value.slice(0, 80)),
    todo: `Give the ${what} a name.`,
  });
}
