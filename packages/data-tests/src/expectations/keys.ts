import { z } from "zod";
import { tableRows } from "../planner/context.js";
import { boundNumber, join, sql } from "../sql/fragment.js";
import { boundsShape, columnNames, commonShape, describeBounds, someBound } from "../suite/common.js";
import { kind } from "./kind.js";
import { nameList, plural } from "./words.js";

const reference = z.strictObject({ source: z.string().min(1), columns: columnNames });
const sameLength = (options: { columns: readonly string[]; references: { columns: readonly string[] } }): boolean =>
  options.columns.length === options.references.columns.length;

export const foreignKey = kind({
  expects: "each key to exist in another source (referential integrity)",
  options: z
    .strictObject({
      ...commonShape,
      columns: columnNames,
      references: reference,
      nulls: z.enum(["fail", "ignore"]).optional(),
    })
    .refine(sameLength, "give as many columns as the reference has"),
  plan: (options, context) => {
    const other = context.source(options.references.source);
    const here = options.columns.map((name) => context.column(name).sql);
    const there = options.references.columns.map((name) => context.columnOf(other, name).sql);
    const key = join(here, ", ");
    const complete = join(
      here.map((column) => sql`${column} IS NOT NULL`),
      " AND ",
    );
    const equal = join(
      here.map((column, index) => sql`keys.${column} = parents.${there[index] ?? column}`),
      " AND ",
    );
    const groups = sql`SELECT ${key}, count(*) AS deepwright_occurrences FROM ${context.rows} GROUP BY ${key}`;
    const parents = tableRows(other, "parents");
    const orphan = sql`(${complete}) AND NOT EXISTS (SELECT 1 FROM ${parents} WHERE ${equal})`;
    const ofRow = join(
      here.map((column, index) => sql`data.${column} = parents.${there[index] ?? column}`),
      " AND ",
    );
    const orphanRow = sql`((${complete}) AND NOT EXISTS (SELECT 1 FROM ${parents} WHERE ${ofRow}))`;
    const orphans = sql`SELECT * FROM (${groups}) AS keys WHERE ${orphan}`;
    const incomplete = sql`SELECT count(*) FROM ${context.rows} WHERE NOT (${complete})`;
    return {
      by: "query",
      expected: `${nameList(options.columns)} to exist in ${options.references.source} (${nameList(options.references.columns)})`,
      columns: options.columns,
      figures: ["orphans", "missing"],
      statement: sql`SELECT coalesce(sum(deepwright_occurrences), 0) AS orphans, (${incomplete}) AS missing FROM (${orphans}) AS orphans`,
      decide: ({ orphans: count, missing }, rowCount) => {
        const failing = Number(count) + (options.nulls === "ignore" ? 0 : Number(missing));
        const considered = rowCount - (options.nulls === "ignore" ? Number(missing) : 0);
        return {
          passed: failing === 0 && considered > 0,
          observed: { orphans: Number(count), nulls: Number(missing) },
          failing,
          considered,
        };
      },
      failing: orphans,
      failingRow: options.nulls === "ignore" ? orphanRow : sql`(NOT (${complete}) OR ${orphanRow})`,
    };
  },
});

export const childCountBetween = kind({
  expects: "for each key of another source a number of rows here within bounds; without rows it is 0",
  options: z
    .strictObject({ ...commonShape, ...boundsShape, columns: columnNames, references: reference })
    .refine(sameLength, "give as many columns as the reference has")
    .refine(someBound, "give min or max"),
  plan: (options, context) => {
    const other = context.source(options.references.source);
    const here = options.columns.map((name) => context.column(name).sql);
    const there = options.references.columns.map((name) => context.columnOf(other, name).sql);
    const equal = join(
      here.map((column, index) => sql`children.${column} = parents.${there[index] ?? column}`),
      " AND ",
    );
    const children = sql`SELECT ${join(here, ", ")}, count(*) AS deepwright_occurrences FROM ${context.rows} GROUP BY ${join(here, ", ")}`;
    const counts = sql`SELECT ${join(
      there.map((column) => sql`parents.${column}`),
      ", ",
    )}, coalesce(deepwright_occurrences, 0) AS children FROM ${tableRows(other, "parents")} LEFT JOIN (${children}) AS children ON ${equal}`;
    const wrong = sql`(children < ${boundNumber(options.min ?? 0)} OR children > ${boundNumber(options.max ?? Number.POSITIVE_INFINITY)})`;
    return {
      by: "query",
      expected: `rows for each key of ${options.references.source} ${describeBounds(options.min, options.max)}`,
      columns: options.columns,
      figures: ["parents", "wrong", "least", "most"],
      statement: sql`SELECT count(*) AS parents, count(CASE WHEN ${wrong} THEN 1 END) AS wrong, min(children) AS least, max(children) AS most FROM (${counts}) AS counts`,
      decide: ({ parents, wrong: failing, least, most }) => ({
        passed: Number(parents) > 0 && Number(failing) === 0,
        observed: { min: least ?? null, max: most ?? null },
        failing: Number(failing),
        considered: Number(parents),
        reason: `${plural(Number(failing), "key")} of ${Number(parents)} have another number`,
      }),
      failing: sql`SELECT * FROM (${counts}) AS counts WHERE ${wrong}`,
    };
  },
});

export const rowCountMatchesSource = kind({
  expects: "as many rows as another source has, times a factor, within a relative tolerance",
  options: z.strictObject({
    ...commonShape,
    source: z.string().min(1),
    factor: z.number().positive().optional(),
    tolerance: z.number().min(0).optional(),
  }),
  plan: (options, context) => ({
    by: "query",
    expected: `${options.factor === undefined ? "" : `${options.factor} times `}as many rows as ${options.source}`,
    columns: [],
    figures: ["theirs"],
    statement: sql`SELECT count(*) AS theirs FROM ${tableRows(context.source(options.source), "theirs")}`,
    decide: ({ theirs }, rowCount) => {
      const wanted = Number(theirs) * (options.factor ?? 1);
      return {
        passed: wanted > 0 && Math.abs(rowCount - wanted) <= (options.tolerance ?? 0) * wanted,
        observed: rowCount,
        reason: `there are ${rowCount} rows here and ${Number(theirs)} there`,
      };
    },
  }),
});

const figure = z.enum(["sum", "min", "max", "avg", "count"]);

export const figureMatchesSource = kind({
  expects: "a figure of a column to equal the figure of a column of another source, within a relative tolerance",
  options: z.strictObject({
    ...commonShape,
    column: z.string().min(1),
    figure,
    references: z.strictObject({ source: z.string().min(1), column: z.string().min(1) }),
    tolerance: z.number().min(0).optional(),
  }),
  plan: (options, context) => {
    const call = (column: typeof context.rows) =>
      sql`${{ pieces: [options.figure] }}(${context.dialect.toDouble(column)})`;
    const other = context.source(options.references.source);
    const here = context.column(options.column, ["integer", "decimal", "double"]);
    const there = context.columnOf(other, options.references.column);
    return {
      by: "query",
      expected: `${options.figure} of ${JSON.stringify(options.column)} to equal that of ${JSON.stringify(options.references.column)} of ${options.references.source}`,
      columns: [options.column],
      figures: ["ours", "theirs"],
      statement: sql`SELECT ${call(here.sql)} AS ours, (SELECT ${call(there.sql)} FROM ${tableRows(other, "theirs")}) AS theirs FROM ${context.rows}`,
      decide: ({ ours, theirs }) => {
        const [left, right] = [Number(ours ?? Number.NaN), Number(theirs ?? Number.NaN)];
        const difference = Math.abs(left - right);
        return {
          passed: difference <= (options.tolerance ?? 1e-9) * Math.max(Math.abs(left), Math.abs(right)),
          observed: { ours: ours ?? null, theirs: theirs ?? null },
        };
      },
    };
  },
});
