import { encodePoints } from "../../db/point-frame.js";
import type { RunDelta, SeriesDelta } from "../plan.js";
import type { PlanContext } from "../plan-context.js";
import type { Statement } from "../statement.js";

/** Adds a chunk of packed points to each metric and brings its summary up to date. */
export function writeMetrics(statement: Statement, context: PlanContext, runs: readonly RunDelta[]): void {
  const series: { run: RunDelta; name: string; delta: SeriesDelta }[] = [];
  for (const run of runs) for (const [name, delta] of run.series) series.push({ run, name, delta });
  if (series.length === 0) return;
  const frames = series.map(({ delta }) => encodePoints(delta));
  let offset = 1;
  const offsets = frames.map((frame) => {
    const start = offset;
    offset += frame.byteLength;
    return start;
  });
  const column = (type: string, value: (item: (typeof series)[number]) => string | number) =>
    `${statement.add(series.map(value))}::${type}[]`;
  const columns = [
    column("uuid", ({ run }) => run.runId),
    column("uuid", ({ run }) => context.projectIds.get(run.runId) ?? ""),
    column("text", ({ name }) => name),
    column("bigint", ({ delta }) => delta.values.length),
    column("bigint", ({ delta }) => delta.nanCount),
    column("float8", ({ delta }) => delta.values.at(-1) ?? Number.NaN),
    column("bigint", ({ delta }) => delta.steps.at(-1) ?? 0),
    column("float8", ({ delta }) => delta.min),
    column("bigint", ({ delta }) => delta.minStep),
    column("float8", ({ delta }) => delta.max),
    column("bigint", ({ delta }) => delta.maxStep),
    column("float8", ({ delta }) => delta.sum),
    `${statement.add(offsets)}::int[]`,
    `${statement.add(frames.map((frame) => frame.byteLength))}::int[]`,
  ];
  statement.part(
    "logged",
    `select * from unnest(${columns.join(", ")}) as t(run_id, project_id, name, point_count, nan_count, last_value,
       last_step, min_value, min_step, max_value, max_step, value_sum, start, size)`,
  );
  statement.part(
    "series",
    `insert into lineage_metric as m (run_id, project_id, name, point_count, nan_count, last_value, last_step,
       min_value, min_step, max_value, max_step, value_sum, mean_value)
     select run_id, project_id, name, point_count, nan_count, last_value, last_step, min_value, min_step, max_value,
       max_step, value_sum, lineage_mean(value_sum, point_count - nan_count)
     from logged order by run_id, name
     on conflict (run_id, name) do update set ${summaryUpdate}
     returning series_id, run_id, name`,
  );
  statement.part(
    "points",
    `insert into lineage_metric_chunk (series_id, point_count, points)
     select s.series_id, l.point_count, substring(${statement.add(Buffer.concat(frames))}::bytea from l.start for l.size)
     from logged l join series s using (run_id, name)`,
  );
}

const mean = "lineage_add(m.value_sum, excluded.value_sum)";
/** Postgres orders NaN above all numbers; a minimum or maximum is NaN only while nothing else was logged. */
const lower = "(m.min_value = 'NaN' or excluded.min_value < m.min_value)";
const higher = "(m.max_value = 'NaN' or (excluded.max_value <> 'NaN' and excluded.max_value > m.max_value))";
const summaryUpdate = `
  point_count = m.point_count + excluded.point_count,
  nan_count = m.nan_count + excluded.nan_count,
  last_value = excluded.last_value,
  last_step = excluded.last_step,
  min_value = case when ${lower} then excluded.min_value else m.min_value end,
  min_step = case when ${lower} then excluded.min_step else m.min_step end,
  max_value = case when ${higher} then excluded.max_value else m.max_value end,
  max_step = case when ${higher} then excluded.max_step else m.max_step end,
  value_sum = ${mean},
  mean_value = lineage_mean(${mean}, m.point_count - m.nan_count + excluded.point_count - excluded.nan_count)`;
