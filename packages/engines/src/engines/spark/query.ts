import type { CellValue, QueryOptions } from "../../engine.js";
import { recordMaker } from "../../values/records.js";
import type { Spark } from "./result.js";
import { streamBatches } from "./stream.js";

/** Rows that are turned into records at a time. */
const batchSize = 16_384;

/** All rows of a statement. */
export async function queryRows(
  spark: Spark,
  sql: string,
  options: QueryOptions = {},
): Promise<Record<string, CellValue>[]> {
  const rows: Record<string, CellValue>[] = [];
  let names: readonly string[] = [];
  const stream = streamBatches(spark, sql, {
    ...options,
    batchSize,
    onColumns: (columnNames) => {
      names = columnNames;
    },
  });
  let makeRow: ReturnType<typeof recordMaker<CellValue>> | undefined;
  for await (const { rowCount, columns } of stream) {
    makeRow ??= recordMaker<CellValue>(names);
    const cells = names.map((name) => columns[name] as readonly CellValue[]);
    for (let row = 0; row < rowCount; row++) rows.push(makeRow(cells.map((column) => column[row] as CellValue)));
  }
  return rows;
}
