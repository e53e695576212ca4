import type { DataSource, QueryEngine } from "@deepwright/engines";
import type { PlanContext } from "../planner/context.js";
import { failingCondition } from "../planner/failing-rows.js";
import { allSources, inOneState, type OneState } from "../planner/one-state.js";
import { PlanFault } from "../planner/plan-fault.js";
import { type Planned, planSuite } from "../planner/planned.js";
import { openSources, type RunOptions, runSuite } from "../planner/run-suite.js";
import type { SuiteResult } from "../results/result.js";
import { boundText, type Fragment, join, sql, text, toStatement } from "../sql/fragment.js";
import type { Suite } from "../suite/suite.js";
import { type QuarantineTarget, targetWriter } from "./target-writer.js";

export interface QuarantineOptions extends RunOptions {
  readonly good: QuarantineTarget;
  /** Gets one column more, `deepwright_reasons`: the ids of the expectations that the row breaks, separated by "; ". */
  readonly bad: QuarantineTarget;
}

export interface QuarantineResult {
  readonly result: SuiteResult;
  readonly goodCount: number;
  readonly badCount: number;
  /** Ids of failed expectations that no single row breaks (a mean, say), so that they took no row out. */
  readonly undivided: readonly string[];
}

const reasonColumn = "deepwright_reasons";

/**
 * Runs a suite, then splits the rows: those that break a failed expectation of severity `error` go to `bad` with the reasons,
 * all others to `good`. Both targets appear together or not at all.
 *
 * @throws DeepwrightError of the engine, also where a target exists already
 */
export async function quarantine(
  engine: QueryEngine,
  source: DataSource,
  suite: Suite,
  options: QuarantineOptions,
): Promise<QuarantineResult> {
  return inOneState(engine, allSources(source, options), { ...options, writes: true }, async (state) => {
    const result = await runSuite(state.engine, source, suite, options);
    return { result, ...(await splitRows(engine, state, source, suite, result, options)) };
  });
}

/**
 * Splits the rows by a result that is there already.
 *
 * @param engine makes the targets
 * @param state gave the result, and may write
 * @throws DeepwrightError of the engine, also where a target exists already
 */
export async function splitRows(
  engine: QueryEngine,
  state: OneState,
  source: DataSource,
  suite: Suite,
  result: SuiteResult,
  options: QuarantineOptions,
): Promise<Omit<QuarantineResult, "result">> {
  const contextOptions = await openSources(state.engine, source, options, result.startedAtMs);
  const planned = planSuite(suite, contextOptions);
  const failed = planned.filter((each, index) => each.severity === "error" && !result.results[index]?.passed);
  const reasons = failed.flatMap(reasonOf);
  const named =
    reasons.length === 0
      ? text("''")
      : sql`concat_ws('; ', ${join(
          reasons.map(({ when }) => when),
          ", ",
        )})`;
  const quoted = text(engine.quoteIdentifier(reasonColumn));
  const judged = sql`(SELECT data.*, ${named} AS ${quoted} FROM (SELECT * FROM ${contextOptions.table.from}) AS data) AS judged`;
  const columns = join(
    contextOptions.table.columns.map(({ name }) => text(engine.quoteIdentifier(name))),
    ", ",
  );
  const { cast } = contextOptions.dialect;
  const statement = (list: Fragment, condition: Fragment) =>
    toStatement(sql`SELECT ${list} FROM ${judged} WHERE ${condition}`, cast);
  // Without rows and parameters, which not every engine takes in CREATE TABLE AS.
  const empty = (list: string): string =>
    `SELECT ${list} FROM (SELECT * FROM ${engine.fromClause(source)}) AS data LIMIT 0`;
  const names = toStatement(columns, cast).sql;
  const writer = await targetWriter(engine, state.engine, [options.good, options.bad], options.signal);
  try {
    await writer.write(options.good, statement(columns, sql`${quoted} = ''`), empty(names));
    await writer.write(
      options.bad,
      statement(sql`${columns}, ${quoted}`, sql`${quoted} <> ''`),
      empty(
        `${names}, ${toStatement(contextOptions.dialect.toText(text("''")), cast).sql} AS ${engine.quoteIdentifier(reasonColumn)}`,
      ),
    );
    await state.assertUnchanged();
    const counts = await writer.finish();
    const divided = new Set(reasons.map(({ id }) => id));
    const undivided = failed.map(({ id }) => id).filter((id) => !divided.has(id));
    return { goodCount: counts[0] ?? 0, badCount: counts[1] ?? 0, undivided };
  } catch (error) {
    await writer.undo();
    throw error;
  }
}

/** SQL that is the expectation's id in rows that break it, else NULL. */
function reasonOf({ id, plan, context }: Planned): { readonly id: string; readonly when: Fragment }[] {
  if (plan instanceof PlanFault || context === null || plan.by === "figure") return [];
  const condition = plan.by === "query" ? (plan.failingRow ?? null) : failingCondition(plan);
  if (condition === null) return [];
  return [{ id, when: sql`CASE WHEN ${filtered(condition, context)} THEN ${boundText(id)} END` }];
}

const filtered = (condition: Fragment, { filter }: PlanContext): Fragment =>
  filter === null ? condition : sql`${filter} AND (${condition})`;
