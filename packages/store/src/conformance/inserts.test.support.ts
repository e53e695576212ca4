import { expect, it } from "vitest";
import { insertStatements } from "../sql/insert-statement.js";
import type { Store } from "../store.js";

/** `insertStatements` says that one statement holds this many rows. */
const chunk = 32_768;
const column = (length: number) => ({ id: { type: "int4", values: Int32Array.from({ length }, (_, index) => index) } });

/** Columns of any length are inserted whole. */
export function columnsAreInserted(store: () => Store): void {
  it.each([0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk + 1])("%i rows", async (length) => {
    await store().query("create table if not exists counted (id int primary key)");
    expect(insertStatements("counted", column(length))).toHaveLength(Math.ceil(length / chunk));
    expect(await store().insertColumns("counted", column(length))).toBe(length);
    expect(await store().query("select count(*) as count, sum(id)::float8 as sum from counted")).toEqual([
      { count: length, sum: length === 0 ? null : (length * (length - 1)) / 2 },
    ]);
    // All chunks or none: the last row is there already.
    if (length > 0) {
      await store().query("delete from counted where id <> $1", [length - 1]);
      await expect(store().insertColumns("counted", column(length))).rejects.toMatchObject({
        code: "UNIQUE_VIOLATION",
      });
      const options = { onConflict: "(id) do nothing" };
      expect(await store().insertColumns("counted", column(length), options)).toBe(length - 1);
    }
    await store().query("truncate counted");
  });

  it("names with quotes, capitals, spaces and dots' schemas", async () => {
    await store()
      .query('create schema "Odd ""s"; ')
      .catch(() => undefined);
    await store().query('create table "Odd ""s"."the; table" ("a ""b" int, "ü" text)');
    await store().insertColumns('Odd "s.the; table', {
      'a "b': { type: " Integer ", values: [1] },
      ü: { type: "TEXT", values: ["'); drop table x; --"] },
    });
    expect(await store().query('select * from "Odd ""s"."the; table"')).toEqual([
      { 'a "b': 1, ü: "'); drop table x; --" },
    ]);
  });

  it("refuses columns that are none", async () => {
    const wrong = [
      {},
      { a: { type: "int4", values: [1] }, b: { type: "int4", values: [] } },
      { a: { type: "int4) ; drop table x", values: [1] } },
      { a: { type: "", values: [1] } },
    ];
    for (const columns of wrong) {
      await expect(store().insertColumns("counted", columns)).rejects.toMatchObject({ code: "INVALID_COLUMN" });
    }
  });
}
