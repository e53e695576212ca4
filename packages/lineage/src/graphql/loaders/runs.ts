import type { RunId } from "@deepwright/core";
import type { SqlExecutor } from "@deepwright/store";
import DataLoader from "dataloader";
import type { NodeReader } from "../../components/index.js";
import { sqlNodeReader } from "../../components/index.js";
import type { TreeNode } from "../../components/node.js";
import type { MetricHistory, Run } from "../../contract/index.js";
import { decodePoints } from "../../db/point-frame.js";
import { thinPoints } from "../../runs/metric-history.js";
import { type RunRow, runColumns, toRuns } from "../../runs/run-row.js";

/** Many runs in two queries: their rows and their metrics. */
export async function loadRuns(store: SqlExecutor, ids: readonly string[]): Promise<ReadonlyMap<string, Run>> {
  const rows = await store.query<RunRow>(
    `select ${runColumns} from lineage_run r join lineage_project p on p.id = r.project_id where r.id = any($1::uuid[])`,
    [ids],
  );
  return new Map((await toRuns(store, rows)).map((run) => [run.id, run]));
}

export interface HistoryKey {
  readonly runId: RunId;
  readonly name: string;
  /** 1 or more. */
  readonly maxPoints: number;
}

export const historyKeyText = (key: HistoryKey): string => `${key.runId} ${key.maxPoints} ${key.name}`;

/** Points of many metrics of many runs in one query. */
export async function loadHistories(
  store: SqlExecutor,
  keys: readonly HistoryKey[],
): Promise<ReadonlyMap<string, MetricHistory>> {
  const rows = await store.query<{ run_id: string; name: string; points: Uint8Array | null }>(
    `select metric.run_id, metric.name, (select string_agg(chunk.points, ''::bytea order by chunk.sequence)
       from lineage_metric_chunk chunk where chunk.series_id = metric.series_id) as points
     from (select distinct run_id, name from unnest($1::uuid[], $2::text[]) as pair(run_id, name)) wanted
     join lineage_metric metric on metric.run_id = wanted.run_id and metric.name = wanted.name`,
    [keys.map((key) => key.runId), keys.map((key) => key.name)],
  );
  const packed = new Map(rows.map((row) => [`${row.run_id} ${row.name}`, row.points]));
  return new Map(
    keys.map((key) => {
      const bytes = packed.get(`${key.runId} ${key.name}`);
      const points = decodePoints(bytes ? [bytes] : []);
      const totalCount = points.values.length;
      return [historyKeyText(key), { name: key.name, ...thinPoints(points, key.maxPoints), totalCount }];
    }),
  );
}

/** Reads tree nodes for many components at once: each level of all trees is one query. */
export function batchingNodeReader(store: SqlExecutor): NodeReader {
  const reader = sqlNodeReader(store);
  const nodes = new DataLoader<string, TreeNode>(async (hashes) => {
    const found = await reader.read(hashes);
    return hashes.map((hash) => found.get(hash) ?? new Error(hash));
  });
  return {
    async read(hashes) {
      const read = await nodes.loadMany(hashes);
      return new Map(
        hashes.map((hash, index) => {
          const node = read[index];
          if (node === undefined || node instanceof Error) throw node;
          return [hash, node];
        }),
      );
    },
  };
}
