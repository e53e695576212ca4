import type { RunService } from "@deepwright/lineage";

/** Methods that change what a run shows. Ingest announces by itself, within its transaction. */
type Edit = "setTags" | "setNote" | "archiveRun";

/**
 * Tells everybody who listens to runs also about edits.
 *
 * @param announce gets the ids of changed runs after the change is stored
 */
export function announcedRuns(runs: RunService, announce: (runIds: readonly string[]) => Promise<void>): RunService {
  const edited = async <Result extends { readonly id: string }>(work: Promise<Result>): Promise<Result> => {
    const result = await work;
    await announce([result.id]);
    return result;
  };
  const edits: Pick<RunService, Edit | "markLost" | "recordFact"> = {
    setTags: (input) => edited(runs.setTags(input)),
    setNote: (input) => edited(runs.setNote(input)),
    archiveRun: (input) => edited(runs.archiveRun(input)),
    async markLost(input) {
      const lost = await runs.markLost(input);
      // Payloads of notifications are limited; a list of ids stays far below in pieces of 100.
      for (let start = 0; start < lost.length; start += 100) await announce(lost.slice(start, start + 100));
      return lost;
    },
    async recordFact(input) {
      await runs.recordFact(input);
      if (input.entityKind === "run") await announce([input.entityId]);
    },
  };
  return { ...runs, ...edits };
}
