import { sep } from "node:path";
import { isoDate, isoTimestamp } from "../values/times.js";
import type { ValueKind } from "./value-kind.js";

/** The name that Hive gives to the partition of missing values. */
const missingPartition = "__HIVE_DEFAULT_PARTITION__";

/** Partition names that people can read, from the canonical text of the partitioning value. */
export function partitionNamer(kind: ValueKind | undefined): (key: string | null) => string {
  return (key) => {
    if (key === null) return missingPartition;
    if (!/^-?\d+$/.test(key)) return key;
    if (kind?.kind === "date") return isoDate(BigInt(key));
    if (kind?.kind === "timestamp") return isoTimestamp(BigInt(key));
    return key;
  };
}

/** Paths of files relative to a folder, with `/` between the segments. */
export function relativeTo(root: string): (path: string | null) => string {
  const normalize = (path: string): string => path.replaceAll(sep, "/").replace(/^\.\//, "");
  const folder = normalize(root);
  const prefix = folder === "" || folder.endsWith("/") ? folder : `${folder}/`;
  return (path) => {
    const normal = normalize(path ?? "");
    return normal.startsWith(prefix) ? normal.slice(prefix.length) : normal;
  };
}
