import type { QueryEngine } from "@deepwright/engines";
import fc from "fast-check";
import { expect } from "vitest";
import { type Row, randomRows } from "../conformance/random-table.js";
import type { ColumnTypes, WriteTable } from "../conformance/write-table.test.support.js";
import { diffTables } from "./diff-tables.js";

export const rowTypes: ColumnTypes = {
  id: "INTEGER",
  i: "INTEGER",
  j: "BIGINT",
  d: "DOUBLE PRECISION",
  e: "DOUBLE PRECISION",
  t: "VARCHAR",
  s: "VARCHAR",
  b: "BOOLEAN",
  day: "DATE",
  at: "TIMESTAMP",
};
const names = Object.keys(rowTypes) as (keyof Row)[];
type Loose = { -readonly [Name in keyof Row]: Row[Name] | null };

/** Two versions of a table: rows dropped, repeated, shuffled, with cells changed and keys lost. */
const twoVersions: fc.Arbitrary<readonly [Loose[], Loose[]]> = fc
  .tuple(randomRows, randomRows, fc.infiniteStream(fc.nat(99)))
  .map(([rows, others, dice]) => {
    const roll = (): number => dice.next().value ?? 0;
    const before: Loose[] = rows.map((row) => ({ ...row }));
    const after: Loose[] = [];
    for (const row of before) {
      const chance = roll();
      if (chance < 10) continue;
      const copy = { ...row };
      const other = others[roll() % Math.max(1, others.length)];
      if (chance < 45 && other !== undefined) {
        const name = names[1 + (roll() % (names.length - 1))] as keyof Row;
        Object.assign(copy, { [name]: other[name] });
      }
      if (chance > 95) after.push({ ...copy });
      after.push(copy);
    }
    if (roll() < 30) after.push(...others.slice(0, 3).map((row) => ({ ...row, id: row.id + 100 })));
    if (roll() < 20 && after[0] !== undefined) after[0] = { ...after[0], id: null as unknown as number };
    if (roll() < 20 && before[1] !== undefined) before.push({ ...before[1] });
    if (roll() < 50) after.reverse();
    return [before, after];
  });

const text = (cell: unknown): string => (typeof cell === "number" ? `n${cell === 0 ? 0 : cell}` : JSON.stringify(cell));

/** The definition of the comparison, row by row. */
function naiveDiff(
  before: readonly Loose[],
  after: readonly Loose[],
  key: readonly (keyof Row)[] | null,
  tolerance: number,
) {
  const changed: Record<string, number> = {};
  let [changedRows, added, removed] = [0, 0, 0];
  const keyOf = (row: Loose): string => (key ?? []).map((name) => text(row[name])).join("|");
  const times = (rows: readonly Loose[], row: Loose): number =>
    rows.filter((each) => keyOf(each) === keyOf(row)).length;
  const named = (row: Loose): boolean =>
    key?.every((name) => row[name] !== null) === true && times(before, row) <= 1 && times(after, row) <= 1;
  for (const row of before.filter(named)) {
    const partner = after.find((each) => keyOf(each) === keyOf(row));
    if (partner === undefined) {
      removed += 1;
      continue;
    }
    const differing = names.filter((name) => {
      const [b, a] = [row[name], partner[name]];
      if (text(b) === text(a)) return false;
      const near = name === "d" && typeof b === "number" && typeof a === "number" && Math.abs(a - b) <= tolerance;
      return !(near && Number.isFinite(b) && Number.isFinite(a));
    });
    for (const name of differing) changed[name] = (changed[name] ?? 0) + 1;
    if (differing.length > 0) changedRows += 1;
  }
  added += after.filter((row) => named(row) && !before.some((each) => keyOf(each) === keyOf(row))).length;
  const surplus = new Map<string, number>();
  const whole = (row: Loose): string => names.map((name) => text(row[name])).join("|");
  const unnamed = { before: before.filter((row) => !named(row)), after: after.filter((row) => !named(row)) };
  for (const row of unnamed.before) surplus.set(whole(row), (surplus.get(whole(row)) ?? 0) - 1);
  for (const row of unnamed.after) surplus.set(whole(row), (surplus.get(whole(row)) ?? 0) + 1);
  for (const difference of surplus.values()) {
    added += Math.max(0, difference);
    removed += Math.max(0, -difference);
  }
  return {
    changed,
    changedRows,
    added,
    removed,
    ambiguous: key === null ? [0, 0] : [unnamed.before.length, unnamed.after.length],
  };
}

export interface TwoSides {
  readonly before: { readonly engine: QueryEngine; readonly write: WriteTable };
  readonly after: { readonly engine: QueryEngine; readonly write: WriteTable };
}

/** Random pairs of tables give the figures of the definition. */
export async function checkDiffs({ before, after }: TwoSides, numRuns: number): Promise<void> {
  const keys = fc.constantFrom<(keyof Row)[] | null>(["id"], ["id"], ["id", "s"], ["s"], ["d"], null);
  const property = fc.asyncProperty(
    twoVersions,
    keys,
    fc.constantFrom(0, 0.75),
    async ([older, newer], key, tolerance) => {
      const left = await before.write("before rows", rowTypes, older);
      const right = await after.write("after rows", rowTypes, newer);
      const used = key === null || key.includes("d") ? 0 : tolerance;
      const diff = await diffTables(before.engine, left, right, {
        ...(key !== null && { key }),
        ...(used > 0 && { tolerances: { d: { absolute: used } } }),
        ...(before.engine !== after.engine && { afterEngine: after.engine }),
        rowsAtOnce: 7,
        sampleSize: 3,
      });
      const wanted = naiveDiff(older, newer, key, used);
      expect({
        changed: Object.fromEntries(diff.changedColumns.map(({ column, changedCells }) => [column, changedCells])),
        changedRows: diff.changedRows,
        added: diff.addedRows,
        removed: diff.removedRows,
        rows: [diff.rowCountBefore, diff.rowCountAfter],
      }).toEqual({
        changed: wanted.changed,
        changedRows: wanted.changedRows,
        added: wanted.added,
        removed: wanted.removed,
        rows: [older.length, newer.length],
      });
      const same = wanted.added + wanted.removed + wanted.changedRows === 0;
      expect(diff.verdict === "other-rows").toBe(!same);
      // Across engines only the rows of buckets that differ are looked at.
      if (before.engine === after.engine && !same) {
        expect([diff.ambiguousRowsBefore, diff.ambiguousRowsAfter]).toEqual(wanted.ambiguous);
      }
      expect(diff.addedSample.length > 0).toBe(wanted.added > 0);
      expect(diff.removedSample.length > 0).toBe(wanted.removed > 0);
      for (const { column, changedCells, sample } of diff.changedColumns) {
        expect(sample.length).toBe(Math.min(3, changedCells));
        for (const change of sample) {
          const [from, to] = [older, newer].map((rows) =>
            rows.find((row) => (key ?? []).every((name) => text(row[name]) === text(cell(change.key[name])))),
          );
          expect([text(cell(change.before)), text(cell(change.after))]).toEqual([
            text(from?.[column as keyof Row]),
            text(to?.[column as keyof Row]),
          ]);
        }
      }
    },
  );
  await fc.assert(property, { numRuns, seed: 20261124, endOnFailure: true });
}

/** Timestamps as the random tables write them. */
function cell(value: unknown): unknown {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\dT/.test(value)) return value;
  return value
    .replace("T", " ")
    .replace(/(\.\d*?)0*Z$/, "$1")
    .replace(/\.$/, "");
}
