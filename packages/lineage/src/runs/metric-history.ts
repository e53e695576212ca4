import type { RunId } from "@deepwright/core";
import type { SqlExecutor } from "@deepwright/store";
import type { MetricHistory } from "../contract/index.js";
import { decodePoints, type Points } from "../db/point-frame.js";
import { runNotFound } from "./errors.js";

/**
 * All points of a metric in the order of logging; thinned to at most `maxPoints` when that is given. A metric that the run
 * never logged has no points.
 *
 * @throws DeepwrightError `RUN_NOT_FOUND`
 */
export async function readMetricHistory(
  executor: Pick<SqlExecutor, "query">,
  id: RunId,
  name: string,
  maxPoints?: number,
): Promise<MetricHistory> {
  // A row a chunk: one value of megabytes takes a client three times as long to receive. No row: no such run.
  const rows = await executor.query<{ points: Uint8Array | null }>(
    `select c.points from lineage_run r
       left join lineage_metric m on m.run_id = r.id and m.name = $2
       left join lineage_metric_chunk c using (series_id)
     where r.id = $1::uuid order by c.sequence`,
    [id, name],
  );
  if (rows.length === 0) throw runNotFound(id);
  const points = decodePoints(rows.flatMap((row) => row.points ?? []));
  const totalCount = points.values.length;
  return { name, ...(maxPoints === undefined ? points : thinPoints(points, maxPoints)), totalCount };
}

/**
 * Keeps at most `maxPoints` points: the first, the last, and of each of equal buckets between them the lowest and the
 * highest, so that no peak is lost (min-max decimation). A bucket that has only NaN keeps its first point.
 */
export function thinPoints(points: Points, maxPoints: number): Points {
  const count = points.values.length;
  if (count <= maxPoints) return points;
  const kept = new Set<number>([0]);
  if (maxPoints > 1) kept.add(count - 1);
  const buckets = Math.floor((maxPoints - 2) / 2);
  for (let bucket = 0; bucket < buckets; bucket++) {
    const start = 1 + Math.floor((bucket * (count - 2)) / buckets);
    const end = 1 + Math.floor(((bucket + 1) * (count - 2)) / buckets);
    let low = start;
    let high = start;
    for (let index = start; index < end; index++) {
      const value = points.values[index] as number;
      if (value < (points.values[low] as number) || Number.isNaN(points.values[low])) low = index;
      if (value > (points.values[high] as number) || Number.isNaN(points.values[high])) high = index;
    }
    kept.add(low).add(high);
  }
  const indexes = [...kept].sort((a, b) => a - b);
  const pick = (numbers: readonly number[]) => indexes.map((index) => numbers[index] as number);
  return { steps: pick(points.steps), timesMs: pick(points.timesMs), values: pick(points.values) };
}
