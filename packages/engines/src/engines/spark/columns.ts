import type { Column, DataSource, QueryOptions } from "../../engine.js";
import { queryRows } from "./query.js";
import type { Spark } from "./result.js";
import { streamBatches } from "./stream.js";

export async function describeColumns(spark: Spark, source: DataSource, options: QueryOptions = {}): Promise<Column[]> {
  const select = `SELECT * FROM ${spark.views.fromClause(source)}`;
  const described = await queryRows(spark, `DESCRIBE QUERY ${select}`, options);
  let columns: Column[] = [];
  const stream = streamBatches(spark, `${select} LIMIT 0`, {
    ...options,
    onColumns: (names, _, nullable) => {
      columns = names.map((name, index) => ({
        name,
        type: String(described[index]?.data_type).toLowerCase(),
        nullable: nullable[index] === true,
      }));
    },
  });
  for await (const _ of stream);
  return columns;
}
