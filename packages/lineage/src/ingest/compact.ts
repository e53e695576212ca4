import type { SqlExecutor, Store } from "@deepwright/store";
import { decodePoints, encodePoints } from "../db/point-frame.js";
import type { Plan } from "./plan.js";

/** Chunks that a run may gain per metric before they are merged. */
const chunksBeforeMerge = 64;
/** Points of a chunk that is read fast enough as it is, and never rewritten. */
const fullChunk = 1_000;

/**
 * Merges the small chunks of metrics: when a run has ended, and now and then while it goes on, so that a long history is
 * read from few rows. Every merge is one transaction that takes chunks away and puts the same points back.
 */
export class Compactor {
  /** Writes to each run since its last merge. */
  private readonly writes = new Map<string, number>();
  private readonly due = new Set<string>();

  constructor(private readonly store: Store) {}

  /** Counts what a plan wrote. */
  note(plan: Plan): void {
    for (const run of plan.runs.values()) {
      const writes = (this.writes.get(run.runId) ?? 0) + (run.series.size > 0 ? 1 : 0);
      if (run.end || writes >= chunksBeforeMerge) {
        this.writes.delete(run.runId);
        if (writes > 1) this.due.add(run.runId);
      } else if (writes > 0) {
        this.writes.set(run.runId, writes);
      }
    }
  }

  /** Merges what is due. A failure costs nothing but the merge, which the next one makes up for. */
  async run(): Promise<void> {
    for (const runId of this.due) {
      this.due.delete(runId);
      try {
        await compactRun(this.store, runId);
      } catch {
        this.writes.set(runId, chunksBeforeMerge);
      }
    }
  }
}

/** Series merged by one transaction. */
const seriesPerMerge = 100;

/** Merges the chunks of one run that are not full. */
async function compactRun(store: Store, runId: string): Promise<void> {
  const rows = await store.query<{ series_id: number }>(
    `select c.series_id from lineage_metric m join lineage_metric_chunk c using (series_id)
     where m.run_id = $1::uuid and c.point_count < ${fullChunk} group by c.series_id having count(*) > 1`,
    [runId],
  );
  for (let start = 0; start < rows.length; start += seriesPerMerge) {
    const page = rows.slice(start, start + seriesPerMerge).map((row) => row.series_id);
    await store.transaction((transaction) => mergeChunks(transaction, page));
  }
}

async function mergeChunks(transaction: SqlExecutor, seriesIds: readonly number[]): Promise<void> {
  const taken = await transaction.query<{ series_id: number; sequence: number; points: Uint8Array }>(
    `delete from lineage_metric_chunk where series_id = any($1::bigint[]) and point_count < ${fullChunk}
     returning series_id, sequence, points`,
    [seriesIds],
  );
  taken.sort((a, b) => a.sequence - b.sequence);
  const series = new Map<number, { sequence: number; frames: Uint8Array[] }>();
  for (const { series_id: seriesId, sequence, points } of taken) {
    const merged = series.get(seriesId);
    if (merged) merged.frames.push(points);
    else series.set(seriesId, { sequence, frames: [points] });
  }
  if (series.size === 0) return;
  // Small chunks only, and no more than came since the last merge: a few tens of thousands of points.
  const merged = [...series].map(([seriesId, { sequence, frames }]) => {
    const points = decodePoints(frames);
    return { seriesId, sequence, count: points.values.length, frame: encodePoints(points) };
  });
  let start = 1;
  const starts = merged.map(({ frame }) => {
    start += frame.byteLength;
    return start - frame.byteLength;
  });
  await transaction.query(
    `insert into lineage_metric_chunk (series_id, sequence, point_count, points)
     select series_id, sequence, point_count, substring($6::bytea from start for size)
     from unnest($1::bigint[], $2::bigint[], $3::int[], $4::int[], $5::int[])
       as t(series_id, sequence, point_count, start, size)`,
    [
      merged.map((item) => item.seriesId),
      merged.map((item) => item.sequence),
      merged.map((item) => item.count),
      starts,
      merged.map((item) => item.frame.byteLength),
      Buffer.concat(merged.map((item) => item.frame)),
    ],
  );
}
