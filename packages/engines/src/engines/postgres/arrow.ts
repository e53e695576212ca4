import type { Field } from "apache-arrow";
import type { QueryOptions } from "../../engine.js";
import { loadPeer } from "../../load-peer.js";
import type { Sessions } from "./connections.js";
import { streamBatches } from "./stream.js";
import type { PostgresType, TypeCatalog } from "./type-catalog.js";
import { kindOf } from "./types.js";

/** Rows of a record batch. */
const arrowBatchSize = 65_536;

/** The whole result as an Arrow IPC stream. `numeric`, which has no bound of digits, becomes text. */
export async function resultToArrow(
  connections: Sessions,
  sql: string,
  options: QueryOptions = {},
): Promise<Uint8Array> {
  const { arrowBytes, arrowField, types } = await loadPeer(
    "apache-arrow",
    "Arrow output",
    () => import("../../arrow/index.js"),
  );
  const arrowTypeOf = (type: PostgresType, catalog: TypeCatalog): ReturnType<typeof types.fromKind> => {
    if (type.elementOid !== 0) return types.list(arrowTypeOf(catalog(type.elementOid), catalog));
    if (["int2", "int4", "int8", "oid"].includes(type.name)) return types.integer();
    return type.name === "numeric" ? types.text() : types.fromKind(kindOf(type, catalog));
  };
  let fields: readonly Field[] = [];
  const batches = streamBatches(connections, sql, {
    ...options,
    batchSize: arrowBatchSize,
    onColumns: (names, oids, catalog) => {
      fields = names.map((name, index) => arrowField(name, arrowTypeOf(catalog(oids[index] as number), catalog)));
    },
  });
  return arrowBytes(batches, () => fields);
}
