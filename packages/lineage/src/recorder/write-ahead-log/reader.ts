import { closeSync, fstatSync, openSync, readSync, truncateSync } from "node:fs";
import { parseJson, type RunId } from "@deepwright/core";
import type { LineageEvent } from "../../contract/events.js";
import { decodeFrame, frameHeaderBytes, frameKinds, maximumPayloadBytes, segmentMagic } from "./frame.js";
import { PointGroup } from "./point-group.js";
import { listSegments, segmentPath } from "./segments.js";

export interface LoggedEvent {
  readonly sequence: number;
  readonly event: LineageEvent;
}

export interface ReadLimits {
  readonly maximumEvents: number;
  /** Stops after the event that goes beyond; one event is read however large it is, so that no events mean the end. */
  readonly maximumBytes: number;
}

const chunkBytes = 1024 * 1024;

/**
 * Reads a log from its oldest segment on, also while it is written. The grouping of points into events is in the log
 * itself, so that every reader numbers every event alike, whenever it reads.
 */
export class LogReader {
  readonly #directory: string;
  readonly #runId: RunId;
  #segment: number | undefined;
  #offset = 0;
  #names: string[] = [];
  #group = new PointGroup();
  #nextSequence = 1;

  constructor(directory: string, runId: RunId) {
    this.#directory = directory;
    this.#runId = runId;
  }

  /** The next events; empty when there is nothing new. Call again to go on. */
  read(limits: ReadLimits): LoggedEvent[] {
    const events: LoggedEvent[] = [];
    if (this.#segment === undefined && !this.#open(listSegments(this.#directory)[0])) return events;
    let bytes = 0;
    for (;;) {
      const before = this.#offset;
      const outcome = this.#readChunk(events, limits.maximumEvents, limits.maximumBytes - bytes);
      bytes += this.#offset - before;
      if (outcome === "limit") return events;
      if (outcome === "end" && !this.#openNext()) return events;
    }
  }

  /** First number of the segment that is being read; older ones are read to their end. */
  get segment(): number {
    return this.#segment ?? 1;
  }

  /**
   * Cuts off what a killed process left half-written. Only for a log that nobody writes any more, after everything was
   * read.
   *
   * @returns number of bytes cut, and where the next event goes
   */
  repair(): { readonly cutBytes: number; readonly path: string; readonly nextSequence: number } {
    const path = segmentPath(this.#directory, this.#segment ?? 1);
    const descriptor = openSync(path, "a+");
    const cutBytes = Math.max(0, fstatSync(descriptor).size - this.#offset);
    closeSync(descriptor);
    if (cutBytes > 0) truncateSync(path, this.#offset);
    return { cutBytes, path, nextSequence: this.#nextSequence + (this.#group.size > 0 ? 1 : 0) };
  }

  #open(firstSequence: number | undefined): boolean {
    if (firstSequence === undefined) return false;
    this.#segment = firstSequence;
    this.#nextSequence = firstSequence;
    this.#offset = 0;
    this.#names = [];
    this.#group = new PointGroup();
    return true;
  }

  /** A next segment is only opened when it goes on where this one ended. */
  #openNext(): boolean {
    const next = listSegments(this.#directory).find((first) => first > (this.#segment as number));
    return next !== undefined && next === this.#nextSequence && this.#group.size === 0 && this.#open(next);
  }

  #readChunk(events: LoggedEvent[], maximumEvents: number, maximumBytes: number): "more" | "end" | "limit" {
    let buffer = this.#bytesFrom(this.#offset, chunkBytes);
    if (this.#offset === 0) {
      if (!buffer.subarray(0, segmentMagic.length).equals(segmentMagic)) return "end";
      this.#offset = segmentMagic.length;
      buffer = buffer.subarray(segmentMagic.length);
    }
    let at = 0;
    for (;;) {
      if (events.length >= maximumEvents || (events.length > 0 && at >= maximumBytes)) {
        this.#offset += at;
        return "limit";
      }
      const frame = decodeFrame(buffer, at);
      if (frame.state !== "whole") {
        const progressed = at > 0;
        this.#offset += at;
        if (progressed) return "more";
        if (frame.state === "damaged" || buffer.length < 4) return "end";
        const needed = buffer.readUInt32LE(0) + frameHeaderBytes;
        // The frame is larger than a chunk: read it whole, when it is there.
        if (needed <= buffer.length || needed > maximumPayloadBytes + frameHeaderBytes) return "end";
        const larger = this.#bytesFrom(this.#offset, needed);
        if (larger.length < needed) return "end";
        buffer = larger;
        continue;
      }
      this.#take(frame.kind, frame.body, events);
      at = frame.end;
    }
  }

  #take(kind: number, body: Buffer, events: LoggedEvent[]): void {
    if (kind === frameKinds.name) this.#names.push(body.toString("utf8"));
    else if (kind === frameKinds.points) this.#group.add(body);
    else if (kind === frameKinds.seal) this.#endGroup(events);
    else if (kind === frameKinds.event) {
      this.#endGroup(events);
      events.push({ sequence: this.#nextSequence++, event: parseJson<LineageEvent & null>(body.toString("utf8")) });
    }
  }

  #endGroup(events: LoggedEvent[]): void {
    if (this.#group.size === 0) return;
    events.push({ sequence: this.#nextSequence++, event: this.#group.toEvent(this.#runId, this.#names) });
    this.#group = new PointGroup();
  }

  #bytesFrom(offset: number, length: number): Buffer {
    let descriptor: number;
    try {
      descriptor = openSync(segmentPath(this.#directory, this.#segment as number), "r");
    } catch (error) {
      // Anything else (no descriptor is free, say) must not look like the end of the log.
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
      throw error;
    }
    try {
      const buffer = Buffer.allocUnsafe(length);
      let done = 0;
      while (done < length) {
        const read = readSync(descriptor, buffer, done, length - done, offset + done);
        if (read === 0) break;
        done += read;
      }
      return buffer.subarray(0, done);
    } finally {
      closeSync(descriptor);
    }
  }
}
