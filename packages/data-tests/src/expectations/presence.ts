import { z } from "zod";
import { boundNumber, join, sql, text } from "../sql/fragment.js";
import {
  boundsShape,
  columnName,
  columnNames,
  commonShape,
  describeBounds,
  rowShape,
  someBound,
} from "../suite/common.js";
import { kind } from "./kind.js";
import { finite, isNotNaN, valueCheck } from "./row-check.js";
import { nameList } from "./words.js";

export const notNull = kind({
  expects: "a value in every row",
  options: z.strictObject({ ...rowShape, column: columnName }),
  plan: (options, context) => {
    const column = context.column(options.column);
    return {
      by: "row",
      expected: `${JSON.stringify(options.column)} not to be null`,
      columns: [options.column],
      pass: sql`(${column.sql} IS NOT NULL)`,
      passCount: sql`count(${column.sql})`,
      present: null,
      mostly: options.mostly ?? 1,
    };
  },
});

export const isNull = kind({
  expects: "no value in any row",
  options: z.strictObject({ ...rowShape, column: columnName }),
  plan: (options, context) => ({
    by: "row",
    expected: `${JSON.stringify(options.column)} to be null`,
    columns: [options.column],
    pass: sql`(${context.column(options.column).sql} IS NULL)`,
    present: null,
    mostly: options.mostly ?? 1,
  }),
});

export const nullFractionBetween = kind({
  expects: "a fraction of missing values within bounds",
  options: z.strictObject({ ...commonShape, ...boundsShape, column: columnName }).refine(someBound, "give min or max"),
  plan: (options, context) => {
    const column = context.column(options.column);
    return {
      by: "figure",
      expected: `the fraction of nulls of ${JSON.stringify(options.column)} ${describeBounds(options.min, options.max)}`,
      columns: [options.column],
      aggregates: { present: sql`count(${column.sql})` },
      decide: ({ present }, rowCount) => {
        const nulls = rowCount - Number(present);
        const observed = nulls / rowCount;
        const passed = observed >= (options.min ?? 0) && observed <= (options.max ?? 1);
        return { passed, observed, failing: nulls, considered: rowCount };
      },
      suspicious: sql`(${column.sql} IS NULL)`,
    };
  },
});

export const notBlank = kind({
  expects: "text that is more than spaces in every row",
  options: z.strictObject({ ...rowShape, column: columnName, nulls: z.enum(["fail", "ignore"]).optional() }),
  plan: (options, context) =>
    valueCheck(options, context, ["text"], "not to be blank", (column) =>
      context.dialect.matches(column.sql, "[^ \\t\\n\\r\\f]", false),
    ),
});

/** `(a IS NOT NULL) + (b IS NOT NULL)`, which no engine writes alike without CASE. */
function presentCount(columns: readonly string[], quoted: (name: string) => ReturnType<typeof sql>) {
  return sql`(${join(
    columns.map((name) => sql`CASE WHEN ${quoted(name)} IS NOT NULL THEN 1 ELSE 0 END`),
    " + ",
  )})`;
}

function presenceKind(
  expects: string,
  words: string,
  condition: (count: ReturnType<typeof sql>, total: number) => ReturnType<typeof sql>,
) {
  return kind({
    expects,
    options: z.strictObject({ ...rowShape, columns: columnNames }),
    plan: (options, context) => ({
      by: "row",
      expected: `${words} of ${nameList(options.columns)} to have a value`,
      columns: options.columns,
      pass: condition(
        presentCount(options.columns, (name) => context.column(name).sql),
        options.columns.length,
      ),
      present: null,
      mostly: options.mostly ?? 1,
    }),
  });
}

export const anyNotNull = presenceKind(
  "a value in at least one of several columns",
  "at least one",
  (count) => sql`(${count} >= 1)`,
);
export const exactlyOneNotNull = presenceKind(
  "a value in exactly one of several columns",
  "exactly one",
  (count) => sql`(${count} = 1)`,
);
export const allOrNoneNull = presenceKind(
  "values in all or in none of several columns",
  "all or none",
  (count, total) => sql`(${count} IN (0, ${boundNumber(total)}))`,
);

export const notNaN = kind({
  expects: "no NaN",
  options: z.strictObject({ ...rowShape, column: columnName, nulls: z.enum(["fail", "ignore"]).optional() }),
  plan: (options, context) => valueCheck(options, context, ["integer", "decimal", "double"], "not to be NaN", isNotNaN),
});

export const isFiniteNumber = kind({
  expects: "neither NaN nor an infinity",
  options: z.strictObject({ ...rowShape, column: columnName, nulls: z.enum(["fail", "ignore"]).optional() }),
  plan: (options, context) => valueCheck(options, context, ["integer", "decimal", "double"], "to be finite", finite),
});

export const constantColumn = kind({
  expects: "one and the same value in every row",
  options: z.strictObject({ ...commonShape, column: columnName }),
  plan: (options, context) => {
    const { sql: quoted, family } = context.column(options.column);
    // Not every engine orders truth values and what is neither number, time nor text.
    const column = family === "boolean" || family === "other" ? context.dialect.toText(quoted) : quoted;
    return {
      by: "figure",
      expected: `${JSON.stringify(options.column)} to be one value in all rows`,
      columns: [options.column],
      aggregates: { least: sql`min(${column})`, most: sql`max(${column})`, present: sql`count(${column})` },
      decide: ({ least, most, present }, rowCount) => ({
        passed: Object.is(least, most) && Number(present) === rowCount,
        observed: [least ?? null, most ?? null],
        considered: rowCount,
      }),
      suspicious: text("TRUE"),
    };
  },
});
