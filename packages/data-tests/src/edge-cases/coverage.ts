import type { DataSource, QueryEngine } from "@deepwright/engines";
import { plural } from "../expectations/words.js";
import { all, join, sql, text } from "../sql/fragment.js";
import { argumentInvalid, figure, openTable, Questions, type ResultRow } from "../sql/open-table.js";
import { cellCondition } from "./cell.js";
import { type Combination, combinationWords } from "./rare-combinations.js";
import { combinationKey, type RegressionCase } from "./regression-set.js";

export interface Coverage {
  readonly covered: number;
  /** Combinations that no row of the data holds, with the counts from when they were kept. */
  readonly lost: readonly Combination[];
  readonly statementCount: number;
  readonly sentence: string;
}

/**
 * Whether a data set still holds every combination that a regression set was kept for; all are counted in one scan (or a few, where there are
 * thousands).
 *
 * @throws DeepwrightError `COLUMN_MISSING` for a column that the data lost, or one of the engine
 */
export async function checkCoverage(
  engine: QueryEngine,
  source: DataSource,
  cases: readonly RegressionCase[],
  options: { readonly signal?: AbortSignal } = {},
): Promise<Coverage> {
  const table = await openTable(engine, source, options.signal);
  const questions = new Questions(options.signal);
  const combinations = [
    ...new Map(cases.flatMap(({ covers }) => covers).map((each) => [combinationKey(each), each])).values(),
  ];
  const atOnce = Math.min(1_000, table.dialect.maxSelectEntries);
  const counts: number[] = [];
  for (let start = 0; start < combinations.length; start += atOnce) {
    const chunk = combinations.slice(start, start + atOnce);
    const list = chunk.map(({ cells }, index) => {
      const conditions = Object.entries(cells).map(([name, cell]) => cellCondition(cell, table.column(name), table));
      return sql`${table.dialect.countWhere(all(conditions))} AS ${text(`n${index}`)}`;
    });
    const row: ResultRow = await questions.row(table, sql`SELECT ${join(list, ", ")} FROM ${table.rows("data")}`);
    counts.push(...chunk.map((_, index) => figure(row, `n${index}`)));
  }
  const lost = combinations.filter((_, index) => counts[index] === 0);
  const covered = combinations.length - lost.length;
  const named = lost.slice(0, 3).map(combinationWords).join("; ");
  return {
    covered,
    lost,
    statementCount: questions.count,
    sentence:
      lost.length === 0
        ? `All ${plural(covered, "combination")} ${covered === 1 ? "is" : "are"} in the data.`
        : `${lost.length} of ${plural(combinations.length, "combination")} ${lost.length === 1 ? "is" : "are"} no longer in the data: ${named}${lost.length > 3 ? " and more" : ""}.`,
  };
}

/** What a model made of one case. */
export interface CaseResult {
  readonly hash: string;
  readonly passed: boolean;
}

export interface ResultCoverage {
  readonly passed: number;
  readonly failed: readonly RegressionCase[];
  /** Cases without a result: nobody knows what the model makes of them. */
  readonly untested: readonly RegressionCase[];
  /** Combinations that only failed or untested cases hold. */
  readonly uncovered: readonly Combination[];
  readonly sentence: string;
}

/**
 * Whether a model's results cover a regression set: every case tested, and which ones fail.
 *
 * @throws DeepwrightError `ARGUMENT_INVALID` for a result of a case that is not in the set, or two of one case
 */
export function checkResults(cases: readonly RegressionCase[], results: readonly CaseResult[]): ResultCoverage {
  const known = new Set(cases.map(({ hash }) => hash));
  const byHash = new Map<string, boolean>();
  for (const { hash, passed } of results) {
    if (!known.has(hash) || byHash.has(hash)) {
      throw argumentInvalid(
        "one result for each case of the set",
        `${known.has(hash) ? "two" : "one that is not in it"} for ${hash}`,
        "Test the cases that the set holds.",
      );
    }
    byHash.set(hash, passed);
  }
  const [failed, untested] = [
    cases.filter(({ hash }) => byHash.get(hash) === false),
    cases.filter(({ hash }) => !byHash.has(hash)),
  ];
  const good = new Set(
    cases.filter(({ hash }) => byHash.get(hash)).flatMap(({ covers }) => covers.map(combinationKey)),
  );
  const bad = new Map(
    [...failed, ...untested].flatMap(({ covers }) => covers).map((each) => [combinationKey(each), each]),
  );
  const passed = cases.length - failed.length - untested.length;
  return {
    passed,
    failed,
    untested,
    uncovered: [...bad].filter(([key]) => !good.has(key)).map(([, each]) => each),
    sentence: `${passed} of ${plural(cases.length, "edge case")} pass, ${failed.length} fail, ${untested.length} were not tested.`,
  };
}
