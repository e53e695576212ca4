import type { DataType } from "apache-arrow";
import type { Batch, CellValue, QueryOptions } from "../../engine.js";
import { recordMaker, uniqueNames } from "../../values/records.js";
import { cellsOf } from "./cells.js";
import { resultParts, type Spark } from "./result.js";

/** Rows of a batch when the caller asks for no other number. */
const defaultBatchSize = 2048;

export interface StreamOptions extends QueryOptions {
  readonly batchSize?: number;
  /** Told the columns before the first batch. */
  readonly onColumns?: (names: readonly string[], types: readonly DataType[], nullable: readonly boolean[]) => void;
}

/** Batches of exactly `batchSize` rows, the last one smaller; not more than a few messages of the server are held. */
export async function* streamBatches(
  spark: Spark,
  sql: string,
  options: StreamOptions = {},
): AsyncGenerator<Batch, void, undefined> {
  const batchSize = Math.max(1, Math.floor(options.batchSize ?? defaultBatchSize));
  let names: readonly string[] | undefined;
  let makeColumns: ReturnType<typeof recordMaker<readonly CellValue[]>> | undefined;
  let columns: CellValue[][] = [];
  let rowCount = 0;
  for await (const { schema, batches } of resultParts(spark, sql, options)) {
    if (names === undefined || makeColumns === undefined) {
      const { fields } = schema;
      names = uniqueNames(fields.map((field) => field.name));
      makeColumns = recordMaker<readonly CellValue[]>(names);
      columns = names.map(() => []);
      options.onColumns?.(
        names,
        fields.map((field) => field.type),
        fields.map((field) => field.nullable),
      );
    }
    for (const batch of batches) {
      const added = batch.data.children.map(cellsOf);
      for (let start = 0; start < batch.numRows; ) {
        const end = Math.min(batch.numRows, start + batchSize - rowCount);
        added.forEach((cells, index) => {
          const column = columns[index] as CellValue[];
          for (let row = start; row < end; row++) column.push(cells[row] as CellValue);
        });
        rowCount += end - start;
        start = end;
        if (rowCount === batchSize) {
          yield { rowCount, columns: makeColumns(columns) };
          columns = names.map(() => []);
          rowCount = 0;
        }
      }
    }
  }
  if (rowCount > 0 && makeColumns !== undefined) yield { rowCount, columns: makeColumns(columns) };
}
