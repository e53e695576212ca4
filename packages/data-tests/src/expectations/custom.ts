import { z } from "zod";
import { authoredSql } from "../sql/expression.js";
import { sql } from "../sql/fragment.js";
import { boundsShape, columnNames, commonShape, describeBounds, rowShape, someBound } from "../suite/common.js";
import { kind } from "./kind.js";
import { within } from "./within.js";

/** The query that an author wrote, over a table called `data`. */
const authoredQuery = z.string().min(1);

export const customRows = kind({
  expects: "a query of yours over the table `data` to find no row",
  options: z.strictObject({ ...commonShape, query: authoredQuery, says: z.string().min(1).optional() }),
  plan: (options, context) => {
    const query = sql`WITH data AS (SELECT * FROM ${context.rows}) SELECT * FROM ${authoredSql(options.query)} AS found`;
    return {
      by: "query",
      expected: options.says ?? "the query to find no row",
      columns: [],
      figures: ["found"],
      statement: sql`SELECT count(*) AS found FROM (${query}) AS counted`,
      decide: ({ found }, rowCount) => ({
        passed: Number(found) === 0,
        observed: Number(found),
        failing: Number(found),
        considered: rowCount,
      }),
      failing: query,
    };
  },
});

export const customFigure = kind({
  expects: "a query of yours over the table `data` to give one figure within bounds",
  options: z
    .strictObject({ ...commonShape, ...boundsShape, query: authoredQuery, says: z.string().min(1).optional() })
    .refine(someBound, "give min or max"),
  plan: (options, context) => ({
    by: "query",
    expected: `${options.says ?? "the query's figure"} ${describeBounds(options.min, options.max)}`,
    columns: [],
    figures: ["figure"],
    statement: sql`WITH data AS (SELECT * FROM ${context.rows}) SELECT ${authoredSql(options.query)} AS figure`,
    decide: ({ figure }, rowCount) => {
      const observed = figure === null || figure === undefined ? null : Number(figure);
      return { passed: observed !== null && within(observed, options), observed, considered: rowCount };
    },
  }),
});

export const customAggregate = kind({
  expects: "an aggregate expression of yours within bounds",
  options: z
    .strictObject({ ...commonShape, ...boundsShape, aggregate: authoredQuery, says: z.string().min(1).optional() })
    .refine(someBound, "give min or max"),
  plan: (options, context) => ({
    by: "query",
    expected: `${options.says ?? options.aggregate} ${describeBounds(options.min, options.max)}`,
    columns: [],
    figures: ["figure"],
    statement: sql`SELECT ${authoredSql(options.aggregate)} AS figure FROM ${context.rows}`,
    decide: ({ figure }, rowCount) => {
      const observed = figure === null || figure === undefined ? null : Number(figure);
      return { passed: observed !== null && within(observed, options), observed, considered: rowCount };
    },
  }),
});

export const customFunction = kind({
  expects: "a function of yours, named in `functions` of the run, to be true of every row",
  options: z.strictObject({ ...rowShape, function: z.string().min(1), columns: columnNames.optional() }),
  plan: (options, context) => ({
    by: "stream",
    expected: `${options.function}(row) in every row`,
    columns: (options.columns ?? context.table.columns.map((column) => column.name)).map(
      (name) => context.column(name).name,
    ),
    mostly: options.mostly ?? 1,
    passes: context.rowTest(options.function),
  }),
});
