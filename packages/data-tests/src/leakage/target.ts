import { finite } from "../expectations/row-check.js";
import { bound, boundText, type Fragment, sql } from "../sql/fragment.js";
import { argumentInvalid, figure, type OpenTable, type Questions } from "../sql/open-table.js";
import { numeric } from "../sql/type-family.js";

/** One question about the target: a class against all others, or its value. */
export interface TargetTask {
  readonly kind: "class" | "number";
  /** The class; empty for a number. */
  readonly label: string;
  /** 0 or 1, or the value less its mean; NULL where the target is missing or not finite. */
  readonly value: Fragment;
}

const mostClasses = 20;

/**
 * A number with more than 20 different values is predicted as such; else each class is told from the others (of two only the rarer one).
 *
 * @throws DeepwrightError `ARGUMENT_INVALID` for a target without two values, or with more than 20 texts
 */
export async function targetTasks(
  questions: Questions,
  table: OpenTable,
  target: string,
  positive: string | number | boolean | undefined,
): Promise<readonly TargetTask[]> {
  const column = table.column(target);
  const label = table.dialect.toText(column.sql);
  const classTask = (name: string): TargetTask => ({
    kind: "class",
    label: name,
    value: sql`CASE WHEN ${column.sql} IS NULL THEN NULL WHEN ${label} = ${boundText(name)} THEN ${bound(1, "double")} ELSE ${bound(0, "double")} END`,
  });
  const classes = await questions.rows(
    table,
    sql`SELECT ${label} AS label, count(*) AS n FROM ${table.rows("data")} WHERE ${column.sql} IS NOT NULL GROUP BY 1 ORDER BY n, label LIMIT 1001`,
  );
  if (classes.length < 2) {
    throw argumentInvalid(
      "a target with at least two values",
      `${classes.length} in ${JSON.stringify(target)}`,
      "Name the column that is predicted.",
    );
  }
  if (positive !== undefined) {
    const name = classes.map((row) => String(row.label)).find((each) => each === String(positive));
    if (name === undefined) {
      throw argumentInvalid("a positive class that occurs", JSON.stringify(positive), "Name a value of the target.");
    }
    return [classTask(name)];
  }
  if (classes.length > mostClasses) {
    if (!numeric.includes(column.family)) {
      throw argumentInvalid(
        `a target of at most ${mostClasses} classes`,
        `more in ${JSON.stringify(target)}`,
        "Name the class to look at as `positive`.",
      );
    }
    const value = sql`CASE WHEN ${finite(column)} THEN ${table.dialect.toDouble(column.sql)} END`;
    const row = await questions.row(table, sql`SELECT avg(${value}) AS mean FROM ${table.rows("data")}`);
    return [{ kind: "number", label: "", value: sql`(${value} - ${bound(figure(row, "mean"), "double")})` }];
  }
  const tasks = classes.map((row) => classTask(String(row.label)));
  return tasks.length === 2 ? tasks.slice(0, 1) : tasks;
}
