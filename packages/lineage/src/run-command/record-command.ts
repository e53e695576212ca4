import { basename, resolve } from "node:path";
import { type JsonValue, systemClock } from "@deepwright/core";
import { CommandCapture } from "../capture/command-capture.js";
import { withoutHooks } from "../capture/hooks/install-hooks.js";
import { MetricSink } from "../capture/metrics/metric-sink.js";
import { StdoutMetrics } from "../capture/metrics/stdout-metrics.js";
import { redactCommand } from "../capture/secrets.js";
import { captureSource, sourceRoot } from "../capture/source/source.js";
import { deliverSpool } from "../recorder/deliver-spool.js";
import { startDeliveryProcess } from "../recorder/delivery-process.js";
import { startRun } from "../recorder/start-run.js";
import { locateStore, type StoreLocation } from "../recorder/store-location.js";
import { Child, type ChildEnd } from "./child.js";
import type { RecordCommandOptions, RecordedCommand } from "./options.js";
import { ProgressLine } from "./progress-line.js";
import { commandNotRunnable, resolveCommand } from "./resolve-command.js";
import { SignalForwarder } from "./signals.js";

/** The command waits so long for its source to be read, so that it can't change it first; a huge repository is read beside it. */
const sourceHeadStartMs = 150;

/**
 * Runs a command and records it as a run, without a change to its code.
 *
 * @example
 * ```ts
 * const run = await recordCommand({ command: ["python3", "train.py", "--lr", "0.1"], data: ["sales.csv"] });
 * console.log(run.status, run.exitCode); // finished 0
 * ```
 * @throws DeepwrightError `COMMAND_NOT_FOUND`, `INVALID_COMMAND`, `INVALID_STORE`, `INVALID_PATTERN`, `INPUT_NOT_FOUND`,
 * `SPOOL_NOT_WRITABLE`: each before the command starts, with nothing written
 */
export async function recordCommand(options: RecordCommandOptions): Promise<RecordedCommand> {
  const signals = new SignalForwarder(options.forwardSignals ?? false);
  try {
    return await record(options, signals);
  } finally {
    signals.close();
  }
}

async function record(options: RecordCommandOptions, signals: SignalForwarder): Promise<RecordedCommand> {
  const workingDirectory = resolve(options.cwd ?? process.cwd());
  const environment = withoutHooks(options.env ?? process.env);
  const location =
    typeof options.store === "object"
      ? options.store
      : locateStore({ store: options.store, workingDirectory, environment });
  const executable = resolveCommand(options.command, workingDirectory, environment);
  const root = sourceRoot(workingDirectory);
  const startedAtMs = systemClock.now();
  const notes: string[] = [];
  const note = (sentence: string): void => {
    // A file may be found among the arguments and again by what the command opened.
    if (!notes.includes(sentence)) notes.push(sentence);
  };
  const progress = new ProgressLine(options.progress === true);
  const sink = new MetricSink(note, (step, values) => progress.metrics(step, values));
  const metrics = new StdoutMetrics(options.metricPatterns ?? [], sink.add);
  const capture = await CommandCapture.prepare(
    {
      root,
      workingDirectory,
      storeDirectory: location.directory,
      command: options.command,
      executable,
      environment,
      startedAtMs,
      declaredData: options.data ?? [],
      declaredConfig: options.config ?? [],
      metricFiles: options.metricFiles ?? [],
      keepData: options.keepData ?? true,
      note,
    },
    sink,
  );
  const source = captureSource(workingDirectory);
  const recorder = startRun({
    store: location,
    project: options.project ?? (basename(root) || "default"),
    name: options.name,
    command: redactCommand(options.command),
    root,
    workingDirectory,
    objective: options.objective,
    purpose: options.purpose,
    parentRunId: options.parentRunId,
    tags: options.tags,
    recipe: recipeOf(options),
    delivery: "none",
    mustWrite: true,
  });
  sink.attach(recorder);
  await headStart(source);
  const child = await startChild(options, executable, workingDirectory, {
    environment: () => capture.childEnvironment(recorder),
    signals,
    onStdout: (chunk) => {
      progress.clear();
      metrics.add(chunk);
    },
    discard: () => recorder.discard(),
  });
  const startMs = systemClock.monotonic();
  const ending = child.end();
  if (isLive(options, location)) startDeliveryProcess(location);
  const beside = capture.captureBeside(recorder, source);
  const ended = await ending;
  const durationMs = systemClock.monotonic() - startMs;
  metrics.end();
  progress.end();
  const captured = beside.then(() => capture.captureAfter(recorder));
  if ((await Promise.race([captured, signals.interrupted])) === "interrupted") {
    note("The command had ended when a signal came; what was not captured by then is missing.");
  }
  for (const sentence of notes) recorder.tag("deepwright.note", sentence);
  const status = statusOf(ended);
  await recorder.end({ status, exitCode: ended.exitCode, signal: ended.signal, durationMs });
  const { isPartial } = recorder;
  const { droppedPoints } = recorder.status;
  await deliver(options, location);
  return {
    runId: recorder.runId,
    status,
    exitCode: ended.exitCode,
    signal: ended.signal,
    durationMs,
    notes,
    droppedPoints,
    isPartial,
  };
}

function isLive(options: RecordCommandOptions, location: StoreLocation): boolean {
  return (options.deliverTo ?? "background") === "background" && !location.uri.startsWith("file:");
}

async function deliver(options: RecordCommandOptions, location: StoreLocation): Promise<void> {
  const target = options.deliverTo ?? "background";
  if (target === "none") return;
  if (target === "background") startDeliveryProcess(location);
  else await deliverSpool(location, target);
}

async function headStart(source: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([
    source.catch(() => undefined),
    new Promise((done) => (timer = setTimeout(done, sourceHeadStartMs))),
  ]);
  clearTimeout(timer);
}

interface ChildHooks {
  readonly environment: () => Readonly<Record<string, string | undefined>>;
  readonly signals: SignalForwarder;
  readonly onStdout: (chunk: Buffer) => void;
  readonly discard: () => void;
}

async function startChild(
  options: RecordCommandOptions,
  executable: string,
  cwd: string,
  hooks: ChildHooks,
): Promise<Child> {
  try {
    return await Child.start({
      command: options.command,
      executable,
      cwd,
      env: hooks.environment(),
      stdio: options.stdio ?? "inherit",
      onStdout: hooks.onStdout,
      signal: options.signal,
      signals: hooks.signals,
    });
  } catch (error) {
    hooks.discard();
    throw commandNotRunnable(executable, error);
  }
}

function statusOf(end: ChildEnd): RecordedCommand["status"] {
  if (end.cancelled) return "cancelled";
  return end.exitCode === 0 ? "finished" : "failed";
}

/** What is needed to run the command again in the same way. */
function recipeOf(options: RecordCommandOptions): JsonValue {
  return {
    data: redactCommand(options.data ?? []),
    config: [...(options.config ?? [])],
    metricFiles: [...(options.metricFiles ?? [])],
    metricPatterns: (options.metricPatterns ?? []).map((pattern) =>
      typeof pattern === "string" ? pattern : pattern.source,
    ),
  };
}
