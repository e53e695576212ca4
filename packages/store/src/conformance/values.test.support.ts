import fc from "fast-check";
import { expect, it } from "vitest";
import type { InsertColumn, SqlValue, Store } from "../store.js";

/** UTF-8 has no halves of surrogate pairs. */
const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);
/** Text that Postgres can hold. */
const words = fc.string({ unit: "binary" }).filter((text) => !text.includes("\0") && isWellFormed(text));
const bytes = fc.uint8Array({ maxLength: 40 });
const instant = fc.date({ min: new Date("-004000-01-01T00:00:00Z"), max: new Date(8.64e15), noInvalidDate: true });
/** PostgreSQL documentation, table 8.9: the last year that a timestamp holds is 294276. */
const heldInstant = instant.filter((date) => date.getUTCFullYear() < 294_276);
const int8 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const asSafe = (value: bigint): number | bigint => (Number.isSafeInteger(Number(value)) ? Number(value) : value);
const identity = (value: unknown): unknown => value;
const plainBytes = (value: unknown): unknown => (value instanceof Uint8Array ? [...value] : value);

interface Kind {
  readonly type: string;
  readonly values: fc.Arbitrary<SqlValue>;
  /** What comes back for a value that went in. */
  readonly back: (value: SqlValue) => unknown;
  /** Makes what came comparable. */
  readonly read: (value: unknown) => unknown;
}
const kind = <Value extends SqlValue>(
  type: string,
  values: fc.Arbitrary<Value>,
  back: (value: Value) => unknown = identity,
  read: Kind["read"] = identity,
): Kind => ({ type, values, back: back as Kind["back"], read });

const kinds: readonly Kind[] = [
  kind("text", words),
  kind("varchar", words),
  kind("float8", fc.double()),
  // Postgres writes the shortest decimal that is this float4; the nearest double of that is another one.
  kind("float4", fc.float(), identity, (value) => (typeof value === "number" ? Math.fround(value) : value)),
  kind("int2", fc.integer({ min: -32_768, max: 32_767 })),
  kind("int4", fc.integer()),
  kind("int8", int8, asSafe),
  kind("boolean", fc.boolean()),
  kind("bytea", bytes, (value) => [...value], plainBytes),
  kind("timestamptz", heldInstant),
  kind("timestamp", heldInstant),
  kind("uuid", fc.uuid()),
  kind(
    "jsonb",
    fc
      .jsonValue()
      .filter(isStorableJson)
      .map((value) => JSON.stringify(value)),
    JSON.parse,
  ),
  kind(
    "json",
    fc
      .jsonValue()
      .filter(isStorableJson)
      .map((value) => JSON.stringify(value)),
    JSON.parse,
  ),
];

/** jsonb keeps numbers as decimals, without a negative zero; text in it obeys the rules of text. */
function isStorableJson(value: unknown): boolean {
  const text = JSON.stringify(value);
  return !text.includes("\\u0000") && !text.includes("\\ud") && isWellFormed(text) && !/-0(?![.\d])/.test(text);
}

/** Values of every type go in and come back as they were. */
export function valuesComeBack(store: () => Store): void {
  it.each(kinds)("parameters, arrays and inserted columns of type $type", async ({ type, values, back, read }) => {
    const table = `kept_${type}`;
    await store().query(`create table ${table} (position int primary key, value ${type}, list ${type}[])`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(values), { maxLength: 12 }), async (list) => {
        const expected = list.map((value) => (value === null ? null : back(value)));
        const [row] = await store().query<{ one: unknown; many: unknown[] }>(
          `select $1::${type} as one, $2::${type}[] as many`,
          [list[0] ?? null, list],
        );
        expect(read(row?.one)).toEqual(expected[0] ?? null);
        expect(row?.many.map(read)).toEqual(expected);
        const inserted = await store().insertColumns(table, {
          position: { type: "int4", values: list.map((_, index) => index) },
          value: { type, values: list },
          list: { type: `${type}[]`, values: list.map((value) => [value]) },
        });
        expect(inserted).toBe(list.length);
        const rows = await store().query<{ value: unknown; list: unknown[] }>(
          `delete from ${table} where position >= 0 returning position, value, list`,
        );
        expect(rows.map((each) => read(each.value))).toEqual(expected);
        expect(rows.map((each) => each.list.map(read))).toEqual(expected.map((value) => [value]));
      }),
      { numRuns: 25 },
    );
  });

  it("what no number or date of JavaScript holds, comes as Postgres means it", async () => {
    const [row] = await store().query(`select 'NaN'::float8 as nan, '-Infinity'::float8 as low, '-0'::float8 as zero,
      'infinity'::timestamptz as never, '-infinity'::date as always, 9007199254740993::int8 as large,
      '0044-03-15 BC'::date as ides, '{{1,2},{3,NULL}}'::int4[] as grid, '[0:1]={1,2}'::int4[] as bounded, null as nothing`);
    expect(row).toEqual({
      nan: Number.NaN,
      low: -Infinity,
      zero: -0,
      never: Infinity,
      always: -Infinity,
      large: 9_007_199_254_740_993n,
      ides: new Date("-000043-03-15T00:00:00Z"),
      grid: [
        [1, 2],
        [3, null],
      ],
      bounded: [1, 2],
      nothing: null,
    });
  });

  it("false, 0 and empty text are values and not null", async () => {
    const rows = await store().query("select $1::boolean as a, $2::int as b, $3::text as c, $4::text[] as d", [
      false,
      0,
      "",
      ["", "NULL", "null"],
    ]);
    expect(rows).toEqual([{ a: false, b: 0, c: "", d: ["", "NULL", "null"] }]);
  });

  it("text with NUL is refused wherever it stands, before the database sees it", async () => {
    const refused = { code: "TEXT_WITH_NUL" };
    const column = (type: string, value: SqlValue): Record<string, InsertColumn> => ({ a: { type, values: [value] } });
    await expect(store().query("select $1::text", ["a\0"])).rejects.toMatchObject(refused);
    await expect(store().query("select $1::text[]", [["a", "\0"]])).rejects.toMatchObject(refused);
    await expect(store().query("select '\0'")).rejects.toMatchObject(refused);
    await expect(store().batch([{ text: "select $1::text", parameters: ["\0"] }])).rejects.toMatchObject(refused);
    for (const type of ["text", "jsonb", "uuid", "date"]) {
      await expect(store().insertColumns("nowhere", column(type, "\0"))).rejects.toMatchObject(refused);
    }
    await expect(store().insertColumns("nowhere", column("text[]", ["\0"]))).rejects.toMatchObject(refused);
    await expect(store().insertColumns("a\0", column("text", "a"))).rejects.toMatchObject(refused);
  });

  it("what is no value is refused, naming what came", async () => {
    const wrong: readonly unknown[] = [undefined, {}, Symbol("a"), new Date(Number.NaN), [undefined], () => 1];
    for (const value of wrong) {
      await expect(store().query("select $1::text", [value as SqlValue])).rejects.toMatchObject({
        code: "INVALID_PARAMETER",
      });
    }
  });
}
