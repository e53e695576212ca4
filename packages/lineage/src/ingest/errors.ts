import { DeepwrightError } from "@deepwright/core";
import { sqlState } from "./sql-failure.js";

/** Why an event of a run that has not started is set aside. */
export const noRun = { code: "RUN_NOT_FOUND", message: "No run with this id has started yet." };

export function invalidBatch(expected: string, got: unknown): DeepwrightError {
  return new DeepwrightError({
    code: "INVALID_BATCH",
    expected,
    got: (JSON.stringify(got) ?? "nothing").slice(0, 200),
    todo: "Send batches as the type IngestBatch of @deepwright/lineage describes them.",
  });
}

export function gap(sourceId: string, expectedSequence: number, firstSequence: number): DeepwrightError {
  return new DeepwrightError({
    code: "INGEST_GAP",
    kind: "conflict",
    expected: `the events of log ${sourceId} from number ${expectedSequence} on`,
    got: `a batch that begins with number ${firstSequence}`,
    todo: `Send the log again from number ${expectedSequence}.`,
    details: { expectedSequence },
  });
}

export function unstorable(cause: Error): DeepwrightError {
  return new DeepwrightError({
    code: "EVENT_NOT_STORABLE",
    expected: "an event that the database can hold",
    got: `one that it refuses (SQLSTATE ${sqlState(cause) ?? "unknown"})`,
    todo: "Report the event; it passed every check and is kept in lineage_orphan_event.",
    cause,
  });
}
