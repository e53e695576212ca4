import type { DataSource, QueryEngine } from "@deepwright/engines";
import { plural } from "../expectations/words.js";
import { type ColumnReference, isoTime } from "../planner/context.js";
import { bound, boundNumber, type Fragment, join, sql, text } from "../sql/fragment.js";
import { argumentInvalid, figure, type OpenTable, openTable, Questions } from "../sql/open-table.js";
import { numeric, temporal } from "../sql/type-family.js";
import type { LeakageFinding } from "./finding.js";

export interface TimeLeakageOptions {
  /** Column of the time at which the model predicts: a date, a timestamp, or a number. */
  readonly predictionTime: string;
  /** Columns of the times at which features became known, by feature; a name of a column for each. */
  readonly featureTimes?: Readonly<Record<string, string>>;
  /** Column of the time at which the label became known. */
  readonly labelTime?: string;
  /** When training ends: labels that became known later could not have been used. ISO 8601, or a number where times are numbers. */
  readonly trainingCut?: string | number;
  /** How much later than the prediction a feature may be, in seconds (or the numbers' unit), at least 0. Default: 0. */
  readonly allowed?: number;
  /** Columns shown with samples. */
  readonly key?: readonly string[];
  /** Default: 10. */
  readonly sampleSize?: number;
  readonly signal?: AbortSignal;
}

export interface TimeLeakage {
  readonly findings: readonly LeakageFinding[];
  /** Rows in which a time that is needed is missing, by column: nothing is said about them. */
  readonly unknownTimes: Readonly<Record<string, number>>;
  readonly statementCount: number;
}

interface Question {
  readonly kind: "time-travel" | "late-label" | "early-label";
  readonly columns: readonly string[];
  /** By how much the rule is broken; NULL where a time is missing. */
  readonly excess: Fragment;
  /** Broken where the excess is above this, or for `early-label` at least this. */
  readonly broken: Fragment;
  sentence(rows: string, considered: string, worst: string): string;
}

/**
 * Values that a model could not have had: features newer than the prediction, labels that became known after training ended, and labels that
 * were known when the prediction was made, so that the model may read what it predicts. All rows, one statement.
 *
 * @example
 * ```ts
 * const { findings } = await timeLeakage(engine, visits, {
 *   predictionTime: "admitted",
 *   featureTimes: { blood_pressure: "measured" },
 *   labelTime: "discharged",
 *   trainingCut: "2026-01-01",
 * });
 * console.log(findings[0]?.sentence);
 * // "blood_pressure" is newer than the prediction in 12 of 9,000 rows, by up to 3 h.
 * ```
 * @throws DeepwrightError `ARGUMENT_INVALID`, `COLUMN_MISSING`, `COLUMN_TYPE_INVALID`, or one of the engine
 */
export async function timeLeakage(
  engine: QueryEngine,
  source: DataSource,
  options: TimeLeakageOptions,
): Promise<TimeLeakage> {
  const { featureTimes = {}, labelTime, trainingCut, allowed = 0, sampleSize = 10, signal } = options;
  if (!(allowed >= 0) || !(Number.isInteger(sampleSize) && sampleSize >= 0)) {
    throw argumentInvalid(
      "allowed and sampleSize of at least 0",
      `${allowed}, ${sampleSize}`,
      "Leave them out for the defaults.",
    );
  }
  if (Object.keys(featureTimes).length === 0 && labelTime === undefined) {
    throw argumentInvalid("times of features or of the label", "neither", "Say when features or labels became known.");
  }
  if (trainingCut !== undefined && labelTime === undefined) {
    throw argumentInvalid(
      "labelTime with trainingCut",
      "none",
      "Name the column of the time at which a label became known.",
    );
  }
  const table = await openTable(engine, source, signal);
  const questions = new Questions(signal);
  const prediction = table.column(options.predictionTime, [...temporal, ...numeric]);
  const clock = numeric.includes(prediction.family) ? numeric : temporal;
  const seconds = (column: ColumnReference): Fragment =>
    clock === numeric ? table.dialect.toDouble(column.sql) : table.dialect.epochSeconds(column.sql);
  const limit = bound(allowed, "double");
  const asked: Question[] = Object.entries(featureTimes).map(([feature, name]) => {
    const excess = sql`(${seconds(table.column(name, clock))} - ${seconds(prediction)})`;
    return {
      kind: "time-travel",
      columns: [...new Set([feature, name, prediction.name])],
      excess,
      broken: sql`${excess} > ${limit}`,
      sentence: (rows, considered, worst) =>
        `${JSON.stringify(feature)} is newer than the prediction in ${rows} of ${considered}, by up to ${worst}.`,
    };
  });
  for (const feature of Object.keys(featureTimes)) table.column(feature);
  if (labelTime !== undefined)
    asked.push(...labelQuestions(table, labelTime, prediction, trainingCut, seconds, clock === numeric));
  const list = asked.flatMap(({ excess, broken, kind }, index) => [
    sql`count(${excess}) AS ${text(`n${index}`)}`,
    sql`count(CASE WHEN ${broken} THEN 1 END) AS ${text(`f${index}`)}`,
    sql`${text(kind === "early-label" ? "min" : "max")}(${excess}) AS ${text(`x${index}`)}`,
  ]);
  const totals = await questions.row(table, sql`SELECT count(*) AS n, ${join(list, ", ")} FROM ${table.rows("data")}`);
  const unknownTimes: Record<string, number> = {};
  const findings: LeakageFinding[] = [];
  for (const [index, question] of asked.entries()) {
    const considered = figure(totals, `n${index}`);
    const missing = figure(totals, "n") - considered;
    if (missing > 0) unknownTimes[question.columns[1] ?? question.columns[0] ?? ""] = missing;
    const rows = figure(totals, `f${index}`);
    if (rows === 0) continue;
    const worst = Math.abs(figure(totals, `x${index}`));
    const shown = [...new Set([...(options.key ?? []), ...question.columns])].map((name) => table.column(name));
    const sample = await questions.rows(
      table,
      sql`SELECT ${join(
        shown.map(({ sql: name }) => name),
        ", ",
      )} FROM ${table.rows("data")} WHERE ${question.broken} ORDER BY ${question.excess} DESC, ${join(
        shown.map(({ sql: name }) => name),
        ", ",
      )} LIMIT ${text(String(sampleSize))}`,
    );
    findings.push({
      kind: question.kind,
      columns: question.columns,
      splits: [],
      rows,
      considered,
      evidence: { [clock === numeric ? "worst" : "worstSeconds"]: worst, missing },
      sample,
      sentence: question.sentence(
        rows.toLocaleString("en-US"),
        plural(considered, "row"),
        clock === numeric ? String(worst) : duration(worst),
      ),
    });
  }
  return { findings, unknownTimes, statementCount: questions.count };
}

function labelQuestions(
  table: OpenTable,
  labelTime: string,
  prediction: ColumnReference,
  cut: string | number | undefined,
  seconds: (column: ColumnReference) => Fragment,
  isNumber: boolean,
): Question[] {
  const label = table.column(labelTime, isNumber ? numeric : temporal);
  const lead = sql`(${seconds(label)} - ${seconds(prediction)})`;
  const early: Question = {
    kind: "early-label",
    columns: [prediction.name, label.name],
    excess: lead,
    broken: sql`${lead} <= ${bound(0, "double")}`,
    sentence: (rows, considered) =>
      `The label was known when the prediction was made in ${rows} of ${considered}: the model may read what it predicts.`,
  };
  if (cut === undefined) return [early];
  const excess = sql`(${seconds(label)} - ${cutSeconds(cut, isNumber)})`;
  const late: Question = {
    kind: "late-label",
    columns: [prediction.name, label.name],
    excess,
    broken: sql`${excess} > ${bound(0, "double")}`,
    sentence: (rows, considered, worst) =>
      `The label became known after the training cut ${cut} in ${rows} of ${considered}, by up to ${worst}.`,
  };
  return [early, late];
}

function cutSeconds(cut: string | number, isNumber: boolean): Fragment {
  if (isNumber && typeof cut === "number") return boundNumber(cut);
  const time = typeof cut === "string" ? isoTime(cut) : null;
  if (isNumber || time === null) {
    throw argumentInvalid(
      isNumber ? "a number as trainingCut" : "an ISO 8601 time as trainingCut",
      JSON.stringify(cut),
      "Give it as the times of the data are.",
    );
  }
  return bound(Date.parse(`${time.replace(" ", "T")}Z`) / 1000, "double");
}

function duration(seconds: number): string {
  const [unit, name] = (
    [
      [86_400, "days"],
      [3_600, "h"],
      [60, "min"],
      [1, "s"],
    ] as const
  ).find(([length]) => seconds >= length) ?? [1, "s"];
  return `${Number((seconds / unit).toPrecision(3))} ${name}`;
}
