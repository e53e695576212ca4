import type { CellValue } from "@deepwright/engines";
import { type Fragment, join, sql, text, toStatement } from "../sql/fragment.js";
import type { Figures, QueryCheck } from "./check.js";
import type { Asking } from "./question.js";
import { isRefusal } from "./scan-suite.js";

/** A statement of one row that can be asked beside others. */
export interface MergeableQuery {
  readonly check: QueryCheck;
  /** Place of its expectation in the suite. */
  readonly index: number;
}

/**
 * Asks statements of one row together, as a cross join of them: one round trip, one plan, and one state of the data for all. How
 * many are asked at once is bounded, since each may hold a hash table of its own. What is refused together is left out,
 * so that it is asked alone and the refusal meets the right expectation.
 *
 * @returns the figures of the statements by the places of their expectations, and the number of statements that were sent
 */
export async function askTogether(
  queries: readonly MergeableQuery[],
  asking: Asking,
): Promise<{ readonly figures: ReadonlyMap<number, Figures>; readonly statementCount: number }> {
  const { dialect } = asking.contextOptions;
  const figures = new Map<number, Figures>();
  let statementCount = 0;
  for (let start = 0; start < queries.length; start += dialect.maxMergedQueries) {
    const chunk = queries.slice(start, start + dialect.maxMergedQueries);
    // Alone it costs the same, and its answer has its own columns.
    if (chunk.length === 1) continue;
    statementCount += 1;
    const row = await ask(chunk, asking).catch((error: unknown) => {
      if (isRefusal(error)) return undefined;
      throw error;
    });
    if (row === undefined) continue;
    chunk.forEach(({ check, index }, place) => {
      figures.set(index, Object.fromEntries(check.figures.map((name) => [name, row[`${name}_${place}`] ?? null])));
    });
  }
  return { figures, statementCount };
}

async function ask(
  queries: readonly MergeableQuery[],
  { engine, contextOptions, options }: Asking,
): Promise<Record<string, CellValue> | undefined> {
  const columns = queries.flatMap(({ check }, place) =>
    check.figures.map((name) =>
      text(`query_${place}.${engine.quoteIdentifier(name)} AS ${engine.quoteIdentifier(`${name}_${place}`)}`),
    ),
  );
  const from: readonly Fragment[] = queries.map(
    ({ check }, place) => sql`(${check.statement}) AS ${text(`query_${place}`)}`,
  );
  const statement = toStatement(
    sql`SELECT ${join(columns, ", ")} FROM ${join(from, " CROSS JOIN ")}`,
    contextOptions.dialect.cast,
  );
  const [row] = await engine.query<Record<string, CellValue>>(statement.sql, {
    parameters: statement.parameters,
    ...(options.signal && { signal: options.signal }),
  });
  return row;
}
