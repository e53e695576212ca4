import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId } from "@deepwright/core";
import type { MetricsEvent } from "../../contract/events.js";
import { nodeLogFileSystem } from "./log-file.js";
import { type LoggedEvent, LogReader } from "./reader.js";
import type { LogWriter } from "./writer.js";

export const runId = newId<"run">();

/** Gives the work a folder of its own, which ends with it. */
export function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "deepwright-log-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const result = work(folder);
    if (result instanceof Promise) return result.finally(remove) as T;
    remove();
    return result;
  } catch (error) {
    remove();
    throw error;
  }
}

/** Everything in a log, read in pieces of the given size. */
export function readAll(directory: string, maximumEvents = 1_000, maximumBytes = 1_000_000): LoggedEvent[] {
  const reader = new LogReader(directory, runId);
  const events: LoggedEvent[] = [];
  for (let part = reader.read({ maximumEvents, maximumBytes }); part.length > 0; ) {
    events.push(...part);
    part = reader.read({ maximumEvents, maximumBytes });
  }
  return events;
}

export type Point = readonly [name: string, step: number, value: number];

/** The points of metrics events in their order. */
export function pointsOf(events: readonly LoggedEvent[]): Point[] {
  return events.flatMap(({ event }) => (event.type === "metrics" ? pointsIn(event) : []));
}

const pointsIn = (event: MetricsEvent): Point[] =>
  event.values.map((value, index) => [
    event.names[event.nameIndexes[index] as number] as string,
    event.steps[index] as number,
    value,
  ]);

/** What a test does to a log. */
export type Action =
  | { readonly kind: "points"; readonly values: Readonly<Record<string, number>>; readonly step: number }
  | { readonly kind: "tag"; readonly value: string }
  | { readonly kind: "seal" };

export function perform(writer: LogWriter, actions: readonly Action[]): void {
  for (const action of actions) {
    if (action.kind === "points") writer.points(action.values, action.step, 1_000);
    else if (action.kind === "tag") writer.append({ type: "tag", runId, key: "key", value: action.value });
    else writer.seal();
  }
}

/** A disk that takes so many bytes and then nothing, until it is given more. */
export function limitedDisk(capacityBytes: number) {
  const disk = { freeBytes: capacityBytes, isReadOnly: false };
  const full = (): Error => Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
  const files = {
    ...nodeLogFileSystem,
    open(path: string) {
      if (disk.isReadOnly) throw Object.assign(new Error("EROFS: read-only file system"), { code: "EROFS" });
      return nodeLogFileSystem.open(path);
    },
    write(descriptor: number, bytes: Buffer, offset: number, length: number) {
      if (disk.freeBytes <= 0) throw full();
      // A full disk takes the part that fits, as write(2) does.
      const written = nodeLogFileSystem.write(descriptor, bytes, offset, Math.min(length, disk.freeBytes));
      disk.freeBytes -= written;
      return written;
    },
  };
  return { disk, files };
}
