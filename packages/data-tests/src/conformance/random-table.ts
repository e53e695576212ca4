import type { QueryEngine } from "@deepwright/engines";
import fc from "fast-check";

/** A row of the random tables. `id` counts from 0 and is never missing. */
export interface Row {
  readonly id: number;
  readonly i: number | null;
  readonly j: number | null;
  readonly d: number | null;
  readonly e: number | null;
  readonly t: string | null;
  readonly s: string | null;
  readonly b: boolean | null;
  readonly day: string | null;
  readonly at: string | null;
}

export const columnTypes = {
  id: ["INTEGER", "int4"],
  i: ["INTEGER", "int4"],
  j: ["BIGINT", "int8"],
  d: ["DOUBLE", "float8"],
  e: ["DOUBLE", "float8"],
  t: ["VARCHAR", "text"],
  s: ["VARCHAR", "text"],
  b: ["BOOLEAN", "boolean"],
  day: ["DATE", "date"],
  at: ["TIMESTAMP", "timestamp"],
} as const;

const texts = [
  ...[
    "",
    " ",
    "a",
    "A1",
    "ab",
    "aab",
    "b",
    "2026-01-02",
    "2026-02-31",
    "12",
    "-3.5",
    "1e3",
    "x@y.de",
    "ä",
    "日本語",
    "Ä b",
  ],
  ...[
    "b'; DROP TABLE x; --",
    '"',
    "true",
    " a",
    "a ",
    "a\n",
    "\uFFFD",
    "DE",
    "EUR",
    "0f",
    "\t",
    "10.0.0.1",
    "256.1.1.1",
    "$1",
    "\\",
  ],
];
export const categories = ["x", "y", "z"];
const doubles = [
  0,
  -0,
  0.5,
  1,
  1.5,
  2,
  -2.5,
  3,
  7.25,
  100,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
];

const or = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 6 });
export const days = ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-05", "2026-01-09"];
export const times = days.flatMap((day) => [`${day} 00:00:00`, `${day} 06:30:00`, `${day} 23:59:59.5`]);

const cells = fc.record({
  i: or(fc.integer({ min: -3, max: 6 })),
  j: or(fc.integer({ min: -2, max: 30 })),
  d: or(fc.constantFrom(...doubles)),
  e: or(fc.constantFrom(...doubles)),
  t: or(fc.constantFrom(...texts)),
  s: or(fc.constantFrom(...categories)),
  b: or(fc.boolean()),
  day: or(fc.constantFrom(...days)),
  at: or(fc.constantFrom(...times)),
});

/** Values that are mostly good, so that expectations pass as often as they fail. */
const goodCells = fc.record({
  i: fc.integer({ min: 0, max: 6 }),
  j: fc.integer({ min: 0, max: 1_000 }),
  d: fc.constantFrom(0.5, 1, 1.5, 2),
  e: fc.constantFrom(2, 3, 4),
  t: fc.constantFrom("a", "ab", "aab"),
  s: fc.constantFrom(...categories),
  b: fc.boolean(),
  day: fc.constantFrom(...days),
  at: fc.constantFrom(...times),
});

export const randomRows: fc.Arbitrary<Row[]> = fc
  .oneof(
    { weight: 4, arbitrary: fc.array(cells, { maxLength: 25 }) },
    { weight: 3, arbitrary: fc.array(goodCells, { maxLength: 12 }) },
    { weight: 1, arbitrary: cells.map((cell) => [cell]) },
    { weight: 1, arbitrary: fc.array(cells, { minLength: 1, maxLength: 5 }).map((rows) => rows.map(() => allNull)) },
  )
  .map((rows) => rows.map((row, id) => ({ id, ...row })));

const allNull: Omit<Row, "id"> = { i: null, j: null, d: null, e: null, t: null, s: null, b: null, day: null, at: null };

/** Makes the table and fills it with values that are bound. */
export async function writeRows(engine: QueryEngine, table: string, rows: readonly Row[]): Promise<void> {
  const names = Object.keys(columnTypes) as (keyof Row)[];
  const place = engine.capabilities.name === "postgres" ? 1 : 0;
  const quoted = engine.quoteIdentifier(table);
  const definitions = names.map((name) => `${engine.quoteIdentifier(name)} ${columnTypes[name][place]}`).join(", ");
  await engine.query(`DROP TABLE IF EXISTS ${quoted}`);
  await engine.query(`CREATE TABLE ${quoted} (${definitions})`);
  if (rows.length === 0) return;
  const parameters = rows.flatMap((row) => names.map((name) => row[name]));
  const tuples = rows.map(
    (_, row) =>
      `(${names.map((name, index) => `CAST($${row * names.length + index + 1} AS ${columnTypes[name][place]})`).join(", ")})`,
  );
  await engine.query(`INSERT INTO ${quoted} VALUES ${tuples.join(", ")}`, { parameters });
}
