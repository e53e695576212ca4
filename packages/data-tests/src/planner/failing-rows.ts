import type { CellValue } from "@deepwright/engines";
import { type Fragment, join, sql, text } from "../sql/fragment.js";
import type { Check } from "./check.js";
import type { PlanContext } from "./context.js";
import { type Asking, ask } from "./question.js";

/** Some rows (keys, groups) that break an expectation: the suite's key and the columns concerned. */
export async function fetchFailing(
  check: Check,
  context: PlanContext,
  asking: Asking,
  limit: number,
): Promise<{ readonly rows: readonly Record<string, CellValue>[]; readonly statementCount: number }> {
  const query = failingQuery(check, context, asking.key);
  if (query === null) return { rows: [], statementCount: 0 };
  const rows = await ask(sql`${query} LIMIT ${text(String(Math.floor(limit)))}`, context, asking);
  return { rows, statementCount: 1 };
}

function failingQuery(check: Check, context: PlanContext, key: readonly string[]): Fragment | null {
  const condition = failingCondition(check);
  if (condition === null) return check.by === "query" ? (check.failing ?? null) : null;
  const known = new Set(context.table.columns.map((column) => column.name));
  const shownKey = key.filter((name) => known.has(name));
  const names = [...new Set([...shownKey, ...check.columns])];
  const list = names.length === 0 || shownKey.length === 0 ? text("*") : join(names.map(context.quote), ", ");
  const order = shownKey.length === 0 ? sql`` : sql` ORDER BY ${join(shownKey.map(context.quote), ", ")}`;
  return sql`SELECT ${list} FROM ${context.rows} WHERE ${condition}${order}`;
}

/** True for rows that break the expectation; `null` where no single row does. */
export function failingCondition(check: Check): Fragment | null {
  if (check.by === "figure") return check.suspicious ?? null;
  if (check.by !== "row") return null;
  const failing = sql`(${check.pass}) IS NOT TRUE`;
  return check.present === null ? failing : sql`${failing} AND (${check.present}) IS NOT NULL`;
}
