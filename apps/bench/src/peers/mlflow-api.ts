import type { JsonClient } from "../measure/json-client.js";

/** The calls of MLflow's REST API 2.0 that are measured; FastTrackML answers the same ones. */
export interface MlflowApi {
  createExperiment(name: string): Promise<string>;
  createRun(experimentId: string, name: string, startTimeMs: number): Promise<string>;
  logBatch(runId: string, points: readonly MlflowPoint[]): Promise<void>;
  searchRuns(experimentId: string, orderBy: string, maxResults: number): Promise<number>;
  /** Number of points of a metric, read page by page. */
  metricHistory(runId: string, name: string): Promise<number>;
}

export interface MlflowPoint {
  readonly key: string;
  readonly value: number;
  readonly timestamp: number;
  readonly step: number;
}

interface HistoryPage {
  readonly metrics?: readonly unknown[];
  readonly next_page_token?: string;
}

const base = "/api/2.0/mlflow";

export function mlflowApi(client: JsonClient): MlflowApi {
  const post = async <Answer>(path: string, body: unknown): Promise<Answer> =>
    JSON.parse((await client.post(`${base}/${path}`, JSON.stringify(body))) || "{}") as Answer;
  return {
    async createExperiment(name) {
      return (await post<{ experiment_id: string }>("experiments/create", { name })).experiment_id;
    },
    async createRun(experimentId, name, startTimeMs) {
      const body = { experiment_id: experimentId, run_name: name, start_time: startTimeMs, tags: [] };
      return (await post<{ run: { info: { run_id: string } } }>("runs/create", body)).run.info.run_id;
    },
    async logBatch(runId, metrics) {
      await client.post(`${base}/runs/log-batch`, JSON.stringify({ run_id: runId, metrics, params: [], tags: [] }));
    },
    async searchRuns(experimentId, orderBy, maxResults) {
      const body = { experiment_ids: [experimentId], order_by: [orderBy], max_results: maxResults };
      return (await post<{ runs?: readonly unknown[] }>("runs/search", body)).runs?.length ?? 0;
    },
    async metricHistory(runId, name) {
      let count = 0;
      let token = "";
      do {
        const query = new URLSearchParams({ run_id: runId, metric_key: name, max_results: "25000" });
        if (token) query.set("page_token", token);
        const page = JSON.parse(await client.get(`${base}/metrics/get-history?${query}`)) as HistoryPage;
        count += page.metrics?.length ?? 0;
        token = page.next_page_token ?? "";
      } while (token);
      return count;
    },
  };
}
