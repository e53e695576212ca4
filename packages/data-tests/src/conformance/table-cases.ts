import fc from "fast-check";
import { typeFamily } from "../sql/type-family.js";
import type { SomeKindCases } from "./case.js";
import {
  type Bounds,
  cellKey,
  eachRow,
  eachValue,
  finiteFigure,
  groupBy,
  inside,
  mean,
  type NaiveResult,
  quantile,
  seconds,
  sqlCompare,
  type ValueOptions,
  variance,
} from "./naive.js";
import { columnTypes, type Row } from "./random-table.js";
import { nulls, options } from "./value-cases.js";

const mostly = fc.constantFrom(undefined, 1, 0.5, 0.9);
const number = fc.constantFrom("i", "j", "d", "e");
const fractionBounds = { min: fc.constantFrom(undefined, 0, 0.1), max: fc.constantFrom(0.3, 0.7, 1) };
const countBounds = { min: fc.constantFrom(undefined, 0, 2), max: fc.constantFrom(2, 5, 100) };
const figureBounds = { min: fc.constantFrom(undefined, -1.2345, 0.7654), max: fc.constantFrom(1.777, 3.333, 55.5) };
const figureOptions = options({ column: number, nulls, ...figureBounds });
const anyColumns = fc.constantFrom<string[]>(["i"], ["s"], ["s", "b"], ["i", "s", "day"], ["d"], ["j"]);

type FigureOptions = Bounds & ValueOptions & { readonly column: string };

const bounded = (observed: number | null, bounds: Bounds, more: Partial<NaiveResult> = {}): NaiveResult => ({
  passed: inside(observed, bounds),
  observed,
  ...more,
});

const cell = (row: Row, column: string): Row[keyof Row] => row[column as keyof Row];
const distinct = (rows: readonly Row[], column: string): number =>
  new Set(rows.filter((row) => cell(row, column) !== null).map((row) => cellKey(row, [column]))).size;

function duplicates(
  rows: readonly Row[],
  columns: readonly string[],
  nullsOption: "fail" | "ignore" | undefined,
  most = 0,
): NaiveResult {
  const complete = rows.filter((row) => columns.every((column) => cell(row, column) !== null));
  const groups = groupBy(complete, (row) => cellKey(row, columns));
  const repeated = [...groups.values()].filter((group) => group.length > 1).flat().length;
  const failing = repeated + (nullsOption === "ignore" ? 0 : rows.length - complete.length);
  const considered = nullsOption === "ignore" ? complete.length : rows.length;
  return { passed: considered > 0 && failing <= most * considered, failing, considered };
}

const columnNames = Object.keys(columnTypes);
const schemaResult = (passed: boolean): NaiveResult => ({ passed });
const family = (column: string): string => {
  const types = columnTypes[column as keyof Row];
  return types === undefined ? "" : typeFamily(types[0].toLowerCase());
};
const someColumns = fc.uniqueArray(fc.constantFrom(...columnNames, "absent"), { minLength: 1, maxLength: 3 });

export const tableCases: SomeKindCases<
  | "nullFractionBetween"
  | "anyNotNull"
  | "exactlyOneNotNull"
  | "allOrNoneNull"
  | "constantColumn"
  | "columnExists"
  | "columnsInclude"
  | "columnsExclude"
  | "columnsEqual"
  | "columnCountBetween"
  | "columnNamesMatch"
  | "columnType"
  | "columnTypes"
  | "columnNotNullable"
  | "notEmpty"
  | "rowCountBetween"
  | "rowCountEquals"
  | "rowCountNear"
  | "containsValues"
  | "valuesEqualSet"
  | "distinctCountBetween"
  | "distinctFractionBetween"
  | "mostCommonValueIn"
  | "unique"
  | "uniqueTogether"
  | "primaryKey"
  | "duplicateFractionAtMost"
  | "noDuplicateRows"
  | "satisfies"
  | "implies"
  | "compareColumns"
  | "differenceBetween"
  | "ratioBetween"
  | "sumEquals"
  | "distinctWithinRow"
  | "combinationsInSet"
  | "meanBetween"
  | "standardDeviationBetween"
  | "varianceBetween"
  | "sumBetween"
  | "minBetween"
  | "maxBetween"
  | "quantileBetween"
  | "medianBetween"
  | "trueFractionBetween"
  | "correlationBetween"
> = {
  nullFractionBetween: {
    options: options({ column: fc.constantFrom("i", "t", "at"), ...fractionBounds }),
    naive: (rows, given) => {
      const failing = rows.filter((row) => cell(row, given.column) === null).length;
      return bounded(failing / rows.length, given, { failing, considered: rows.length });
    },
  },
  anyNotNull: present((count) => count >= 1),
  exactlyOneNotNull: present((count) => count === 1),
  allOrNoneNull: present((count, total) => count === 0 || count === total),
  constantColumn: {
    options: options({ column: fc.constantFrom("i", "t", "b", "d", "day") }),
    naive: (rows, given) => ({
      passed: rows.every((row) => cell(row, given.column) !== null) && distinct(rows, given.column) === 1,
    }),
  },
  columnExists: {
    options: options({ column: fc.constantFrom("i", "absent", "I") }),
    naive: (_, given) => schemaResult(columnNames.includes(given.column)),
  },
  columnsInclude: {
    options: options({ columns: someColumns }),
    naive: (_, given) => schemaResult(given.columns.every((name) => columnNames.includes(name))),
  },
  columnsExclude: {
    options: options({ columns: someColumns }),
    naive: (_, given) => schemaResult(!given.columns.some((name) => columnNames.includes(name))),
  },
  columnsEqual: {
    options: options({
      columns: fc.oneof(
        fc.constantFrom<string[]>(columnNames, columnNames.slice(1)),
        fc.shuffledSubarray(columnNames, { minLength: columnNames.length }),
      ),
      ordered: fc.constantFrom(undefined, true, false),
    }),
    naive: (_, { columns, ordered }) =>
      schemaResult(
        columns.length === columnNames.length &&
          (!ordered || columns.every((name, index) => name === columnNames[index])),
      ),
  },
  columnCountBetween: {
    options: options({ min: fc.constantFrom(1, 11), max: fc.constantFrom(9, 10) }),
    naive: (_, given) => bounded(columnNames.length, given),
  },
  columnNamesMatch: {
    options: options({ pattern: fc.constantFrom("^[a-z]+$", "^.$") }),
    naive: (_, given) => schemaResult(given.pattern === "^[a-z]+$"),
  },
  columnType: {
    options: options({
      column: fc.constantFrom(...columnNames, "absent"),
      type: fc.constantFrom("integer", "number", "text", "date", "timestamp", "double", "boolean"),
    }),
    naive: (_, given) =>
      schemaResult(
        family(given.column) === given.type ||
          (given.type === "number" && ["integer", "double"].includes(family(given.column))),
      ),
  },
  columnTypes: {
    options: fc.constantFrom<{ types: Record<string, "integer" | "text"> }>(
      { types: { i: "integer", t: "text" } },
      { types: { i: "integer", d: "text" } },
    ),
    naive: (_, given) => schemaResult(given.types.d === undefined),
  },
  columnNotNullable: { options: options({ column: fc.constantFrom("i", "absent") }), naive: () => schemaResult(false) },
  notEmpty: { options: fc.constant({}), naive: (rows) => ({ passed: rows.length > 0, observed: rows.length }) },
  rowCountBetween: { options: options(countBounds), naive: (rows, given) => bounded(rows.length, given) },
  rowCountEquals: {
    options: options({ count: fc.constantFrom(0, 1, 3) }),
    naive: (rows, given) => ({ passed: rows.length === given.count, observed: rows.length }),
  },
  rowCountNear: {
    options: options({ usual: fc.constantFrom(1, 10), tolerance: fc.constantFrom(0, 0.5) }),
    naive: (rows, given) => ({ passed: Math.abs(rows.length - given.usual) <= given.tolerance * given.usual }),
  },
  containsValues: {
    options: fc.constantFrom<{ column: string; values: (string | number | boolean)[] }>(
      { column: "s", values: ["x", "y"] },
      { column: "i", values: [0, 1] },
      { column: "b", values: [true] },
    ),
    naive: (rows, given) => {
      const failing = given.values.filter((value) => !rows.some((row) => cell(row, given.column) === value)).length;
      return { passed: failing === 0, failing };
    },
  },
  valuesEqualSet: {
    options: fc.constantFrom<{ column: string; values: (string | number | boolean)[] }>(
      { column: "s", values: ["x", "y", "z"] },
      { column: "s", values: ["x"] },
      { column: "b", values: [true, false] },
    ),
    naive: (rows, given) => {
      const failing = rows.filter(
        (row) => cell(row, given.column) !== null && !given.values.some((value) => value === cell(row, given.column)),
      ).length;
      return {
        passed: failing === 0 && given.values.every((value) => rows.some((row) => cell(row, given.column) === value)),
        failing,
      };
    },
  },
  distinctCountBetween: {
    options: options({ column: fc.constantFrom("i", "t", "d", "day"), ...countBounds }),
    naive: (rows, given) => bounded(distinct(rows, given.column), given),
  },
  distinctFractionBetween: {
    options: options({ column: fc.constantFrom("i", "t", "at"), ...fractionBounds }),
    naive: (rows, given) => {
      const values = rows.filter((row) => cell(row, given.column) !== null).length;
      return { passed: values > 0 && inside(distinct(rows, given.column) / values, given) };
    },
  },
  mostCommonValueIn: {
    options: fc.constantFrom<{ column: string; values: (string | number | boolean)[] }>(
      { column: "s", values: ["x", "y"] },
      { column: "i", values: [0, 1, 2] },
      { column: "b", values: [true] },
    ),
    naive: (rows, given) => {
      const groups = groupBy(
        rows.filter((row) => cell(row, given.column) !== null),
        (row) => cellKey(row, [given.column]),
      );
      const most = Math.max(0, ...[...groups.values()].map((group) => group.length));
      const top = [...groups.values()]
        .filter((group) => group.length === most)
        .map((group) => cell(group[0] as Row, given.column));
      return { passed: top.length > 0 && top.every((value) => given.values.some((each) => each === value)) };
    },
  },
  unique: {
    options: options({ column: fc.constantFrom("i", "j", "t", "d", "id"), nulls }),
    naive: (rows, given) => duplicates(rows, [given.column], given.nulls),
  },
  uniqueTogether: {
    options: options({ columns: anyColumns, nulls }),
    naive: (rows, given) => duplicates(rows, given.columns, given.nulls),
  },
  primaryKey: {
    options: options({ columns: anyColumns }),
    naive: (rows, given) => duplicates(rows, given.columns, "fail"),
  },
  duplicateFractionAtMost: {
    options: options({ columns: anyColumns, max: fc.constantFrom(0, 0.5, 0.8), nulls }),
    naive: (rows, given) => duplicates(rows, given.columns, given.nulls, given.max),
  },
  noDuplicateRows: {
    options: fc.constant({}),
    naive: (rows) => ({ passed: true, failing: 0, considered: rows.length }),
  },
  satisfies: {
    options: options({ condition: fc.constantFrom("i >= 0", "i < j", "s = 'x' OR t = 'a'", "(i + j) > 3 -1"), mostly }),
    naive: (rows, given) => eachRow(rows, given, (row) => conditions[given.condition]?.(row) === true),
  },
  implies: {
    options: options({ when: fc.constantFrom("b", "i >= 0"), condition: fc.constantFrom("i < j", "i >= 0"), mostly }),
    naive: (rows, given) =>
      eachRow(rows, given, (row) =>
        conditions[given.when]?.(row) === true ? conditions[given.condition]?.(row) === true : null,
      ),
  },
  compareColumns: {
    options: fc
      .tuple(
        fc.constantFrom(["i", "j"], ["d", "e"], ["i", "d"], ["t", "s"]),
        fc.constantFrom("=" as const, "<>" as const, "<" as const, "<=" as const, ">" as const, ">=" as const),
        nulls,
      )
      .map(([[left, right], is, nullsOption]) => ({
        left: left as string,
        right: right as string,
        is,
        ...(nullsOption && { nulls: nullsOption }),
      })),
    naive: (rows, given) =>
      eachValue(rows, given, [given.left, given.right], (left, right) => {
        const order = sqlCompare(left as number | string, right as number | string);
        const nan = Number.isNaN(left) || Number.isNaN(right);
        if (given.is === "=") return order === 0;
        if (given.is === "<>") return order !== 0;
        return (
          !nan &&
          (given.is === "<" ? order < 0 : given.is === "<=" ? order <= 0 : given.is === ">" ? order > 0 : order >= 0)
        );
      }),
  },
  differenceBetween: {
    options: fc
      .tuple(fc.constantFrom(["i", "j", -3, 1], ["day", "at", -86_400, 86_400], ["d", "e", -1, 1] as const), nulls)
      .map(([[left, right, min, max], nullsOption]) => ({
        left: left as string,
        right: right as string,
        min: min as number,
        max: max as number,
        ...(nullsOption && { nulls: nullsOption }),
      })),
    naive: (rows, given) =>
      eachValue(rows, given, [given.left, given.right], (left, right) => {
        const [a, b] = [left, right].map((value) => (typeof value === "number" ? value : seconds(value))) as [
          number,
          number,
        ];
        return inside(a - b, given);
      }),
  },
  ratioBetween: {
    options: options({
      left: fc.constantFrom("i", "d"),
      right: fc.constantFrom("j", "e"),
      min: fc.constantFrom(undefined, -0.3),
      max: fc.constantFrom(0.7, 10.1),
      nulls,
    }),
    naive: (rows, given) =>
      eachValue(
        rows,
        given,
        [given.left, given.right],
        (left, right) => right !== 0 && inside((left as number) / (right as number), given),
      ),
  },
  sumEquals: {
    options: options({
      columns: fc.constantFrom<string[]>(["i", "j"], ["d", "e"], ["d"]),
      total: fc.constantFrom("j", "e", "d"),
      tolerance: fc.constantFrom(undefined, 0, 0.5),
      nulls,
    }),
    naive: (rows, given) =>
      eachValue(rows, given, [...given.columns, given.total], (...values) => {
        const total = values.pop() as number;
        const parts = values as number[];
        return (
          [...parts, total].every(Number.isFinite) &&
          Math.abs(parts.reduce((sum, each) => sum + each, 0) - total) <= (given.tolerance ?? 1e-9)
        );
      }),
  },
  distinctWithinRow: {
    options: options({ columns: fc.constantFrom<string[]>(["i", "j"], ["t", "s"], ["i", "j", "d"]), nulls, mostly }),
    naive: (rows, given) =>
      eachValue(
        rows,
        given,
        given.columns,
        (...values) => new Set(values.map((value) => (value === 0 ? 0 : value))).size === values.length,
      ),
  },
  combinationsInSet: {
    options: options({
      columns: fc.constant<string[]>(["s", "b"]),
      combinations: fc.constantFrom<(string | boolean)[][]>(
        [["x", true]],
        [
          ["x", true],
          ["y", false],
          ["z", true],
        ],
      ),
      nulls,
      mostly,
    }),
    naive: (rows, given) =>
      eachValue(rows, given, given.columns, (...values) =>
        given.combinations.some((each) => each.every((value, index) => value === values[index])),
      ),
  },
  meanBetween: { options: figureOptions, naive: (rows, given) => finiteFigure(rows, given, mean) },
  standardDeviationBetween: {
    options: figureOptions,
    naive: (rows, given) => finiteFigure(rows, given, (values) => Math.sqrt(variance(values))),
  },
  varianceBetween: { options: figureOptions, naive: (rows, given) => finiteFigure(rows, given, variance) },
  sumBetween: {
    options: figureOptions,
    naive: (rows, given) => finiteFigure(rows, given, (values) => values.reduce((sum, value) => sum + value, 0)),
  },
  minBetween: {
    options: figureOptions,
    naive: (rows, given) => finiteFigure(rows, given as FigureOptions, (values) => Math.min(...values)),
  },
  maxBetween: {
    options: figureOptions,
    naive: (rows, given) => finiteFigure(rows, given as FigureOptions, (values) => Math.max(...values)),
  },
  quantileBetween: {
    options: options({ column: number, nulls, ...figureBounds, probability: fc.constantFrom(0, 0.1, 0.5, 0.75, 1) }),
    naive: (rows, given) => ({
      passed: finiteFigure(rows, given, (values) => quantile(values, given.probability)).passed,
    }),
  },
  medianBetween: {
    options: figureOptions,
    naive: (rows, given) => ({ passed: finiteFigure(rows, given, (values) => quantile(values, 0.5)).passed }),
  },
  trueFractionBetween: {
    options: options({ column: fc.constant("b"), ...fractionBounds }),
    naive: (rows, given) => bounded(rows.filter((row) => row.b).length / rows.length, given),
  },
  correlationBetween: {
    options: options({
      columns: fc.constantFrom<[string, string]>(["i", "j"], ["d", "e"]),
      min: fc.constantFrom(undefined, -0.5001),
      max: fc.constantFrom(0.3001, 0.9001),
    }),
    naive: (rows, given) => {
      const pairs = rows
        .map((row) => given.columns.map((column) => cell(row, column)) as [number | null, number | null])
        .filter((pair): pair is [number, number] => pair.every((value) => value !== null && Number.isFinite(value)));
      const [x, y] = [pairs.map(([left]) => left), pairs.map(([, right]) => right)];
      const [cx, cy] = [mean(x), mean(y)];
      const covariance = pairs.reduce((sum, [left, right]) => sum + (left - cx) * (right - cy), 0);
      const spread = Math.sqrt(
        x.reduce((sum, value) => sum + (value - cx) ** 2, 0) * y.reduce((sum, value) => sum + (value - cy) ** 2, 0),
      );
      return { passed: spread > 0 && inside(covariance / spread, given) };
    },
  },
};

const conditions: Readonly<Record<string, (row: Row) => boolean | null>> = {
  b: (row) => row.b,
  "i >= 0": (row) => row.i !== null && row.i >= 0,
  "i < j": (row) => row.i !== null && row.j !== null && row.i < row.j,
  "s = 'x' OR t = 'a'": (row) => row.s === "x" || row.t === "a",
  "(i + j) > 3 -1": (row) => row.i !== null && row.j !== null && row.i + row.j > 2,
};

function present(holds: (count: number, total: number) => boolean) {
  return {
    options: options({ columns: fc.constantFrom<string[]>(["i", "j"], ["t", "s", "b"]), mostly }),
    naive: (
      rows: readonly Row[],
      given: { readonly columns: readonly string[]; readonly mostly?: number | undefined },
    ): NaiveResult =>
      eachRow(rows, given, (row) =>
        holds(given.columns.filter((column) => cell(row, column) !== null).length, given.columns.length),
      ),
  };
}
