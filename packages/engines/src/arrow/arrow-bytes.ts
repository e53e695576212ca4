import { type Field, makeData, RecordBatch, RecordBatchStreamWriter, Schema, Struct } from "apache-arrow";
import type { Batch } from "../engine.js";
import { arrowData } from "./arrow-data.js";

/** The Arrow IPC stream of batches: a schema, then one record batch each. `fields` is asked after the first batch came. */
export async function arrowBytes(batches: AsyncIterable<Batch>, fields: () => readonly Field[]): Promise<Uint8Array> {
  const writer = new RecordBatchStreamWriter();
  let schema: Schema | undefined;
  for await (const batch of batches) {
    schema ??= new Schema([...fields()]);
    writer.write(recordBatch(schema, batch));
  }
  if (schema === undefined) {
    const empty = new Schema([...fields()]);
    writer.write(recordBatch(empty, { rowCount: 0, columns: {} }));
  }
  writer.finish();
  return writer.toUint8Array();
}

function recordBatch(schema: Schema, batch: Batch): RecordBatch {
  const children = schema.fields.map((field) => arrowData(field.type, batch.columns[field.name] ?? []));
  return new RecordBatch(
    schema,
    makeData({ type: new Struct(schema.fields), length: batch.rowCount, nullCount: 0, children }),
  );
}
