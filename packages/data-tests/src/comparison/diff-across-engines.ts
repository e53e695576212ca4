import type { CellValue, DataFingerprint, DataSource } from "@deepwright/engines";
import { boundText, join, sql, text, toStatement } from "../sql/fragment.js";
import type { OpenTable } from "../sql/open-table.js";
import { bucketOf } from "./buckets.js";
import type { CommonColumn } from "./columns.js";
import { compareInMemory, emptyTally, rowFigures } from "./compare-in-memory.js";
import type { DiffTask, RowFigures } from "./diff-tables.js";

export interface AcrossOptions {
  readonly before: DataSource;
  readonly after: DataSource;
  readonly rowsAtOnce: number;
  readonly rowCount: number;
}

type Side = "before" | "after";

/** A name that no column has. */
function bucketColumn({ matched }: DiffTask): string {
  let name = "deepwright_bucket";
  while (matched.common.some((column) => column.name === name)) name += "_";
  return name;
}

/** So many rows in a bucket on average: a changed row costs the fetching of them. */
const rowsInBucket = 64;

/**
 * Each engine fingerprints its rows by bucket of the key (of all columns without one), in one scan; rows of the buckets whose fingerprints
 * differ are fetched, so many buckets at a time as `rowsAtOnce` allows, and compared here.
 */
export async function diffAcrossEngines(task: DiffTask, options: AcrossOptions): Promise<RowFigures> {
  const digits = Math.min(4, Math.max(1, Math.ceil(Math.log2(Math.max(1, options.rowCount / rowsInBucket)) / 4)));
  const by = task.key ?? task.matched.common;
  const prints = {
    before: await bucketPrints(task, "before", options.before, by, digits),
    after: await bucketPrints(task, "after", options.after, by, digits),
  };
  // Their fingerprints differ though their texts may not.
  const retyped = task.matched.common.some(
    ({ before, after, family }) => family === "text" && before.family !== after.family,
  );
  const tally = emptyTally(task);
  const buckets = [...new Set([...Object.keys(prints.before.partitions), ...Object.keys(prints.after.partitions)])]
    .sort()
    .flatMap((bucket) => {
      const [b, a] = [prints.before.partitions[bucket], prints.after.partitions[bucket]];
      const same = !retyped && b?.rows === a?.rows && b?.rowCount === a?.rowCount;
      if (same && task.key !== null) tally.matched += b?.rowCount ?? 0;
      return same ? [] : [{ bucket, rowCount: Math.max(b?.rowCount ?? 0, a?.rowCount ?? 0) }];
    });
  let chunk: string[] = [];
  let expected = 0;
  const settle = async (): Promise<void> => {
    if (chunk.length === 0) return;
    const [before, after] = [
      await fetchRows(task, "before", by, digits, chunk),
      await fetchRows(task, "after", by, digits, chunk),
    ];
    compareInMemory(tally, before, after);
    chunk = [];
    expected = 0;
  };
  for (const { bucket, rowCount } of buckets) {
    if (expected > 0 && expected + rowCount > options.rowsAtOnce) await settle();
    chunk.push(bucket);
    expected += rowCount;
  }
  await settle();
  return rowFigures(tally);
}

function bucketPrints(
  task: DiffTask,
  side: Side,
  source: DataSource,
  by: readonly CommonColumn[],
  digits: number,
): Promise<DataFingerprint> {
  const table = task[side];
  const names = task.matched.common.map((column) => column[side].sql);
  const bucket = bucketOf(by, side, table.dialect, digits);
  const query = sql`SELECT ${join(names, ", ")}, ${bucket} AS ${text(bucketColumn(task))} FROM ${text(table.engine.fromClause(source))}`;
  const { sql: written, parameters } = toStatement(query, table.dialect.cast);
  task.questions.count += 1;
  const { signal } = task.questions;
  return table.engine.fingerprint(
    { kind: "query", sql: written },
    { partitionBy: bucketColumn(task), order: false, parameters, ...(signal && { signal }) },
  );
}

async function fetchRows(
  task: DiffTask,
  side: Side,
  by: readonly CommonColumn[],
  digits: number,
  buckets: readonly string[],
): Promise<CellValue[][]> {
  const table: OpenTable = task[side];
  const { common } = task.matched;
  const list = common.map((column, index) => sql`${column[side].sql} AS ${text(`v${index}`)}`);
  const inside = table.dialect.inList(bucketOf(by, side, table.dialect, digits), buckets.map(boundText));
  // Almost every bucket differs: fetch all rather than send a list of thousands of values.
  const everything = buckets.length > 0.9 * 16 ** digits && digits > 2;
  const where = everything ? sql`` : sql` WHERE ${inside}`;
  const { sql: written, parameters } = toStatement(
    sql`SELECT ${join(list, ", ")} FROM ${table.rows(side)}${where}`,
    table.dialect.cast,
  );
  const rows: CellValue[][] = [];
  task.questions.count += 1;
  const { signal } = task.questions;
  for await (const batch of table.engine.stream(written, { parameters, ...(signal && { signal }) })) {
    const columns = common.map((_, index) => batch.columns[`v${index}`] ?? []);
    for (let row = 0; row < batch.rowCount; row++) rows.push(columns.map((column) => column[row] ?? null));
  }
  return rows;
}
