import { type DataType, type Decimal, type Field, type Map_, Type } from "apache-arrow";
import { arrowBytes, arrowField, types } from "../../arrow/index.js";
import type { QueryOptions } from "../../engine.js";
import type { Spark } from "./result.js";
import { streamBatches } from "./stream.js";
import { kindOf } from "./types.js";

/** Rows of a record batch. */
const arrowBatchSize = 65_536;

/** The whole result as one Arrow IPC stream, with the types that the other engines give. */
export async function resultToArrow(spark: Spark, sql: string, options: QueryOptions = {}): Promise<Uint8Array> {
  let fields: readonly Field[] = [];
  const batches = streamBatches(spark, sql, {
    ...options,
    batchSize: arrowBatchSize,
    onColumns: (names, columnTypes) => {
      fields = names.map((name, index) => arrowField(name, arrowTypeOf(columnTypes[index] as DataType)));
    },
  });
  return arrowBytes(batches, () => fields);
}

function arrowTypeOf(type: DataType): DataType {
  switch (type.typeId) {
    case Type.Null:
      return types.nothing();
    case Type.Int:
      return types.integer();
    case Type.Decimal:
      return types.decimal((type as Decimal).precision, (type as Decimal).scale);
    case Type.List:
      return types.list(arrowTypeOf((type.children as readonly Field[])[0]?.type as DataType));
    case Type.Struct:
      return types.struct((type.children as readonly Field[]).map((field) => [field.name, arrowTypeOf(field.type)]));
    case Type.Map:
      return types.list(
        types.struct([
          ["key", arrowTypeOf((type as Map_).keyType)],
          ["value", arrowTypeOf((type as Map_).valueType)],
        ]),
      );
    default:
      return types.fromKind(kindOf(type));
  }
}
