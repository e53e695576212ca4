import type { CellValue } from "@deepwright/engines";
import type { DiffTask, RowFigures } from "./diff-tables.js";
import type { CellChange, DiffRow } from "./table-diff.js";
import { cellsDiffer, cellText } from "./tolerance.js";

type Row = readonly CellValue[];

/** Sums over the chunks of buckets that were compared. */
export interface Tally {
  readonly task: DiffTask;
  readonly keyPlaces: readonly number[] | null;
  matched: number;
  added: number;
  removed: number;
  changed: number;
  ambiguousBefore: number;
  ambiguousAfter: number;
  fetched: number;
  readonly cells: number[];
  readonly cellSamples: CellChange[][];
  readonly addedSample: Row[];
  readonly removedSample: Row[];
}

export function emptyTally(task: DiffTask): Tally {
  const { common } = task.matched;
  return {
    task,
    keyPlaces: task.key === null ? null : task.key.map((column) => common.indexOf(column)),
    matched: 0,
    added: 0,
    removed: 0,
    changed: 0,
    ambiguousBefore: 0,
    ambiguousAfter: 0,
    fetched: 0,
    cells: common.map(() => 0),
    cellSamples: common.map(() => []),
    addedSample: [],
    removedSample: [],
  };
}

/** All rows of some keys, of both sides. */
export function compareInMemory(tally: Tally, before: readonly Row[], after: readonly Row[]): void {
  tally.fetched += before.length + after.length;
  if (tally.keyPlaces === null) {
    compareMultisets(tally, before, after);
    return;
  }
  const [left, right] = [byKey(tally, before), byKey(tally, after)];
  const unnamed: [Row[], Row[]] = [[...left.incomplete], [...right.incomplete]];
  for (const key of new Set([...left.keyed.keys(), ...right.keyed.keys()])) {
    const [b = [], a = []] = [left.keyed.get(key), right.keyed.get(key)];
    if (b.length > 1 || a.length > 1) {
      unnamed[0].push(...b);
      unnamed[1].push(...a);
    } else if (b.length === 0) count(tally, "added", a[0] as Row, 1);
    else if (a.length === 0) count(tally, "removed", b[0] as Row, 1);
    else comparePair(tally, b[0] as Row, a[0] as Row);
  }
  tally.ambiguousBefore += unnamed[0].length;
  tally.ambiguousAfter += unnamed[1].length;
  compareMultisets(tally, ...unnamed);
}

function byKey({ task, keyPlaces }: Tally, rows: readonly Row[]) {
  const places = keyPlaces ?? [];
  const families = task.matched.common.map(({ family }) => family);
  const keyed = new Map<string, Row[]>();
  const incomplete: Row[] = [];
  for (const row of rows) {
    if (places.some((place) => row[place] === null)) {
      incomplete.push(row);
      continue;
    }
    const key = JSON.stringify(places.map((place) => cellText(row[place] as CellValue, families[place] ?? "other")));
    const group = keyed.get(key);
    if (group === undefined) keyed.set(key, [row]);
    else group.push(row);
  }
  return { keyed, incomplete };
}

function comparePair(tally: Tally, before: Row, after: Row): void {
  const { task, keyPlaces } = tally;
  tally.matched += 1;
  let changed = false;
  task.matched.common.forEach(({ name, family }, place) => {
    if (keyPlaces?.includes(place)) return;
    const [b = null, a = null] = [before[place], after[place]];
    if (!cellsDiffer(b, a, task.tolerances[name], family)) return;
    changed = true;
    tally.cells[place] = (tally.cells[place] ?? 0) + 1;
    const sample = tally.cellSamples[place] as CellChange[];
    if (sample.length >= task.sampleSize) return;
    const key = Object.fromEntries(
      (task.key ?? []).map((column, index) => [column.name, before[keyPlaces?.[index] ?? 0] ?? null]),
    );
    sample.push({ key, before: b, after: a });
  });
  if (changed) tally.changed += 1;
}

function compareMultisets(tally: Tally, before: readonly Row[], after: readonly Row[]): void {
  const families = tally.task.matched.common.map(({ family }) => family);
  const surplus = new Map<string, { row: Row; count: number }>();
  const add = (rows: readonly Row[], sign: number): void => {
    for (const row of rows) {
      const key = JSON.stringify(row.map((cell, place) => cellText(cell, families[place] ?? "other")));
      const entry = surplus.get(key);
      if (entry === undefined) surplus.set(key, { row, count: sign });
      else entry.count += sign;
    }
  };
  add(before, -1);
  add(after, 1);
  for (const { row, count: difference } of surplus.values()) {
    if (difference !== 0) count(tally, difference > 0 ? "added" : "removed", row, Math.abs(difference));
  }
}

function count(tally: Tally, what: "added" | "removed", row: Row, rows: number): void {
  tally[what] += rows;
  const sample = tally[`${what}Sample`];
  if (sample.length < tally.task.sampleSize) sample.push(row);
}

export function rowFigures(tally: Tally): RowFigures {
  const { common } = tally.task.matched;
  const named = (row: Row): DiffRow => Object.fromEntries(common.map(({ name }, place) => [name, row[place] ?? null]));
  return {
    matchedRows: tally.matched,
    addedRows: tally.added,
    removedRows: tally.removed,
    changedRows: tally.changed,
    ambiguousRowsBefore: tally.ambiguousBefore,
    ambiguousRowsAfter: tally.ambiguousAfter,
    changedColumns: common
      .map(({ name }, place) => ({
        column: name,
        changedCells: tally.cells[place] ?? 0,
        sample: tally.cellSamples[place] ?? [],
      }))
      .filter(({ changedCells }) => changedCells > 0)
      .sort((left, right) => right.changedCells - left.changedCells),
    addedSample: tally.addedSample.map(named),
    removedSample: tally.removedSample.map(named),
    fetchedRows: tally.fetched,
  };
}
