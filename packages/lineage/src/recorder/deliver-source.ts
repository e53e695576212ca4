import { appendFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { type DeepwrightError, isDeepwrightError, stringifyJson, systemClock } from "@deepwright/core";
import type { RunEndEvent } from "../contract/events.js";
import type { RunService } from "../contract/service.js";
import { processState } from "./process-identity.js";
import { readAcknowledged, removeSource, type SpoolEntry, setAside, writeAcknowledged } from "./spool.js";
import { encodeFrame, frameKinds, segmentMagic } from "./write-ahead-log/frame.js";
import { type LoggedEvent, LogReader } from "./write-ahead-log/reader.js";
import { listSegments, segmentPath } from "./write-ahead-log/segments.js";

export type IngestTarget = Pick<RunService, "ingest">;

/** A log that grows as fast as it is delivered must not keep the others waiting. */
const longestLiveMs = 2_000;
/**
 * A process of another computer is taken for dead when its log was not touched for so long: the heart of a run beats every 5
 * seconds, and a log that is taken away too early would lose what is written into it later.
 */
const foreignStaleMs = 24 * 3_600_000;

const smallestLogBytes = 4_096;

const limits = { maximumEvents: 500, maximumBytes: 2 * 1024 * 1024 };

/**
 * Whether the store refuses what a log holds. A wrong token, a wrong address and a defect say nothing about the log, which
 * then waits.
 */
const refusesContent = (error: unknown): error is DeepwrightError =>
  isDeepwrightError(error) && !error.retryable && (error.kind === "usage" || error.kind === "conflict");

export interface SourceProgress {
  readonly deliveredEvents: number;
  /** `live`: its process goes on writing. `done`: everything is delivered and the log is removed. `refused`: set aside. */
  readonly state: "live" | "done" | "refused";
}

/**
 * Delivers one log of the spool, each event exactly once: numbers are in the log, the receiver skips those that it has.
 * One instance may be called again and again while the log grows. Only one process delivers a log at a time.
 */
export class SourceDelivery {
  readonly #directory: string;
  #reader: LogReader;
  #entry: SpoolEntry;
  #acknowledged: number;
  #ended = false;
  #empty = true;

  constructor(directory: string, entry: SpoolEntry) {
    this.#directory = directory;
    this.#entry = entry;
    this.#reader = new LogReader(entry.directory, entry.runId);
    this.#acknowledged = readAcknowledged(entry);
  }

  /**
   * Sends what the log holds now.
   *
   * @throws DeepwrightError when the store can't be reached or lets nobody in; nothing is lost then
   */
  async deliver(target: IngestTarget, signal?: AbortSignal): Promise<SourceProgress> {
    try {
      return await this.#deliver(target, signal);
    } catch (error) {
      // What was read and not taken is read again.
      this.#reader = new LogReader(this.#entry.directory, this.#entry.runId);
      this.#ended = false;
      throw error;
    }
  }

  async #deliver(target: IngestTarget, signal?: AbortSignal): Promise<SourceProgress> {
    const startedMs = systemClock.monotonic();
    let delivered = 0;
    for (;;) {
      // Asked before reading: what a process wrote before it died is read after it.
      const state = this.#ownerState();
      const late = state !== "dead" && systemClock.monotonic() - startedMs > longestLiveMs;
      if (late || signal?.aborted) return { deliveredEvents: delivered, state: "live" };
      const events = this.#reader.read(limits);
      if (events.length === 0) {
        // The end of the run is the last event of a log. A process that died before it logged anything left nothing.
        const isEmpty = state === "dead" && this.#empty;
        if (isEmpty && this.#hasUnreadableBytes()) {
          this.#setAside({ code: "LOG_DAMAGED", message: "No record of the log can be read." });
          return { deliveredEvents: delivered, state: "refused" };
        }
        if (this.#ended || isEmpty) {
          removeSource(this.#entry);
          return { deliveredEvents: delivered, state: "done" };
        }
        if (state !== "dead") return { deliveredEvents: delivered, state: "live" };
        this.#closeForLost();
        continue;
      }
      this.#empty = false;
      if (events.some((logged) => logged.event.type === "run-end")) this.#ended = true;
      const fresh = events.filter((logged) => logged.sequence > this.#acknowledged);
      if (fresh.length > 0 && !(await this.#send(target, fresh)))
        return { deliveredEvents: delivered, state: "refused" };
      delivered += fresh.length;
    }
  }

  async #send(target: IngestTarget, events: readonly LoggedEvent[]): Promise<boolean> {
    try {
      await this.#ingest(target, events);
      return true;
    } catch (error) {
      if (!refusesContent(error)) throw error;
      if (events.length > 1) {
        const middle = Math.ceil(events.length / 2);
        return (await this.#send(target, events.slice(0, middle))) && (await this.#send(target, events.slice(middle)));
      }
      return this.#replaceRefused(target, events[0] as LoggedEvent, error.code, error.message);
    }
  }

  /** One event that the store refuses must not hold up the rest: a tag says what is missing, a file keeps it. */
  async #replaceRefused(target: IngestTarget, logged: LoggedEvent, code: string, message: string): Promise<boolean> {
    const note = { sequence: logged.sequence, code, message, event: logged.event };
    if (logged.event.type !== "run-start") {
      appendFileSync(join(this.#directory, "refused-events.jsonl"), `${stringifyJson(note)}\n`);
      const event = { type: "tag", runId: this.#entry.runId, key: "deepwright.refused", value: code } as const;
      try {
        await this.#ingest(target, [{ sequence: logged.sequence, event }]);
        return true;
      } catch (error) {
        if (!refusesContent(error)) throw error;
      }
    }
    this.#setAside({ code, message });
    return false;
  }

  #setAside(reason: { readonly code: string; readonly message: string }): void {
    const directory = setAside(this.#directory, this.#entry, reason);
    this.#entry = { ...this.#entry, directory };
  }

  /** More than what a process leaves that dies in its very first write. */
  #hasUnreadableBytes(): boolean {
    const { directory } = this.#entry;
    return listSegments(directory).some((first) => statSync(segmentPath(directory, first)).size > smallestLogBytes);
  }

  async #ingest(target: IngestTarget, events: readonly LoggedEvent[]): Promise<void> {
    const receipt = await target.ingest({
      sourceId: this.#entry.sourceId,
      firstSequence: (events[0] as LoggedEvent).sequence,
      events: events.map((logged) => logged.event),
    });
    this.#acknowledged = Math.max(this.#acknowledged, receipt.acknowledgedThrough);
    writeAcknowledged(this.#entry, this.#acknowledged);
    this.#removeAcknowledged();
  }

  /** A segment goes when every event of it is stored: when the next one begins at most behind what is acknowledged. */
  #removeAcknowledged(): void {
    const segments = listSegments(this.#entry.directory);
    for (const [index, next] of segments.slice(1).entries()) {
      if (next > this.#acknowledged + 1 || next > this.#reader.segment) return;
      rmSync(segmentPath(this.#entry.directory, segments[index] as number), { force: true });
    }
  }

  #ownerState(): "alive" | "dead" | "unknown" {
    const state = processState(this.#entry.owner);
    if (state !== "unknown") return state;
    const last = listSegments(this.#entry.directory).at(-1);
    const path = last === undefined ? this.#entry.directory : segmentPath(this.#entry.directory, last);
    return systemClock.now() - statSync(path).mtimeMs > foreignStaleMs ? "dead" : "unknown";
  }

  /** The process died without a word: its last whole record is kept, a torn one is cut, and the run is marked lost. */
  #closeForLost(): void {
    const last = segmentPath(this.#entry.directory, this.#reader.segment);
    const endedAtMs = Math.round(statSync(last).mtimeMs);
    const { path } = this.#reader.repair();
    const event: RunEndEvent = {
      type: "run-end",
      runId: this.#entry.runId,
      status: "lost",
      endedAtMs,
      exitCode: null,
      signal: null,
    };
    const frame = encodeFrame(frameKinds.event, Buffer.from(stringifyJson(event), "utf8"));
    const bytes = statSync(path).size === 0 ? Buffer.concat([segmentMagic, frame]) : frame;
    appendFileSync(path, bytes, { mode: 0o600 });
  }
}
