import type { DataSource, QueryEngine } from "@deepwright/engines";
import { plural } from "../expectations/words.js";
import type { ColumnReference } from "../planner/context.js";
import { all, type Fragment, join, sql, text } from "../sql/fragment.js";
import { argumentInvalid, figure, type OpenTable, openTable, Questions } from "../sql/open-table.js";
import { numeric, temporal } from "../sql/type-family.js";
import type { LeakageFinding } from "./finding.js";

export interface HistoryLeakageOptions {
  /** Column of the time at which the model predicts. */
  readonly predictionTime: string;
  /** Column of the feature as the training data has it. */
  readonly feature: string;
  /** Columns that name whom the feature is about; the history has them under the same names. */
  readonly entity: readonly string[];
  /** All values that the feature had: from `time` on, until the entity's next row, `value` held. */
  readonly history: { readonly source: DataSource; readonly time: string; readonly value: string };
  /** Columns shown with samples. */
  readonly key?: readonly string[];
  /** Default: 10. */
  readonly sampleSize?: number;
  readonly signal?: AbortSignal;
}

export interface HistoryLeakage {
  readonly findings: readonly LeakageFinding[];
  readonly considered: number;
  /** Rows whose value is not the one that held at the prediction time. */
  readonly wrong: number;
  /** Those whose value held only later: they were joined without regard to time. */
  readonly fromFuture: number;
  readonly statementCount: number;
}

/**
 * Whether training rows hold the value that a feature had at the prediction time, or one that it got later: the error of a join with the
 * newest value, which no column of times shows.
 *
 * @example
 * ```ts
 * const { fromFuture } = await historyLeakage(engine, training, {
 *   predictionTime: "decided",
 *   feature: "balance",
 *   entity: ["customer"],
 *   history: { source: balances, time: "since", value: "balance" },
 * });
 * console.log(fromFuture); // 120
 * ```
 * @throws DeepwrightError `ARGUMENT_INVALID`, `COLUMN_MISSING`, `COLUMN_TYPE_INVALID`, or one of the engine
 */
export async function historyLeakage(
  engine: QueryEngine,
  source: DataSource,
  options: HistoryLeakageOptions,
): Promise<HistoryLeakage> {
  const { entity, history, sampleSize = 10, signal } = options;
  if (entity.length === 0) throw argumentInvalid("columns of an entity", "none", "Name the customer, say.");
  const [table, past] = [await openTable(engine, source, signal), await openTable(engine, history.source, signal)];
  const questions = new Questions(signal);
  const clocks = [...temporal, ...numeric];
  const prediction = table.column(options.predictionTime, clocks);
  const time = past.column(history.time, temporal.includes(prediction.family) ? temporal : numeric);
  const [feature, value] = [table.column(options.feature), past.column(history.value)];
  const shown = [...new Set([...(options.key ?? []), ...entity, prediction.name, feature.name])].map((name) =>
    table.column(name),
  );
  const values = historyRows(past, entity, time, value);
  const judged = judgedRows(table, entity, prediction, feature, values, shown);
  const wrong = text("feature_value IS DISTINCT FROM value_then");
  const later = sql`EXISTS (SELECT 1 FROM (${values}) AS later WHERE ${sameEntity("later", "judged", entity)} AND later.since > judged.predicted AND later.held = judged.feature_value)`;
  const totals = await questions.row(
    table,
    sql`SELECT count(*) AS n, count(CASE WHEN ${wrong} THEN 1 END) AS wrong FROM (${judged}) AS judged`,
  );
  const [considered, wrongRows] = [figure(totals, "n"), figure(totals, "wrong")];
  const none = { findings: [], considered, wrong: wrongRows, fromFuture: 0 };
  if (wrongRows === 0) return { ...none, statementCount: questions.count };
  const future = sql`FROM (${judged}) AS judged WHERE ${wrong} AND ${later}`;
  const fromFuture = figure(await questions.row(table, sql`SELECT count(*) AS n ${future}`), "n");
  if (fromFuture === 0) return { ...none, statementCount: questions.count };
  const places = join(
    shown.map((_, index) => text(`s${index}`)),
    ", ",
  );
  const found = await questions.rows(
    table,
    sql`SELECT ${places}, value_then ${future} ORDER BY ${places} LIMIT ${text(String(sampleSize))}`,
  );
  const finding: LeakageFinding = {
    kind: "time-travel",
    columns: [feature.name, prediction.name],
    splits: [],
    rows: fromFuture,
    considered,
    evidence: { wrong: wrongRows },
    sample: found.map((row) => ({
      ...Object.fromEntries(shown.map(({ name }, index) => [name, row[`s${index}`] ?? null])),
      valueThen: row.value_then ?? null,
    })),
    sentence: `${JSON.stringify(feature.name)} has a value that held only after the prediction in ${fromFuture.toLocaleString("en-US")} of ${plural(considered, "row")}.`,
  };
  return { findings: [finding], considered, wrong: wrongRows, fromFuture, statementCount: questions.count };
}

const entityNames = (entity: readonly string[]): readonly Fragment[] => entity.map((_, index) => text(`e${index}`));

function sameEntity(left: string, right: string, entity: readonly string[]): Fragment {
  return all(entityNames(entity).map((name) => sql`${text(left)}.${name} = ${text(right)}.${name}`));
}

/** Each value with the time from which and until which it held. */
function historyRows(
  past: OpenTable,
  entity: readonly string[],
  time: ColumnReference,
  value: ColumnReference,
): Fragment {
  const columns = entity.map((name) => past.column(name).sql);
  const named = columns.map((column, index) => sql`${column} AS ${text(`e${index}`)}`);
  return sql`SELECT ${join(named, ", ")}, ${time.sql} AS since, ${value.sql} AS held, lead(${time.sql}) OVER (PARTITION BY ${join(columns, ", ")} ORDER BY ${time.sql}) AS until_then FROM ${past.rows("history")} WHERE ${time.sql} IS NOT NULL`;
}

/** Rows with a prediction time, each with the value that held then. */
function judgedRows(
  table: OpenTable,
  entity: readonly string[],
  prediction: ColumnReference,
  feature: ColumnReference,
  values: Fragment,
  shown: readonly ColumnReference[],
): Fragment {
  const named = [
    ...entity.map((name, index) => sql`${table.column(name).sql} AS ${text(`e${index}`)}`),
    ...shown.map(({ sql: column }, index) => sql`${column} AS ${text(`s${index}`)}`),
    sql`${prediction.sql} AS predicted`,
    sql`${feature.sql} AS feature_value`,
  ];
  const rows = sql`SELECT ${join(named, ", ")} FROM ${table.rows("data")} WHERE ${prediction.sql} IS NOT NULL`;
  const held = sql`${sameEntity("history", "rows_then", entity)} AND history.since <= rows_then.predicted AND (history.until_then IS NULL OR rows_then.predicted < history.until_then)`;
  return sql`SELECT rows_then.*, history.held AS value_then FROM (${rows}) AS rows_then LEFT JOIN (${values}) AS history ON ${held}`;
}
