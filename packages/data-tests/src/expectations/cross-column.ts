import { z } from "zod";
import { authoredSql } from "../sql/expression.js";
import { all, bound, boundNumber, join, sql, text } from "../sql/fragment.js";
import { numeric, temporal } from "../sql/type-family.js";
import {
  boundsShape,
  columnName,
  columnNames,
  comparison,
  describeBounds,
  rowShape,
  scalar,
  someBound,
  valueShape,
} from "../suite/common.js";
import { kind } from "./kind.js";
import { columnsCheck, compare, finite } from "./row-check.js";
import { nameList, show } from "./words.js";

export const satisfies = kind({
  expects: "an SQL condition to be true in every row; NULL is not true",
  options: z.strictObject({ ...rowShape, condition: z.string().min(1) }),
  plan: (options) => ({
    by: "row",
    expected: `${options.condition} in every row`,
    columns: [],
    pass: authoredSql(options.condition),
    present: null,
    mostly: options.mostly ?? 1,
  }),
});

export const implies = kind({
  expects: "where one SQL condition is true, another to be true",
  options: z.strictObject({ ...rowShape, when: z.string().min(1), condition: z.string().min(1) }),
  plan: (options) => ({
    by: "row",
    expected: `${options.condition} where ${options.when}`,
    columns: [],
    pass: authoredSql(options.condition),
    present: sql`CASE WHEN ${authoredSql(options.when)} THEN 1 END`,
    implied: false,
    mostly: options.mostly ?? 1,
  }),
});

export const compareColumns = kind({
  expects: "one column to stand in an order to another in every row; NaN stands in none",
  options: z.strictObject({ ...valueShape, left: columnName, is: comparison, right: columnName }),
  plan: (options, context) => {
    const [left, right] = [context.column(options.left), context.column(options.right)];
    const guards =
      numeric.includes(right.family) && (options.is === "<" || options.is === "<=")
        ? [sql`(${right.sql} <= ${bound(Number.POSITIVE_INFINITY, "double")})`]
        : [];
    return columnsCheck(
      options,
      [left, right],
      `${JSON.stringify(options.left)} ${options.is} ${JSON.stringify(options.right)}`,
      all([compare(left, options.is, right.sql), ...guards]),
    );
  },
});

export const differenceBetween = kind({
  expects: "the difference left - right within bounds; seconds where the columns are dates or times",
  options: z
    .strictObject({ ...valueShape, ...boundsShape, left: columnName, right: columnName })
    .refine(someBound, "give min or max"),
  plan: (options, context) => {
    const columns = [options.left, options.right].map((name) => context.column(name, [...numeric, ...temporal]));
    const [left, right] = columns.map((column) =>
      numeric.includes(column.family) ? context.dialect.toDouble(column.sql) : context.dialect.epochSeconds(column.sql),
    );
    const difference = sql`(${left ?? text("")} - ${right ?? text("")})`;
    return columnsCheck(
      options,
      columns,
      `${JSON.stringify(options.left)} - ${JSON.stringify(options.right)} ${describeBounds(options.min, options.max)}`,
      sql`(${difference} BETWEEN ${bound(options.min ?? Number.NEGATIVE_INFINITY, "double")} AND ${bound(options.max ?? Number.POSITIVE_INFINITY, "double")})`,
    );
  },
});

export const ratioBetween = kind({
  expects: "the ratio left / right within bounds; a right of 0 breaks it",
  options: z
    .strictObject({ ...valueShape, ...boundsShape, left: columnName, right: columnName })
    .refine(someBound, "give min or max"),
  plan: (options, context) => {
    const columns = [options.left, options.right].map((name) => context.column(name, numeric));
    const [left, right] = columns.map((column) => context.dialect.toDouble(column.sql));
    const ratio = sql`(${left ?? text("")} / CASE WHEN ${right ?? text("")} <> ${bound(0, "double")} THEN ${right ?? text("")} END)`;
    return columnsCheck(
      options,
      columns,
      `${JSON.stringify(options.left)} / ${JSON.stringify(options.right)} ${describeBounds(options.min, options.max)}`,
      sql`(${ratio} BETWEEN ${bound(options.min ?? Number.NEGATIVE_INFINITY, "double")} AND ${bound(options.max ?? Number.POSITIVE_INFINITY, "double")})`,
    );
  },
});

export const sumEquals = kind({
  expects: "the sum of several columns to equal another column, within an absolute tolerance",
  options: z.strictObject({
    ...valueShape,
    columns: columnNames,
    total: columnName,
    tolerance: z.number().min(0).optional(),
  }),
  plan: (options, context) => {
    const parts = options.columns.map((name) => context.column(name, numeric));
    const total = context.column(options.total, numeric);
    const sum = join(
      parts.map((part) => context.dialect.toDouble(part.sql)),
      " + ",
    );
    return columnsCheck(
      options,
      [...parts, total],
      `${options.columns.map((name) => JSON.stringify(name)).join(" + ")} = ${JSON.stringify(options.total)}`,
      sql`(${join([...parts, total].map(finite), " AND ")} AND abs(${sum} - ${context.dialect.toDouble(total.sql)}) <= ${context.dialect.toDouble(boundNumber(options.tolerance ?? 1e-9))})`,
    );
  },
});

export const distinctWithinRow = kind({
  expects: "several columns to hold different values in every row",
  options: z.strictObject({ ...valueShape, columns: z.array(columnName).min(2) }),
  plan: (options, context) => {
    const columns = options.columns.map((name) => context.column(name));
    const pairs = columns.flatMap((left, index) =>
      columns.slice(index + 1).map((right) => sql`${left.sql} <> ${right.sql}`),
    );
    return columnsCheck(
      options,
      columns,
      `${nameList(options.columns)} to differ from one another`,
      sql`(${join(pairs, " AND ")})`,
    );
  },
});

export const combinationsInSet = kind({
  expects: "the values of several columns to be one of a list of combinations",
  options: z
    .strictObject({ ...valueShape, columns: columnNames, combinations: z.array(z.array(scalar).min(1)).min(1) })
    .refine((options) => options.combinations.every((each) => each.length === options.columns.length), {
      error: "give each combination one value for each column",
    }),
  plan: (options, context) => {
    const columns = options.columns.map((name) => context.column(name));
    const combinations = options.combinations.map((values) =>
      all(columns.map((column, index) => sql`${column.sql} = ${context.value(values[index] ?? "", column)}`)),
    );
    return columnsCheck(
      options,
      columns,
      `${nameList(options.columns)} to be one of ${show(options.combinations)}`,
      sql`(${join(combinations, " OR ")})`,
    );
  },
});
