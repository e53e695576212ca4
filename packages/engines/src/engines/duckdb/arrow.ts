import { type DuckDBType, DuckDBTypeId } from "@duckdb/node-api";
import type { Field } from "apache-arrow";
import type { QueryOptions } from "../../engine.js";
import { loadPeer } from "../../load-peer.js";
import type { Connections } from "./connections.js";
import { streamBatches } from "./stream.js";
import { kindOf } from "./types.js";

/** Rows of a record batch. */
const arrowBatchSize = 65_536;

/** The whole result as an Arrow IPC stream. */
export async function resultToArrow(
  connections: Connections,
  sql: string,
  options: QueryOptions = {},
): Promise<Uint8Array> {
  const { arrowBytes, arrowField, types } = await loadPeer(
    "apache-arrow",
    "Arrow output",
    () => import("../../arrow/index.js"),
  );
  let fields: readonly Field[] = [];
  const arrowTypeOf = (type: DuckDBType): ReturnType<typeof types.fromKind> => {
    switch (type.typeId) {
      case DuckDBTypeId.TINYINT:
      case DuckDBTypeId.SMALLINT:
      case DuckDBTypeId.INTEGER:
      case DuckDBTypeId.BIGINT:
      case DuckDBTypeId.UTINYINT:
      case DuckDBTypeId.USMALLINT:
      case DuckDBTypeId.UINTEGER:
        return types.integer();
      case DuckDBTypeId.UBIGINT:
        return types.decimal(20, 0);
      case DuckDBTypeId.DECIMAL:
        return types.decimal(type.width, type.scale);
      case DuckDBTypeId.HUGEINT:
      case DuckDBTypeId.UHUGEINT:
      case DuckDBTypeId.BIGNUM:
        return types.text();
      case DuckDBTypeId.SQLNULL:
        return types.nothing();
      case DuckDBTypeId.TIMESTAMP_NS:
        return types.timestamp("nanoseconds");
      case DuckDBTypeId.LIST:
      case DuckDBTypeId.ARRAY:
        return types.list(arrowTypeOf(type.valueType));
      case DuckDBTypeId.STRUCT:
        return types.struct(
          type.entryNames.map((name, index) => [name, arrowTypeOf(type.entryTypes[index] as DuckDBType)]),
        );
      case DuckDBTypeId.MAP:
        return types.list(
          types.struct([
            ["key", arrowTypeOf(type.keyType)],
            ["value", arrowTypeOf(type.valueType)],
          ]),
        );
      default:
        return types.fromKind(kindOf(type));
    }
  };
  const batches = streamBatches(connections, sql, {
    ...options,
    batchSize: arrowBatchSize,
    onColumns: (names, columnTypes) => {
      fields = names.map((name, index) => arrowField(name, arrowTypeOf(columnTypes[index] as DuckDBType)));
    },
  });
  return arrowBytes(batches, () => fields);
}
