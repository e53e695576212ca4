import type { CellValue, QueryEngine } from "@deepwright/engines";
import { expect } from "vitest";
import type { ColumnTypes, TableRow, WriteTable } from "../conformance/write-table.test.support.js";
import type { SkewKind } from "./skew-hypothesis.js";
import { trainServeSkew } from "./train-serve-skew.js";

const types: ColumnTypes = {
  id: "INTEGER",
  distance: "DOUBLE PRECISION",
  score: "DOUBLE PRECISION",
  color: "VARCHAR",
  seen: "TIMESTAMP",
  fine: "DOUBLE PRECISION",
};
const colors = ["Red", "Green", "Blue "];

/** Digits that look random and are the same everywhere. */
const random = (row: number, salt: number): number => {
  const value = Math.sin(row * 12.9898 + salt * 78.233) * 43758.5453;
  return value - Math.floor(value);
};
const stamp = (seconds: number): string => new Date(seconds * 1000).toISOString().replace("T", " ").replace("Z", "");
const start = Date.UTC(2026, 2, 1) / 1000;

const trainingRows = (count: number): TableRow[] =>
  Array.from({ length: count }, (_, id) => ({
    id,
    distance: Math.round(random(id, 1) * 1e6) / 1000,
    score: id % 7 === 0 ? null : random(id, 2) * 100 - 50,
    color: colors[Math.floor(random(id, 3) * 3)] as string,
    seen: stamp(start + id * 5400 + Math.floor(random(id, 4) * 60)),
    fine: random(id, 5),
  }));

export interface PlantedSkew {
  readonly name: string;
  readonly feature: string;
  readonly kind: SkewKind;
  readonly words: RegExp;
  serve(row: TableRow, place: number, rows: readonly TableRow[]): CellValue;
}

const time = (row: TableRow): number => Date.parse(`${String(row.seen).replace(" ", "T")}Z`) / 1000;
const number = (cell: CellValue | undefined): number => Number(cell);
const ifPresent = (cell: CellValue | undefined, then: (value: number) => CellValue): CellValue =>
  cell === null || cell === undefined ? null : then(Number(cell));

export const plantedSkews: readonly PlantedSkew[] = [
  {
    name: "kilometers as meters",
    feature: "distance",
    kind: "unit-factor",
    words: /multiplied by 1000/,
    serve: (row) => number(row.distance) * 1000,
  },
  {
    name: "miles as kilometers",
    feature: "distance",
    kind: "unit-factor",
    words: /miles/,
    serve: (row) => number(row.distance) * 1.609344,
  },
  {
    name: "percent as a fraction",
    feature: "score",
    kind: "unit-factor",
    words: /divided by 100/,
    serve: (row) => ifPresent(row.score, (score) => score / 100),
  },
  {
    name: "a factor of no unit",
    feature: "distance",
    kind: "unit-factor",
    words: /multiplied by 1\.07/,
    serve: (row) => number(row.distance) * 1.07,
  },
  {
    name: "the other sign",
    feature: "score",
    kind: "sign",
    words: /other sign/,
    serve: (row) => ifPresent(row.score, (score) => -score),
  },
  {
    name: "kelvins",
    feature: "score",
    kind: "offset",
    words: /273\.15 more.*kelvins/,
    serve: (row) => ifPresent(row.score, (score) => score + 273.15),
  },
  {
    name: "Fahrenheit",
    feature: "score",
    kind: "linear",
    words: /Fahrenheit/,
    serve: (row) => ifPresent(row.score, (score) => score * 1.8 + 32),
  },
  {
    name: "another standardization",
    feature: "distance",
    kind: "linear",
    words: /times the value/,
    serve: (row) => (number(row.distance) - 500) / 288,
  },
  {
    name: "one decimal",
    feature: "score",
    kind: "rounding",
    words: /rounded to 1 decimal/,
    serve: (row) => ifPresent(row.score, (score) => Math.round(score * 10) / 10),
  },
  {
    name: "whole numbers by cutting off",
    feature: "score",
    kind: "rounding",
    words: /cut off to whole/,
    serve: (row) => ifPresent(row.score, Math.trunc),
  },
  {
    name: "32-bit floats",
    feature: "score",
    kind: "rounding",
    words: /32-bit/,
    serve: (row) => ifPresent(row.score, Math.fround),
  },
  {
    name: "a default for missing values",
    feature: "score",
    kind: "missing-default",
    words: /-1 when serving/,
    serve: (row) => row.score ?? -1,
  },
  {
    name: "values that serving lacks",
    feature: "distance",
    kind: "missing-value",
    words: /missing/,
    serve: (row, place) => (place % 5 === 0 ? null : (row.distance ?? null)),
  },
  {
    name: "a bound that training did not have",
    feature: "distance",
    kind: "clipping",
    words: /at most 600/,
    serve: (row) => Math.min(600, number(row.distance)),
  },
  {
    name: "the value of the row before",
    feature: "distance",
    kind: "row-shift",
    words: /1 row earlier/,
    serve: (_, place, rows) => rows[place - 1]?.distance ?? null,
  },
  {
    name: "the value two rows later",
    feature: "color",
    kind: "row-shift",
    words: /2 rows later/,
    serve: (_, place, rows) => rows[place + 2]?.color ?? null,
  },
  {
    name: "categories numbered anew",
    feature: "color",
    kind: "category-encoding",
    words: /coded otherwise/,
    serve: (row) => String(colors.indexOf(String(row.color))),
  },
  {
    name: "two categories exchanged",
    feature: "color",
    kind: "category-encoding",
    words: /coded otherwise/,
    serve: (row) => (row.color === "Red" ? "Green" : row.color === "Green" ? "Red" : (row.color ?? null)),
  },
  {
    name: "lower case",
    feature: "color",
    kind: "text-normalization",
    words: /lower case/,
    serve: (row) => String(row.color).toLowerCase(),
  },
  {
    name: "trimmed texts",
    feature: "color",
    kind: "text-normalization",
    words: /trimmed/,
    serve: (row) => String(row.color).trim(),
  },
  {
    name: "local time",
    feature: "seen",
    kind: "time-zone",
    words: /5\.5 h later/,
    serve: (row) => stamp(time(row) + 19_800),
  },
  {
    name: "local time with daylight saving",
    feature: "seen",
    kind: "time-zone",
    words: /daylight/,
    serve: (row, place) => stamp(time(row) + (place > 150 ? 7200 : 3600)),
  },
  {
    name: "times a bit late",
    feature: "seen",
    kind: "time-offset",
    words: /17 s later/,
    serve: (row) => stamp(time(row) + 17),
  },
  {
    name: "times cut off",
    feature: "seen",
    kind: "time-truncation",
    words: /to the day/,
    serve: (row) => stamp(Math.floor(time(row) / 86_400) * 86_400),
  },
];

/** Plants one error in one feature; it must be the only one named, with its kind, and nothing may be said of a faithful copy. */
export async function checkSkews(
  engine: QueryEngine,
  write: WriteTable,
  planted: readonly PlantedSkew[],
  more: { readonly servingEngine?: QueryEngine; readonly writeServing?: WriteTable } = {},
): Promise<void> {
  const rows = trainingRows(320);
  const { writeServing = write, servingEngine } = more;
  const training = await write("training rows", types, rows);
  const options = { key: ["id"], ...(servingEngine && { servingEngine }) };
  const copy = await writeServing("served rows", types, [...rows].reverse());
  expect((await trainServeSkew(engine, training, copy, options)).features).toEqual([]);
  const wrong: unknown[] = [];
  for (const { name, feature, kind, words, serve } of planted) {
    const served = rows.map((row, place) => ({ ...row, [feature]: serve(row, place, rows) }));
    const serving = await writeServing("served rows", types, served);
    const report = await trainServeSkew(engine, training, serving, options);
    const differing = rows.filter((row, place) => !Object.is(row[feature], served[place]?.[feature])).length;
    const [found] = report.features;
    const [guess] = found?.guesses ?? [];
    const isRight =
      report.features.length === 1 &&
      found?.feature === feature &&
      guess?.kind === kind &&
      guess.explains > 0.95 &&
      words.test(guess.words) &&
      found.differingCells === differing &&
      found.rate === differing / rows.length;
    if (!isRight) wrong.push({ name, found, differing });
  }
  expect(wrong).toEqual([]);
}
