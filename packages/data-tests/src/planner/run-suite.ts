import { type Clock, systemClock } from "@deepwright/core";
import type { CellValue, DataSource, QueryEngine } from "@deepwright/engines";
import type { ExpectationResult, SuiteResult } from "../results/result.js";
import { dialectOf } from "../sql/dialect.js";
import { text } from "../sql/fragment.js";
import { checkSuite, type Suite } from "../suite/suite.js";
import type { Decision, Figures } from "./check.js";
import type { ContextOptions, RowTest, TableReference } from "./context.js";
import { fetchFailing } from "./failing-rows.js";
import { askTogether, type MergeableQuery } from "./merged-queries.js";
import { allSources, inOneState } from "./one-state.js";
import { PlanFault } from "./plan-fault.js";
import { type Planned, planSuite } from "./planned.js";
import type { Question } from "./question.js";
import { faultOf, type ScannedSuite, scanSuite } from "./scan-suite.js";
import { sentenceOf } from "./sentence.js";

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Most failing rows to show for an expectation. Default: 10. */
  readonly sampleSize?: number;
  /** Other tables, by the names that expectations use. */
  readonly sources?: Readonly<Record<string, DataSource>>;
  /** Functions of `customFunction`, by name. */
  readonly functions?: Readonly<Record<string, RowTest>>;
  readonly clock?: Clock;
}

/**
 * Runs a suite on all rows of a source. What can be asked of single rows and of whole columns is asked in one statement;
 * keys, groups, orders and distributions share further ones. Failing rows are fetched only for what failed. On Postgres all
 * statements see one state of the data; a file that changes meanwhile is an error.
 *
 * @returns a verdict for every expectation
 * @throws DeepwrightError of the engine or of the suite; then there is no verdict at all
 */
export async function runSuite(
  engine: QueryEngine,
  source: DataSource,
  suite: Suite,
  options: RunOptions = {},
): Promise<SuiteResult> {
  const checked = checkSuite(suite);
  return inOneState(engine, allSources(source, options), options, async (state) => {
    const result = await runChecked(state.engine, source, checked, options);
    await state.assertUnchanged();
    return result;
  });
}

async function runChecked(
  engine: QueryEngine,
  source: DataSource,
  checked: Suite,
  options: RunOptions,
): Promise<SuiteResult> {
  const startedAtMs = (options.clock ?? systemClock).now();
  const contextOptions = await openSources(engine, source, options, startedAtMs);
  const answered = await scanSuite(engine, planSuite(checked, contextOptions), contextOptions, options.signal);
  const { planned, questions, values } = answered;
  const run: Run & { figures: ReadonlyMap<number, Figures> } = {
    engine,
    contextOptions,
    options,
    key: checked.key ?? [],
    statements: answered.statementCount,
    figures: new Map(),
  };
  const merged = await askTogether(mergeableQueries(answered), run);
  run.figures = merged.figures;
  run.statements += merged.statementCount;
  const results: ExpectationResult[] = [];
  for (const [index, each] of planned.entries()) {
    results.push(await resultOf(each, index, questions[index] ?? null, values, run));
  }
  const failed = { error: 0, warning: 0, info: 0 };
  for (const result of results) if (!result.passed) failed[result.severity] += 1;
  return {
    suite: checked.name,
    passed: failed.error === 0,
    rowCount: answered.rowCount,
    columnCount: contextOptions.table.columns.length,
    failed,
    results,
    statementCount: run.statements,
    startedAtMs,
  };
}

/** Statements that are asked whatever comes of others. SQL of the suite's author goes alone, since the engine may refuse it. */
function mergeableQueries({ planned, questions, values }: ScannedSuite): MergeableQuery[] {
  return planned.flatMap((each, index) => {
    const question = questions[index];
    if (each.authored || !question?.mergeable || isEmpty(each, question, values)) return [];
    const check = question.mergeable(values);
    return check === null ? [] : [{ check, index }];
  });
}

/** No row is there to be looked at, and the expectation is not about how many there are. */
function isEmpty(planned: Planned, question: Question, values: readonly CellValue[]): boolean {
  const rowCount = question.rowCountPlace === null ? null : Number(values[question.rowCountPlace]);
  return rowCount === 0 && planned.kind !== "rowCountEquals" && planned.kind !== "rowCountBetween";
}

interface Run {
  readonly engine: QueryEngine;
  readonly contextOptions: ContextOptions;
  readonly options: RunOptions;
  readonly key: readonly string[];
  statements: number;
}

export async function openSources(
  engine: QueryEngine,
  source: DataSource,
  options: RunOptions,
  nowMs: number,
): Promise<ContextOptions> {
  const open = async (each: DataSource): Promise<TableReference> => ({
    columns: await engine.columns(each, options.signal && { signal: options.signal }),
    from: text(engine.fromClause(each)),
  });
  const sources = new Map<string, TableReference>();
  for (const [name, each] of Object.entries(options.sources ?? {})) sources.set(name, await open(each));
  return {
    engine,
    dialect: dialectOf(engine),
    table: await open(source),
    sources,
    functions: options.functions ?? {},
    nowMs,
  };
}

async function resultOf(
  planned: Planned,
  index: number,
  question: Question | null,
  values: readonly CellValue[],
  run: Run & { readonly figures: ReadonlyMap<number, Figures> },
): Promise<ExpectationResult> {
  const { id, kind, severity, owner, because, plan } = planned;
  const head = { id, kind, severity, owner, because };
  if (plan instanceof PlanFault || question === null || planned.context === null) {
    const fault = plan instanceof PlanFault ? plan : null;
    return {
      ...head,
      columns: [],
      passed: false,
      expected: `${kind} to be decidable`,
      observed: fault?.observed ?? null,
      considered: null,
      failing: null,
      sample: [],
      fault: fault?.code ?? null,
      sentence: `${id} can't be decided: ${fault?.sentence ?? "it has no plan"}.`,
    };
  }
  const empty = isEmpty(planned, question, values);
  const figures = run.figures.get(index);
  const answer = empty
    ? { decision: emptyDecision(planned.whenEmpty), statementCount: 0, sample: [] }
    : figures !== undefined && plan.by === "query"
      ? { decision: plan.decide(figures, Number(values[question.rowCountPlace ?? 0])), statementCount: 0, sample: [] }
      : await question.answer(values, run).catch((error: unknown) => faultOf(planned, error));
  if (answer instanceof PlanFault) return resultOf({ ...planned, plan: answer }, index, null, values, run);
  run.statements += answer.statementCount;
  const { decision } = answer;
  let sample = answer.sample;
  const limit = run.options.sampleSize ?? 10;
  if (!decision.passed && !empty && limit > 0 && sample.length === 0) {
    const fetched = await fetchFailing(plan, planned.context, run, limit);
    sample = fetched.rows;
    run.statements += fetched.statementCount;
  }
  return {
    ...head,
    columns: plan.columns,
    passed: decision.passed,
    expected: plan.expected,
    observed: decision.observed,
    considered: decision.considered ?? null,
    failing: decision.failing ?? null,
    sample: decision.passed ? [] : sample,
    fault: empty && !decision.passed ? "NO_ROWS" : null,
    sentence: sentenceOf(plan.expected, decision, plan.by === "row" || plan.by === "stream" ? "row" : "figure"),
  };
}

function emptyDecision(whenEmpty: "fail" | "pass"): Decision {
  return {
    passed: whenEmpty === "pass",
    observed: null,
    considered: 0,
    failing: 0,
    reason: "there is no row to look at",
  };
}
