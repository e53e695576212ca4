import { rmSync } from "node:fs";
import {
  type Clock,
  type ComponentMap,
  type ComponentName,
  DeepwrightError,
  flatten,
  type JsonValue,
  joinPath,
  type LogOptions,
  type MetricValues,
  type Recorder,
  type RunId,
  type RunStatus,
  systemClock,
} from "@deepwright/core";
import type { LineageEvent } from "../contract/events.js";
import { fitComponent } from "./fit-component.js";
import type { LogWriter, LogWriterStatus } from "./write-ahead-log/writer.js";

const tickMs = 500;
const heartbeatMs = 5_000;
const synchronizeMs = 10_000;
/** Components of 100,000 files travel in events of this many entries. */
const entriesPerEvent = 5_000;

export interface RunEnd {
  readonly status: Exclude<RunStatus, "running">;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Wall time of the command alone, where there is one. */
  readonly durationMs?: number;
}

/** A {@link Recorder} on a write-ahead log. Made by `startRun`. */
export class RunRecorder implements Recorder {
  readonly runId: RunId;
  readonly #log: LogWriter;
  readonly #clock: Clock;
  readonly #timer: NodeJS.Timeout;
  readonly #onFinish: () => void;
  readonly #onLoss: (message: string) => void;
  #calls = 0;
  #lastHeartbeatMs: number;
  #lastSynchronizeMs: number;
  #finished = false;

  /** Folder of the log, also for what belongs to the run while it goes on. */
  readonly directory: string;

  constructor(
    runId: RunId,
    log: LogWriter,
    options: {
      readonly directory: string;
      readonly clock?: Clock;
      readonly onFinish?: () => void;
      /** Told when the run ends and the disk did not take all of its log. */
      readonly onLoss?: (message: string) => void;
    },
  ) {
    this.runId = runId;
    this.directory = options.directory;
    this.#log = log;
    this.#clock = options.clock ?? systemClock;
    this.#onFinish = options.onFinish ?? (() => undefined);
    this.#onLoss = options.onLoss ?? (() => undefined);
    this.#lastHeartbeatMs = this.#clock.monotonic();
    this.#lastSynchronizeMs = this.#lastHeartbeatMs;
    this.#timer = setInterval(() => this.#tick(), tickMs);
    this.#timer.unref();
  }

  /** Whether the disk takes what is logged, and what was dropped where neither disk nor memory had room. */
  get status(): LogWriterStatus {
    return this.#log.status;
  }

  log(values: MetricValues, options: LogOptions = {}): void {
    this.#refuseWhenFinished();
    const step = options.step ?? this.#calls;
    this.#calls += 1;
    this.#log.points(values, step, options.timeMs ?? this.#clock.now());
    // A loop that never yields starves the timer, so the heart beats from here too.
    if ((this.#calls & 255) === 0) this.#beat();
  }

  configuration(values: Readonly<Record<string, JsonValue>>): void {
    this.component("configuration", flatten(values, "api"));
  }

  data(name: string, facts: ComponentMap): void {
    const prefix = joinPath("inputs", name);
    const entries = Object.entries(facts).map(([path, leaf]) => [`${prefix}/${path}`, leaf] as const);
    this.component("data", Object.fromEntries(entries));
  }

  model(facts: ComponentMap): void {
    this.component("model", facts);
  }

  fact(kind: string, body: JsonValue): void {
    this.append({ type: "fact", runId: this.runId, kind, body, recordedAtMs: this.#clock.now() });
  }

  tag(key: string, value: string): void {
    this.append({ type: "tag", runId: this.runId, key, value });
  }

  /** Sets paths of a component, in events of bounded size. */
  component(component: ComponentName, entries: ComponentMap, remove: readonly string[] = []): void {
    const all = Object.entries(fitComponent(entries));
    for (let start = 0; start < all.length; start += entriesPerEvent) {
      const part = Object.fromEntries(all.slice(start, start + entriesPerEvent));
      this.append({ type: "component", runId: this.runId, component, entries: part });
    }
    if (remove.length > 0) this.append({ type: "component", runId: this.runId, component, entries: {}, remove });
  }

  /** Appends any event of this run. */
  append(event: LineageEvent): void {
    this.#refuseWhenFinished();
    this.#log.append(event);
  }

  finish(status: Exclude<RunStatus, "running" | "lost"> = "finished"): Promise<void> {
    return this.end({ status, exitCode: null, signal: null });
  }

  /** Ends the run with what is known about its process. A second call does nothing. */
  async end(end: RunEnd): Promise<void> {
    if (this.#finished) return;
    this.append({ type: "run-end", runId: this.runId, endedAtMs: this.#clock.now(), ...end });
    this.#finished = true;
    clearInterval(this.#timer);
    await this.#log.close();
    if (this.isPartial) this.#onLoss(`the disk did not take all of run ${this.runId}; lost are ${this.#lost()}.`);
    this.#onFinish();
  }

  /** Whether the disk did not take all that was logged. */
  get isPartial(): boolean {
    const { pendingBytes, droppedPoints, droppedEvents } = this.#log.status;
    return pendingBytes + droppedPoints + droppedEvents > 0;
  }

  #lost(): string {
    const { pendingBytes, droppedPoints, droppedEvents } = this.#log.status;
    const parts = [
      pendingBytes > 0 && `${pendingBytes} bytes of its log`,
      droppedPoints > 0 && `${droppedPoints} points`,
      droppedEvents > 0 && `${droppedEvents} other events`,
    ];
    return parts.filter((part) => part !== false).join(", ");
  }

  /** Takes the run back as if it had never been; for a start that failed. */
  discard(): void {
    this.#finished = true;
    clearInterval(this.#timer);
    this.#log.abandon();
    try {
      rmSync(this.directory, { recursive: true, force: true });
    } catch {
      // A disk that took nothing holds nothing either.
    }
  }

  #tick(): void {
    this.#log.seal();
    this.#beat();
    const nowMs = this.#clock.monotonic();
    if (nowMs - this.#lastSynchronizeMs < synchronizeMs) return;
    this.#lastSynchronizeMs = nowMs;
    void this.#log.synchronize();
  }

  #beat(): void {
    const nowMs = this.#clock.monotonic();
    if (nowMs - this.#lastHeartbeatMs < heartbeatMs) return;
    this.#lastHeartbeatMs = nowMs;
    this.#log.append({ type: "heartbeat", runId: this.runId, timeMs: this.#clock.now() });
  }

  #refuseWhenFinished(): void {
    if (!this.#finished) return;
    throw new DeepwrightError({
      code: "RUN_FINISHED",
      kind: "conflict",
      expected: "a run that goes on",
      got: `a call after finish() of run ${this.runId}`,
      todo: "Call finish() last, or start another run.",
    });
  }
}
