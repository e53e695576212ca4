import { setTimeout as sleep } from "node:timers/promises";
import { type Clock, type MetricValues, refuseNul, stringifyJson, systemClock } from "@deepwright/core";
import type { LineageEvent } from "../../contract/events.js";
import { checkMetricName, checkPoint } from "./check-point.js";
import { closeFrame, encodeFrame, frameHeaderBytes, frameKinds } from "./frame.js";
import { type LogFileSystem, nodeLogFileSystem } from "./log-file.js";
import { SegmentWriter } from "./segment-writer.js";
import { segmentPath } from "./segments.js";

/** Points of one group become one event; the receiver stores it as one packed row a metric. */
const maximumGroupPoints = 4096;
const maximumGroupMs = 500;
const retryAfterMs = 250;
const closeAttempts = 5;
const pointBytes = 10;
const pointsHeaderBytes = 17;
/** Names are numbered with 16 bits within a segment; a call that would go beyond begins another one. */
const maximumNames = 65_536;

export interface LogWriterOptions {
  readonly directory: string;
  readonly clock?: Clock;
  /** A segment is closed when it is larger. Default 4 MiB. */
  readonly segmentBytes?: number;
  /** How much is kept in memory while the disk takes nothing. Default 64 MiB. */
  readonly bufferBytes?: number;
  readonly files?: LogFileSystem;
  /** Called once each time that the disk stops taking bytes. */
  readonly onTrouble?: (error: Error) => void;
}

export interface LogWriterStatus {
  /** `recording`: everything is with the operating system. `degraded`: some is only in memory or was dropped. */
  readonly state: "recording" | "degraded";
  readonly pendingBytes: number;
  /** Points and events that found neither disk nor memory. They are lost, and were never promised. */
  readonly droppedPoints: number;
  readonly droppedEvents: number;
  readonly trouble: string | null;
}

/**
 * The write-ahead log of one run. Every call puts its record into the operating system's file cache before it returns (one
 * `write`, about 2 microseconds), so that a `kill -9` of the process loses nothing that a call returned from. Never throws because of the
 * disk: what it does not take stays in bounded memory and is written when it takes bytes again.
 */
export class LogWriter {
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #segmentBytes: number;
  readonly #bufferBytes: number;
  readonly #onTrouble: ((error: Error) => void) | undefined;
  readonly #segment: SegmentWriter;
  #names = new Map<string, number>();
  #scratch = Buffer.allocUnsafe(16 * 1024);
  #nextSequence = 1;
  #groupPoints = 0;
  #groupStartedAtMs = 0;
  #lastRetryAtMs = 0;
  #droppedPoints = 0;
  #droppedEvents = 0;
  #closed = false;

  constructor(options: LogWriterOptions) {
    this.#directory = options.directory;
    this.#clock = options.clock ?? systemClock;
    this.#segmentBytes = options.segmentBytes ?? 4 * 1024 * 1024;
    this.#bufferBytes = options.bufferBytes ?? 64 * 1024 * 1024;
    this.#onTrouble = options.onTrouble;
    this.#segment = new SegmentWriter(segmentPath(this.#directory, 1), options.files ?? nodeLogFileSystem);
  }

  get status(): LogWriterStatus {
    const trouble = this.#segment.trouble;
    const degraded = trouble !== undefined || this.#droppedPoints + this.#droppedEvents > 0;
    return {
      state: degraded ? "degraded" : "recording",
      pendingBytes: this.#segment.pendingBytes,
      droppedPoints: this.#droppedPoints,
      droppedEvents: this.#droppedEvents,
      trouble: trouble?.message ?? null,
    };
  }

  /** True when points wait for the end of their group. */
  get hasOpenGroup(): boolean {
    return this.#groupPoints > 0;
  }

  /**
   * Appends one event.
   *
   * @throws DeepwrightError `TEXT_WITH_NUL`
   */
  append(event: LineageEvent): void {
    const text = stringifyJson(event);
    if (text.includes("\\u0000")) refuseNulIn(event);
    this.#retryWhenDue();
    // Events are few and carry what makes a run whole, so they may use twice the memory that points may.
    if (this.#segment.pendingBytes > 2 * this.#bufferBytes) {
      this.#droppedEvents += 1;
      return;
    }
    this.#endGroup();
    const frame = encodeFrame(frameKinds.event, Buffer.from(text, "utf8"));
    this.#nextSequence += 1;
    this.#append(frame, frame.length);
    this.#rotateWhenFull();
  }

  /**
   * Appends the points of one call; all of them or, when one is refused, none.
   *
   * @throws DeepwrightError `INVALID_POINT`, `TEXT_WITH_NUL`
   */
  points(values: MetricValues, step: number, timeMs: number): void {
    const names = Object.keys(values);
    if (names.length === 0) return;
    // Before anything is encoded: a name that got its number and never reached the log would shift all that follow.
    checkPoint(names, values, step, timeMs);
    for (const name of names) if (!this.#names.has(name)) checkMetricName(name);
    this.#retryWhenDue();
    if (this.#segment.pendingBytes > this.#bufferBytes) {
      this.#droppedPoints += names.length;
      return;
    }
    if (this.#names.size + names.length > maximumNames && !this.#makeRoomForNames(names.length)) return;
    let offset = this.#encodeNewNames(names);
    const payload = pointsHeaderBytes + names.length * pointBytes;
    this.#reserve(offset, frameHeaderBytes + payload + frameHeaderBytes + 1);
    const scratch = this.#scratch;
    let at = offset + frameHeaderBytes;
    scratch[at] = frameKinds.points;
    scratch.writeDoubleLE(timeMs, at + 1);
    scratch.writeDoubleLE(step, at + 9);
    at += pointsHeaderBytes;
    for (const name of names) {
      scratch.writeUInt16LE(this.#names.get(name) as number, at);
      scratch.writeDoubleLE(values[name] as number, at + 2);
      at += pointBytes;
    }
    offset = closeFrame(scratch, offset, payload);
    const nowMs = this.#clock.monotonic();
    if (this.#groupPoints === 0) this.#groupStartedAtMs = nowMs;
    this.#groupPoints += names.length;
    const full = this.#groupPoints >= maximumGroupPoints || nowMs - this.#groupStartedAtMs >= maximumGroupMs;
    if (full) {
      scratch[offset + frameHeaderBytes] = frameKinds.seal;
      offset = closeFrame(scratch, offset, 1);
      this.#endGroup();
    }
    this.#append(scratch, offset);
    if (full) this.#rotateWhenFull();
  }

  /** Ends the group of points, so that it can be delivered. */
  seal(): void {
    this.#retryWhenDue();
    if (this.#groupPoints === 0) return;
    const frame = encodeFrame(frameKinds.seal, Buffer.alloc(0));
    this.#endGroup();
    this.#append(frame, frame.length);
    this.#rotateWhenFull();
  }

  /** Resolves when everything with the operating system is on the disk. */
  synchronize(): Promise<void> {
    return this.#segment.synchronize();
  }

  /**
   * Writes what is pending, if the disk takes it, and closes the file. What it does not take is lost and stays in
   * `status.pendingBytes`.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (let attempt = 0; attempt < closeAttempts && this.#segment.pendingBytes > 0; attempt++) {
      if (attempt > 0) await sleep(retryAfterMs);
      this.#segment.retry();
    }
    await this.#segment.synchronize();
    this.#segment.close();
  }

  /** Closes the file and leaves what is pending. */
  abandon(): void {
    this.#closed = true;
    this.#segment.close();
  }

  #endGroup(): void {
    if (this.#groupPoints > 0) this.#nextSequence += 1;
    this.#groupPoints = 0;
  }

  #encodeNewNames(names: readonly string[]): number {
    let offset = 0;
    for (const name of names) {
      if (this.#names.has(name)) continue;
      const body = Buffer.from(name, "utf8");
      this.#reserve(offset, frameHeaderBytes + 1 + body.length);
      this.#scratch[offset + frameHeaderBytes] = frameKinds.name;
      this.#scratch.set(body, offset + frameHeaderBytes + 1);
      offset = closeFrame(this.#scratch, offset, body.length + 1);
      this.#names.set(name, this.#names.size);
    }
    return offset;
  }

  #reserve(offset: number, more: number): void {
    if (offset + more <= this.#scratch.length) return;
    const larger = Buffer.allocUnsafe(2 * (offset + more));
    this.#scratch.copy(larger, 0, 0, offset);
    this.#scratch = larger;
  }

  #append(bytes: Buffer, length: number): void {
    const healthy = this.#segment.trouble === undefined;
    if (this.#segment.append(bytes, length) || !healthy) return;
    this.#lastRetryAtMs = this.#clock.monotonic();
    const trouble = this.#segment.trouble;
    if (trouble) this.#onTrouble?.(trouble);
  }

  #retryWhenDue(): void {
    if (this.#segment.trouble === undefined) return;
    const nowMs = this.#clock.monotonic();
    if (nowMs - this.#lastRetryAtMs < retryAfterMs) return;
    this.#lastRetryAtMs = nowMs;
    this.#segment.retry();
  }

  /** False when the points found no room and were dropped: the disk takes nothing, so no other segment can begin. */
  #makeRoomForNames(count: number): boolean {
    this.seal();
    if (this.#segment.pendingBytes === 0) this.#rotate();
    if (this.#names.size + count <= maximumNames) return true;
    this.#droppedPoints += count;
    return false;
  }

  #rotateWhenFull(): void {
    if (this.#segment.sizeBytes >= this.#segmentBytes && this.#segment.pendingBytes === 0) this.#rotate();
  }

  #rotate(): void {
    this.#segment.rotate(segmentPath(this.#directory, this.#nextSequence));
    this.#names = new Map();
  }
}

function refuseNulIn(value: unknown): void {
  if (typeof value === "string") refuseNul(value, "text");
  else if (Array.isArray(value)) value.forEach(refuseNulIn);
  else if (typeof value === "object" && value !== null) {
    for (const [key, entry] of Object.entries(value)) {
      refuseNul(key, "a name");
      refuseNulIn(entry);
    }
  }
}
