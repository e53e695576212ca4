import { isDeepwrightError } from "@deepwright/core";
import type { CellValue, QueryEngine } from "@deepwright/engines";
import { text } from "../sql/fragment.js";
import type { ContextOptions } from "./context.js";
import { PlanFault } from "./plan-fault.js";
import type { Planned } from "./planned.js";
import { type Question, questionOf } from "./question.js";
import { Scan } from "./scan.js";

export interface ScannedSuite {
  readonly planned: readonly Planned[];
  /** `null` for what can't be asked. */
  readonly questions: readonly (Question | null)[];
  readonly values: readonly CellValue[];
  readonly rowCount: number;
  readonly statementCount: number;
}

/**
 * Asks all that one scan can answer. Where the engine refuses it because of SQL that the suite's author wrote (a column that
 * it names is gone, say), the expectations with such SQL are tried one by one and those refused become faults.
 */
export async function scanSuite(
  engine: QueryEngine,
  planned: readonly Planned[],
  options: ContextOptions,
  signal: AbortSignal | undefined,
): Promise<ScannedSuite> {
  try {
    return await scanOnce(engine, planned, options, signal);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    let tried = 1;
    const settled: Planned[] = [];
    for (const each of planned) {
      if (!each.authored || each.plan instanceof PlanFault) {
        settled.push(each);
        continue;
      }
      tried += 1;
      const fault = await scanOnce(engine, [each], options, signal).then(
        () => null,
        (cause: unknown) => faultOf(each, cause),
      );
      settled.push(fault === null ? each : { ...each, plan: fault });
    }
    if (settled.every((each, index) => each === planned[index])) throw error;
    const scanned = await scanOnce(engine, settled, options, signal);
    return { ...scanned, statementCount: scanned.statementCount + tried };
  }
}

async function scanOnce(
  engine: QueryEngine,
  planned: readonly Planned[],
  options: ContextOptions,
  signal: AbortSignal | undefined,
): Promise<ScannedSuite> {
  const scan = new Scan();
  const rowCountPlace = scan.add(text("count(*)"), null);
  const questions = planned.map((each) => (each.plan instanceof PlanFault ? null : questionOf(each.plan, each, scan)));
  const { values, statementCount } = await scan.run(engine, options.dialect, options.table, signal);
  return { planned, questions, values, rowCount: Number(values[rowCountPlace]), statementCount };
}

/** The engine took the statement for wrong, or a value did not allow it: not that it could not read or answer. */
export function isRefusal(error: unknown): boolean {
  return isDeepwrightError(error) && (error.code === "QUERY_INVALID" || error.code === "QUERY_FAILED");
}

/** @throws the error itself where the author's SQL is not the reason */
export function faultOf(planned: Planned, error: unknown): PlanFault {
  if (planned.authored && isDeepwrightError(error) && isRefusal(error)) {
    return new PlanFault("SQL_INVALID", `the engine refuses its SQL (${error.got})`, null);
  }
  throw error;
}
