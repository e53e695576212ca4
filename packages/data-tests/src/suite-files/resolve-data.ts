import { isAbsolute, resolve } from "node:path";
import type { DataSource } from "@deepwright/engines";
import type { DataReference, PrepareContext, PreparedData } from "./suite-file.js";

/** The reference itself; data that is prepared by a function is prepared now. */
export async function prepareData(data: DataReference | PreparedData, context: PrepareContext): Promise<DataReference> {
  return typeof data === "function" ? data(context) : data;
}

/** The engine's source of a reference; relative paths begin at `folder`. */
export function sourceOfReference(reference: DataReference, folder: string): DataSource {
  if ("file" in reference) {
    const { file, format } = reference;
    const remote = /^[a-z][a-z0-9+.-]+:\/\//i.test(file);
    const path = remote || isAbsolute(file) ? file : resolve(folder, file);
    return { kind: "file", path, ...(format && { format }) };
  }
  if ("table" in reference) {
    const { table, schema } = reference;
    return { kind: "table", name: table, ...(schema !== undefined && { schema }) };
  }
  return { kind: "query", sql: reference.query };
}
