import { type DeepwrightError, isDeepwrightError } from "@deepwright/core";
import type { IngestBatch, LineageEvent } from "../contract/index.js";
import { checkEvent } from "./check-event.js";
import { invalidBatch } from "./errors.js";

/** One event of a batch after its check. */
export type Checked =
  | { readonly event: LineageEvent }
  | { readonly event: unknown; readonly runId: string; readonly failure: DeepwrightError };

export interface CheckedBatch {
  readonly sourceId: string;
  readonly firstSequence: number;
  readonly events: readonly Checked[];
}

/** Checks a batch and each of its events. @throws DeepwrightError `INVALID_BATCH` */
export function checkBatch(batch: IngestBatch): CheckedBatch {
  const { sourceId, firstSequence, events } = batch ?? {};
  if (typeof sourceId !== "string" || !/^[\x20-\x7e]{1,200}$/.test(sourceId)) {
    throw invalidBatch("a sourceId of 1 to 200 printable ASCII characters", sourceId);
  }
  if (!Number.isSafeInteger(firstSequence) || firstSequence < 1) {
    throw invalidBatch("a firstSequence of at least 1", firstSequence);
  }
  if (!Array.isArray(events)) throw invalidBatch("a list of events", events);
  return { sourceId, firstSequence, events: events.map(checkOne) };
}

function checkOne(event: unknown): Checked {
  try {
    return { event: checkEvent(event) };
  } catch (error) {
    if (isDeepwrightError(error)) return setAside(event, error);
    throw error;
  }
}

/** An event that is kept with its reason instead of being applied. */
export function setAside(event: unknown, failure: DeepwrightError): Checked {
  const runId = typeof event === "object" && event !== null && "runId" in event ? event.runId : "";
  return { event, failure, runId: typeof runId === "string" ? runId.replaceAll("\0", "").slice(0, 100) : "" };
}
