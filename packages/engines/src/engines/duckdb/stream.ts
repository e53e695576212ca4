import type { DuckDBType } from "@duckdb/node-api";
import type { Batch, CellValue, QueryOptions } from "../../engine.js";
import { recordMaker } from "../../values/records.js";
import { type Connections, interruptible } from "./connections.js";
import { bindParameters } from "./parameters.js";
import { toCell } from "./values.js";

/** Rows of a batch when the caller asks for no other number. */
const defaultBatchSize = 2048;

export interface StreamOptions extends QueryOptions {
  readonly batchSize?: number;
  /** Told the columns before the first batch. */
  readonly onColumns?: (names: readonly string[], types: readonly DuckDBType[]) => void;
}

/** Batches of exactly `batchSize` rows, the last one smaller; DuckDB computes them as they are asked for. */
export async function* streamBatches(
  connections: Connections,
  sql: string,
  options: StreamOptions = {},
): AsyncGenerator<Batch, void, undefined> {
  const { signal } = options;
  const batchSize = Math.max(1, options.batchSize ?? defaultBatchSize);
  signal?.throwIfAborted();
  const connection = await connections.lend();
  const guarded = <Result>(work: () => Promise<Result>): Promise<Result> =>
    interruptible(connections, connection, signal, work);
  let finished = false;
  try {
    const { values, types } = bindParameters(options.parameters ?? []);
    const result = await guarded(() => connection.stream(sql, values, types));
    const names = result.deduplicatedColumnNames();
    options.onColumns?.(names, result.columnTypes());
    const makeColumns = recordMaker<readonly CellValue[]>(names);
    let columns: CellValue[][] = names.map(() => []);
    let rowCount = 0;
    for (;;) {
      const chunk = await guarded(() => result.fetchChunk());
      if (chunk === null || chunk.rowCount === 0) break;
      const added = names.map((_, index) => chunk.getColumnValues(index).map(toCell));
      for (let start = 0; start < chunk.rowCount; ) {
        const end = Math.min(chunk.rowCount, start + batchSize - rowCount);
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
    finished = true;
    if (rowCount > 0) yield { rowCount, columns: makeColumns(columns) };
  } finally {
    if (!finished) connection.interrupt();
    connections.giveBack(connection);
  }
}
