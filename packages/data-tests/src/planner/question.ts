import type { CellValue, QueryEngine } from "@deepwright/engines";
import { type Fragment, join, sql, text, toStatement } from "../sql/fragment.js";
import type { Check, Decision, FigureCheck, Figures, QueryCheck, RowCheck, StreamCheck } from "./check.js";
import type { ContextOptions, PlanContext } from "./context.js";
import type { Planned } from "./planned.js";
import type { Scan } from "./scan.js";

interface Answer {
  readonly decision: Decision;
  readonly sample: readonly Readonly<Record<string, CellValue>>[];
  /** Statements beside the scan. */
  readonly statementCount: number;
}

export interface Asking {
  readonly engine: QueryEngine;
  readonly contextOptions: ContextOptions;
  readonly options: { readonly signal?: AbortSignal; readonly sampleSize?: number };
  readonly key: readonly string[];
}

/** What is put into the scan, and how its values become a decision. */
export interface Question {
  /** Where the scan has the number of rows that the filter lets through; `null` where rows don't matter. */
  readonly rowCountPlace: number | null;
  answer(values: readonly CellValue[], asking: Asking): Promise<Answer>;
  /** The check whose whole statement has to be asked, where there is no cheaper way. */
  mergeable?(values: readonly CellValue[]): QueryCheck | null;
}

export function questionOf(check: Check, planned: Planned, scan: Scan): Question {
  const context = planned.context as PlanContext;
  const rowCountPlace = check.by === "schema" ? null : scan.add(text("count(*)"), context.filter);
  const rowCount = (values: readonly CellValue[]): number => Number(values[rowCountPlace ?? 0]);
  switch (check.by) {
    case "schema":
      return { rowCountPlace, answer: async () => ({ decision: check.decision, sample: [], statementCount: 0 }) };
    case "row": {
      const decide = rowDecision(check, context, scan);
      return {
        rowCountPlace,
        answer: async (values) => ({ decision: decide(values, rowCount(values)), sample: [], statementCount: 0 }),
      };
    }
    case "figure": {
      const decide = figureDecision(check, context, scan);
      return {
        rowCountPlace,
        answer: async (values) => ({ decision: decide(values, rowCount(values)), sample: [], statementCount: 0 }),
      };
    }
    case "query": {
      const shortcut = shortcutOf(check, context, scan);
      return {
        rowCountPlace,
        answer: (values, asking) =>
          queryAnswer(check, context, shortcut(values, rowCount(values)), rowCount(values), asking),
        mergeable: (values) => (shortcut(values, rowCount(values)) === null ? check : null),
      };
    }
    case "stream":
      return { rowCountPlace, answer: (_, asking) => streamAnswer(check, context, asking) };
  }
}

function rowDecision(check: RowCheck, context: PlanContext, scan: Scan) {
  const present = check.present;
  const presentPlace = present === null ? null : scan.add(sql`count(${present})`, context.filter);
  const held = check.implied === false && present !== null ? sql`${check.pass} AND ${present} IS NOT NULL` : check.pass;
  const passPlace = scan.add(check.passCount ?? context.dialect.countWhere(held), context.filter);
  return (values: readonly CellValue[], rowCount: number): Decision => {
    const considered = presentPlace === null ? rowCount : Number(values[presentPlace]);
    const failing = considered - Number(values[passPlace]);
    return fractionDecision(failing, considered, check.mostly);
  };
}

function fractionDecision(failing: number, considered: number, mostly: number): Decision {
  const passed = considered > 0 && (considered - failing) / considered >= mostly;
  const decision = { passed, observed: failing, failing, considered };
  return considered === 0 ? { ...decision, reason: "there is no value to look at" } : decision;
}

function figuresOf(aggregates: Readonly<Record<string, Fragment>>, context: PlanContext, scan: Scan) {
  const places = Object.entries(aggregates).map(
    ([name, aggregate]) => [name, scan.add(aggregate, context.filter)] as const,
  );
  return (values: readonly CellValue[]): Figures =>
    Object.fromEntries(places.map(([name, place]) => [name, values[place] ?? null]));
}

function figureDecision(check: FigureCheck, context: PlanContext, scan: Scan) {
  const figures = figuresOf(check.aggregates, context, scan);
  return (values: readonly CellValue[], rowCount: number): Decision => check.decide(figures(values), rowCount);
}

function shortcutOf(check: QueryCheck, context: PlanContext, scan: Scan) {
  const { shortcut } = check;
  if (shortcut === undefined) return () => null;
  const figures = figuresOf(shortcut.aggregates, context, scan);
  return (values: readonly CellValue[], rowCount: number): Fragment | null =>
    shortcut.statement(figures(values), rowCount);
}

async function queryAnswer(
  check: QueryCheck,
  context: PlanContext,
  shortcut: Fragment | null,
  rowCount: number,
  asking: Asking,
): Promise<Answer> {
  if (shortcut !== null) {
    const [row] = await ask(shortcut, context, asking);
    if (row?.proven === true) return { decision: check.decide(row, rowCount), sample: [], statementCount: 1 };
  }
  const [row] = await ask(check.statement, context, asking);
  return { decision: check.decide(row ?? {}, rowCount), sample: [], statementCount: shortcut === null ? 1 : 2 };
}

export function ask(statement: Fragment, context: PlanContext, asking: Asking): Promise<Record<string, CellValue>[]> {
  const { sql: written, parameters } = toStatement(statement, context.dialect.cast);
  const { signal } = asking.options;
  return asking.engine.query(written, { parameters, ...(signal && { signal }) });
}

async function streamAnswer(check: StreamCheck, context: PlanContext, asking: Asking): Promise<Answer> {
  const columns = [...new Set([...asking.key, ...check.columns])];
  const list = columns.map((name) => context.column(name).sql);
  const statement = toStatement(
    sql`SELECT ${list.length === 0 ? text("1") : join(list, ", ")} FROM ${context.rows}`,
    context.dialect.cast,
  );
  const sample: Record<string, CellValue>[] = [];
  const limit = asking.options.sampleSize ?? 10;
  let [considered, failing] = [0, 0];
  const { signal } = asking.options;
  const stream = asking.engine.stream(statement.sql, { parameters: statement.parameters, ...(signal && { signal }) });
  for await (const batch of stream) {
    for (let index = 0; index < batch.rowCount; index++) {
      const row = Object.fromEntries(columns.map((name) => [name, batch.columns[name]?.[index] ?? null]));
      considered += 1;
      if (check.passes(row)) continue;
      failing += 1;
      if (sample.length < limit) sample.push(row);
    }
  }
  return { decision: fractionDecision(failing, considered, check.mostly), sample, statementCount: 1 };
}
