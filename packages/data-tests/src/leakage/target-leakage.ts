import type { DataSource, QueryEngine } from "@deepwright/engines";
import { wilsonInterval } from "@deepwright/stats";
import type { ColumnReference } from "../planner/context.js";
import { type Fragment, join, sql, text } from "../sql/fragment.js";
import { argumentInvalid, figure, type OpenTable, openTable, Questions, type ResultRow } from "../sql/open-table.js";
import { numeric, temporal } from "../sql/type-family.js";
import { crossFitAuc, crossFitRSquared, surePositives } from "./cross-fit.js";
import type { LeakageFinding } from "./finding.js";
import { type FoldGroup, foldCounts, foldOf, type Grouping } from "./fold-counts.js";
import { type TargetTask, targetTasks } from "./target.js";

export interface TargetLeakageOptions {
  readonly target: string;
  /** The class that matters. Default: the rarer of two; each in turn of three to twenty. */
  readonly positive?: string | number | boolean;
  /** Default: all columns but the target and the key. */
  readonly columns?: readonly string[];
  /** Columns that name a row; folds are told by them. Default: by all values of the row. */
  readonly key?: readonly string[];
  /** Area under the ROC curve from which a single column is suspicious, above 0.5. Default: 0.95. */
  readonly minAuc?: number;
  /** The same for a number as target: explained share of its variance, above 0. Default: 0.9. */
  readonly minRSquared?: number;
  /** Share of the positives that a column must give away alone to be suspicious, above 0. Default: 0.05. */
  readonly minRecall?: number;
  readonly signal?: AbortSignal;
}

export interface ColumnPower {
  readonly column: string;
  /** The class told from the others; empty where the target is a number. */
  readonly positive: string;
  /** Held-out area under the ROC curve, or explained share of variance; the best of what was tried. */
  readonly power: number;
  /** Power of whether the column has a value alone. */
  readonly nullPower: number;
  /** Of the held-out rows whose values are positive elsewhere: how many are, and the share of all positives that this finds. */
  readonly precision: number;
  readonly recall: number;
}

export interface TargetLeakage {
  readonly findings: readonly LeakageFinding[];
  /** All columns, the strongest first. */
  readonly columns: readonly ColumnPower[];
  readonly statementCount: number;
}

const families = [...numeric, ...temporal, "text", "boolean"] as const;
const wantedPrecision = 0.95;

/**
 * Columns that predict the target too well to be honest, each judged alone: by the target's mean for each of its values and, for numbers and
 * times, in up to 100 quantile bins, by whether it is missing, and by values that occur with the positive class only. The engine counts
 * all rows exactly; a row is predicted from the fifteen sixteenths that it is not in, so an identifier predicts nothing.
 *
 * @example
 * ```ts
 * const { findings } = await targetLeakage(engine, loans, { target: "defaulted", key: ["loan"] });
 * console.log(findings[0]?.sentence);
 * // "recovery_fee" alone tells "defaulted" with an area under the curve of 0.998: it may hold what is known only afterwards.
 * ```
 * @throws DeepwrightError `ARGUMENT_INVALID`, `COLUMN_MISSING`, `COLUMN_TYPE_INVALID`, or one of the engine
 */
export async function targetLeakage(
  engine: QueryEngine,
  source: DataSource,
  options: TargetLeakageOptions,
): Promise<TargetLeakage> {
  const { target, minAuc = 0.95, minRSquared = 0.9, minRecall = 0.05, signal } = options;
  const inside = (value: number, least: number): boolean => value > least && value <= 1;
  if (!inside(minAuc, 0.5) || !inside(minRSquared, 0) || !inside(minRecall, 0)) {
    throw argumentInvalid(
      "minAuc in 0.5 .. 1, minRSquared and minRecall in 0 .. 1",
      `${minAuc}, ${minRSquared}, ${minRecall}`,
      "Leave them out for the defaults.",
    );
  }
  const table = await openTable(engine, source, signal);
  const questions = new Questions(signal);
  const key = (options.key ?? []).map((name) => table.column(name));
  const left = new Set([target, ...(options.key ?? [])]);
  const columns =
    options.columns?.map((name) => table.column(name, families)) ??
    table.columns.filter(({ name, family }) => !left.has(name) && families.some((each) => each === family));
  const tasks = await targetTasks(questions, table, target, options.positive);
  const fold = foldOf(table, key);
  const powers: ColumnPower[] = [];
  const findings: LeakageFinding[] = [];
  for (const task of tasks) {
    const patterns = await nullPatterns(questions, table, columns, task);
    for (const [index, column] of columns.entries()) {
      const judged = await judge(questions, table, column, task, fold, patterns.rows);
      const pattern = patterns.columns[index] as NullPattern;
      const power: ColumnPower = { column: column.name, positive: task.label, nullPower: pattern.power, ...judged };
      powers.push(power);
      const found = findingOf(power, pattern, patterns, {
        target,
        task,
        minPower: task.kind === "class" ? minAuc : minRSquared,
        minRecall,
      });
      if (found !== null)
        findings.push({
          ...found,
          sample: await sampleRows(questions, table, [...key, column, table.column(target)], task),
        });
    }
  }
  return {
    findings: findings.sort((left, right) => Number(right.evidence.power) - Number(left.evidence.power)),
    columns: powers.sort(
      (left, right) => Math.max(right.power, right.nullPower) - Math.max(left.power, left.nullPower),
    ),
    statementCount: questions.count,
  };
}

async function judge(
  questions: Questions,
  table: OpenTable,
  column: ColumnReference,
  task: TargetTask,
  fold: Fragment,
  rows: number,
): Promise<Pick<ColumnPower, "power" | "precision" | "recall">> {
  const isOrdered = numeric.includes(column.family) || temporal.includes(column.family);
  // About as many bins as rows in a bin.
  const bins = Math.min(100, Math.max(2, Math.floor(Math.sqrt(rows))));
  const groupings: Grouping[] = [
    ...(isOrdered ? [{ by: "quantile", bins } as const] : []),
    ...(column.family === "double" || column.family === "decimal" ? [] : [{ by: "value" } as const]),
  ];
  let best = { power: 0, precision: 0, recall: 0 };
  for (const grouping of groupings) {
    const groups: readonly FoldGroup[] = await foldCounts(questions, table, column, task.value, fold, grouping);
    const power = task.kind === "class" ? crossFitAuc(groups) : crossFitRSquared(groups);
    const sure = surePositives(groups);
    const isBetter = task.kind === "class" && sure.positives > best.recall * Math.max(1, sure.allPositives);
    best = {
      power: Math.max(best.power, power),
      precision: isBetter ? lowerBound(sure.positives, sure.rows) : best.precision,
      recall: isBetter ? sure.positives / Math.max(1, sure.allPositives) : best.recall,
    };
  }
  return best;
}

/** The precision, unless so few rows show it that it may be below 90 %. */
function lowerBound(hits: number, rows: number): number {
  if (rows === 0) return 0;
  return wilsonInterval(hits, rows).low >= 0.9 ? hits / rows : 0;
}

interface NullPattern {
  readonly nulls: number;
  readonly power: number;
  readonly precision: number;
  readonly recall: number;
}

interface NullPatterns {
  readonly rows: number;
  readonly positives: number;
  readonly columns: readonly NullPattern[];
}

/** Two groups a column, with and without a value, in one scan of all. */
async function nullPatterns(
  questions: Questions,
  table: OpenTable,
  columns: readonly ColumnReference[],
  task: TargetTask,
): Promise<NullPatterns> {
  const list = columns.flatMap((_, index) => [
    sql`count(CASE WHEN ${text(`c${index}`)} IS NULL THEN y END) AS ${text(`n${index}`)}`,
    sql`sum(CASE WHEN ${text(`c${index}`)} IS NULL THEN y END) AS ${text(`s${index}`)}`,
  ]);
  const inner = join(
    [...columns.map(({ sql: value }, index) => sql`${value} AS ${text(`c${index}`)}`), sql`${task.value} AS y`],
    ", ",
  );
  const all = [text("count(y) AS n"), text("sum(y) AS s"), text("sum(y * y) AS q"), ...list];
  const row: ResultRow = {};
  // Postgres has at most 1,664 entries in a SELECT.
  for (let start = 0; start < all.length; start += table.dialect.maxSelectEntries) {
    const chunk = all.slice(start, start + table.dialect.maxSelectEntries);
    Object.assign(
      row,
      await questions.row(
        table,
        sql`SELECT ${join(chunk, ", ")} FROM (SELECT ${inner} FROM ${table.rows("data")}) AS data`,
      ),
    );
  }
  const [rows, total, squares] = [figure(row, "n"), figure(row, "s"), figure(row, "q")];
  return {
    rows,
    positives: task.kind === "class" ? total : 0,
    columns: columns.map((_, index): NullPattern => {
      const [nulls, sum] = [figure(row, `n${index}`), figure(row, `s${index}`)];
      const [present, rest] = [rows - nulls, total - sum];
      if (nulls === 0 || present === 0)
        return { nulls, power: task.kind === "class" ? 0.5 : 0, precision: 0, recall: 0 };
      if (task.kind === "number") {
        return {
          nulls,
          power: squares === 0 ? 0 : (sum ** 2 / nulls + rest ** 2 / present) / squares,
          precision: 0,
          recall: 0,
        };
      }
      const [truth, noise] = [sum / Math.max(1, total), (nulls - sum) / Math.max(1, rows - total)];
      const sides = [
        { precision: lowerBound(sum, nulls), recall: truth },
        { precision: lowerBound(rest, present), recall: 1 - truth },
      ].sort((left, right) => right.precision - left.precision);
      return { nulls, power: (1 + Math.abs(truth - noise)) / 2, precision: 0, recall: 0, ...sides[0] };
    }),
  };
}

interface Judgement {
  readonly target: string;
  readonly task: TargetTask;
  readonly minPower: number;
  readonly minRecall: number;
}

function findingOf(
  power: ColumnPower,
  pattern: NullPattern,
  { rows, positives }: NullPatterns,
  { target, task, minPower, minRecall }: Judgement,
): Omit<LeakageFinding, "sample"> | null {
  const isRare = task.kind === "class" && positives < rows / 2;
  const [column, predicted] = [JSON.stringify(power.column), JSON.stringify(target)];
  const named = task.kind === "class" ? `${predicted} = ${task.label}` : predicted;
  const measure = task.kind === "class" ? "an area under the curve" : "an explained share of variance";
  const shown = (value: number): string => String(Number(value.toPrecision(3)));
  const percent = (value: number): string => `${Number((100 * value).toPrecision(3))} %`;
  const base = { columns: [power.column], splits: [], considered: rows };
  const sure = (each: { precision: number; recall: number }): boolean =>
    isRare && each.precision >= wantedPrecision && each.recall >= minRecall;
  const evidence = { positive: task.label, positives };
  // The column's values hold whether there is one, so they are blamed only where they say more.
  if (
    (pattern.power >= minPower && pattern.power >= power.power - 0.02) ||
    (sure(pattern) && pattern.recall >= power.recall - 0.02 && power.power < minPower)
  ) {
    return {
      ...base,
      kind: "null-pattern-leakage",
      rows: pattern.nulls,
      evidence: { ...evidence, power: pattern.power, precision: pattern.precision, recall: pattern.recall },
      sentence: `Whether ${column} has a value tells ${named} with ${measure} of ${shown(pattern.power)}: it may be filled in only when the outcome is known.`,
    };
  }
  if (power.power >= minPower) {
    return {
      ...base,
      kind: "target-leakage",
      rows,
      evidence: { ...evidence, power: power.power, precision: power.precision, recall: power.recall },
      sentence: `${column} alone tells ${named} with ${measure} of ${shown(power.power)}: it may hold what is known only afterwards.`,
    };
  }
  if (!sure(power)) return null;
  return {
    ...base,
    kind: "positive-class-leakage",
    rows: Math.round(power.recall * positives),
    evidence: { ...evidence, power: power.power, precision: power.precision, recall: power.recall },
    sentence: `Some values of ${column} occur almost only with ${named} (${percent(power.precision)} of their rows) and give away ${percent(power.recall)} of them.`,
  };
}

/** Five rows of the class and five others, or the ten with the greatest targets. */
async function sampleRows(
  questions: Questions,
  table: OpenTable,
  columns: readonly ColumnReference[],
  task: TargetTask,
) {
  const shown = columns.filter((column, index) => columns.findIndex(({ name }) => name === column.name) === index);
  const list = join(
    shown.map(({ sql: name }, index) => sql`${name} AS ${text(`v${index}`)}`),
    ", ",
  );
  const order = join(
    shown.map((_, index) => text(`v${index}`)),
    ", ",
  );
  const rows = sql`(SELECT ${list}, ${task.value} AS y FROM ${table.rows("data")}) AS data`;
  const some = (condition: string, count: number): Promise<readonly ResultRow[]> =>
    questions.rows(
      table,
      sql`SELECT ${order} FROM ${rows} WHERE ${text(condition)} ORDER BY y DESC, ${order} LIMIT ${text(String(count))}`,
    );
  const found =
    task.kind === "number"
      ? await some("y IS NOT NULL", 10)
      : [...(await some("y = 1", 5)), ...(await some("y = 0", 5))];
  return found.map((row) => Object.fromEntries(shown.map(({ name }, index) => [name, row[`v${index}`] ?? null])));
}
