import { extname } from "node:path";

const dataExtensions = new Set(
  `.csv .tsv .psv .parquet .pq .arrow .feather .ipc .orc .avro .jsonl .ndjson .npy .npz .mat .rds .dta .sav
  .sas7bdat .xlsx .xls .sqlite .sqlite3 .db .duckdb .tfrecord .tfrecords .record .lmdb .mdb .pkl .pickle
  .joblib .nc .grib .grb .tif .tiff .zarr .las .laz .gz .zst .bz2 .xz .zip .tar .tgz .wav .flac .mp3 .mp4
  .jpg .jpeg .webp .bmp .dcm .idx .ubyte .dat .bin .data`.split(/\s+/),
);

const tabularExtensions = new Set([".csv", ".tsv", ".parquet", ".pq", ".arrow", ".feather", ".jsonl", ".ndjson"]);

/** Whether a file is data by its name. */
export function isDataFile(path: string): boolean {
  return dataExtensions.has(extname(path).toLowerCase()) || /-(images|labels)-idx\d-ubyte$/.test(path);
}

/** Whether a file holds rows and columns that an engine can read, by its name. */
export function isTabularFile(path: string): boolean {
  return tabularExtensions.has(extname(path.replace(/\.(gz|zst)$/i, "")).toLowerCase());
}
