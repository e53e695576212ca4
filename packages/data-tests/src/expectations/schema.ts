import { z } from "zod";
import type { SchemaCheck } from "../planner/check.js";
import { typeFamily } from "../sql/type-family.js";
import { boundsShape, columnName, columnNames, commonShape, describeBounds, someBound } from "../suite/common.js";
import { kind } from "./kind.js";
import { within } from "./within.js";
import { nameList } from "./words.js";

function schemaCheck(
  expected: string,
  columns: readonly string[],
  problems: readonly string[],
  observed: readonly string[],
): SchemaCheck {
  const passed = problems.length === 0;
  return {
    by: "schema",
    expected,
    columns,
    decision: {
      passed,
      observed: [...observed],
      failing: problems.length,
      ...(!passed && { reason: problems.join("; ") }),
    },
  };
}

const listed = (words: string, names: readonly string[]): string[] =>
  names.length === 0 ? [] : [`${nameList(names)} ${names.length === 1 ? "is" : "are"} ${words}`];

export const columnExists = kind({
  expects: "a column of a name",
  options: z.strictObject({ ...commonShape, column: columnName }),
  plan: (options, { table }) => {
    const names = table.columns.map((column) => column.name);
    return schemaCheck(
      `a column ${JSON.stringify(options.column)}`,
      [options.column],
      names.includes(options.column) ? [] : [`there are ${nameList(names, 20)}`],
      names,
    );
  },
});

export const columnsInclude = kind({
  expects: "all columns of a list, perhaps others too",
  options: z.strictObject({ ...commonShape, columns: columnNames }),
  plan: (options, { table }) => {
    const names = table.columns.map((column) => column.name);
    const missing = options.columns.filter((name) => !names.includes(name));
    return schemaCheck(`the columns ${nameList(options.columns)}`, options.columns, listed("missing", missing), names);
  },
});

export const columnsExclude = kind({
  expects: "none of the columns of a list, such as leaks or personal data",
  options: z.strictObject({ ...commonShape, columns: columnNames }),
  plan: (options, { table }) => {
    const names = table.columns.map((column) => column.name);
    const present = options.columns.filter((name) => names.includes(name));
    return schemaCheck(`no columns ${nameList(options.columns)}`, options.columns, listed("there", present), names);
  },
});

export const columnsEqual = kind({
  expects: "exactly the columns of a list, in any order unless `ordered`",
  options: z.strictObject({ ...commonShape, columns: columnNames, ordered: z.boolean().optional() }),
  plan: (options, { table }) => {
    const names = table.columns.map((column) => column.name);
    const problems = [
      ...listed(
        "missing",
        options.columns.filter((name) => !names.includes(name)),
      ),
      ...listed(
        "not expected",
        names.filter((name) => !options.columns.includes(name)),
      ),
    ];
    const moved = names.findIndex((name, index) => name !== options.columns[index]);
    if (options.ordered && problems.length === 0 && moved >= 0)
      problems.push(`place ${moved + 1} has ${nameList([names[moved] ?? ""])}`);
    return schemaCheck(`exactly the columns ${nameList(options.columns)}`, options.columns, problems, names);
  },
});

export const columnCountBetween = kind({
  expects: "a number of columns within bounds",
  options: z.strictObject({ ...commonShape, ...boundsShape }).refine(someBound, "give min or max"),
  plan: (options, { table }) => {
    const count = table.columns.length;
    return {
      by: "schema",
      expected: `the number of columns ${describeBounds(options.min, options.max)}`,
      columns: [],
      decision: { passed: within(count, options), observed: count },
    };
  },
});

export const columnNamesMatch = kind({
  expects: "every column's name to match a regular expression of JavaScript",
  options: z.strictObject({
    ...commonShape,
    pattern: z.string().min(1).refine(isPattern, "is not a regular expression"),
  }),
  plan: (options, { table }) => {
    const pattern = new RegExp(options.pattern, "u");
    const wrong = table.columns.map((column) => column.name).filter((name) => !pattern.test(name));
    return schemaCheck(
      `every column's name to match /${options.pattern}/`,
      wrong,
      listed("named otherwise", wrong),
      wrong,
    );
  },
});

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, "u") !== null;
  } catch {
    return false;
  }
}

const family = z.enum([
  "integer",
  "decimal",
  "double",
  "number",
  "text",
  "boolean",
  "date",
  "timestamp",
  "time",
  "bytes",
  "other",
]);
type Family = z.output<typeof family>;

function typeProblem(wanted: Family, type: string | undefined): string | null {
  if (type === undefined) return "missing";
  const found = typeFamily(type);
  const numeric = ["integer", "decimal", "double"].includes(found);
  return found === wanted || (wanted === "number" && numeric) ? null : type;
}

export const columnType = kind({
  expects: "a column to be of a family of types, the same on every engine",
  options: z.strictObject({ ...commonShape, column: columnName, type: family }),
  plan: (options, { table }) => {
    const type = table.columns.find((column) => column.name === options.column)?.type;
    const problem = typeProblem(options.type, type);
    return schemaCheck(
      `${JSON.stringify(options.column)} to be of type ${options.type}`,
      [options.column],
      problem === null ? [] : [`it is ${problem}`],
      type === undefined ? [] : [type],
    );
  },
});

export const columnTypes = kind({
  expects: "several columns to be of families of types",
  options: z.strictObject({ ...commonShape, types: z.record(columnName, family) }),
  plan: (options, { table }) => {
    const problems = Object.entries(options.types).flatMap(([name, wanted]) => {
      const problem = typeProblem(wanted, table.columns.find((column) => column.name === name)?.type);
      return problem === null ? [] : [`${JSON.stringify(name)} is ${problem}, not ${wanted}`];
    });
    return schemaCheck(
      "the columns' types",
      Object.keys(options.types),
      problems,
      table.columns.map(({ name, type }) => `${name}: ${type}`),
    );
  },
});

export const columnNotNullable = kind({
  expects: "the engine itself to refuse missing values in a column of a table",
  options: z.strictObject({ ...commonShape, column: columnName }),
  plan: (options, { table }) => {
    const column = table.columns.find((each) => each.name === options.column);
    return schemaCheck(
      `${JSON.stringify(options.column)} to be NOT NULL in the schema`,
      [options.column],
      column === undefined ? ["it is missing"] : column.nullable ? ["it may be null"] : [],
      column === undefined ? [] : [column.type],
    );
  },
});
