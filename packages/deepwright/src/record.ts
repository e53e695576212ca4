import { type RunRecorder, type StartRunOptions, startRun } from "@deepwright/lineage/recorder";

export type RecordOptions = StartRunOptions;

/**
 * The natural road as one handle: starts a run that the program itself logs into.
 *
 * @example
 * ```ts
 * const run = record({ project: "prices", objective: { metric: "mae", direction: "minimize" } });
 * run.log({ mae: 69_200 }, { step: 1 });
 * await run.finish();
 * ```
 * @throws DeepwrightError `INVALID_STORE`, `EMPTY_NAME`, `TEXT_WITH_NUL`
 */
export function record(options: RecordOptions = {}): RunRecorder {
  return startRun(options);
}
