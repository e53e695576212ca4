/** Formats of files by their content, not by their compression. */
export type FileFormat = "parquet" | "csv" | "json" | "arrow";

const endings: readonly (readonly [ending: string, format: FileFormat])[] = [
  [".parquet", "parquet"],
  [".pq", "parquet"],
  [".csv", "csv"],
  [".tsv", "csv"],
  [".json", "json"],
  [".jsonl", "json"],
  [".ndjson", "json"],
  [".arrow", "arrow"],
  [".feather", "arrow"],
];

/** The format that the ending of a path or pattern tells, also before `.gz` or `.zst`; `null` where it tells none. */
export function formatOfPath(path: string): FileFormat | null {
  const plain = path.toLowerCase().replace(/\.(gz|zst)$/, "");
  return endings.find(([ending]) => plain.endsWith(ending))?.[1] ?? null;
}
