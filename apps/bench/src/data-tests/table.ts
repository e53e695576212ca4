import { openEngine } from "@deepwright/engines";

/** Twenty columns as an order system has them; the first is unique, `note` has missing values. */
const columns = `
  r AS id,
  CAST(hash(r) % 200000 AS INTEGER) AS customer,
  DATE '2025-01-01' + CAST(r % 365 AS INTEGER) AS day,
  TIMESTAMP '2025-01-01' + to_seconds(r % 31536000) AS at,
  round((hash(r + 1) % 100000) / 100.0, 2)::DOUBLE AS amount,
  round(10 + (hash(r + 2) % 90000) / 100.0, 2)::DOUBLE AS price,
  round((hash(r + 3) % 1000) / 100.0, 2)::DOUBLE AS cost,
  (hash(r + 4) % 50) / 100.0::DOUBLE AS discount,
  (hash(r + 5) % 501) / 100.0::DOUBLE AS rating,
  ((hash(r + 6) % 1800000) / 10000.0 - 90)::DOUBLE AS latitude,
  ((hash(r + 7) % 3600000) / 10000.0 - 180)::DOUBLE AS longitude,
  CAST(1 + hash(r + 8) % 100 AS INTEGER) AS quantity,
  CAST(hash(r + 9) % 121 AS INTEGER) AS age,
  CAST(hash(r + 10) % 10000 AS INTEGER) AS stock,
  ['open', 'paid', 'sent', 'returned', 'closed'][1 + CAST(hash(r + 11) % 5 AS INTEGER)] AS status,
  ['DE', 'FR', 'IT', 'ES', 'PL', 'NL', 'BE', 'AT', 'CZ', 'SE'][1 + CAST(hash(r + 12) % 10 AS INTEGER)] AS country,
  'ABC-' || lpad(CAST(hash(r + 13) % 100000 AS VARCHAR), 5, '0') AS sku,
  CASE WHEN r % 5 = 0 THEN NULL ELSE 'note ' || CAST(hash(r + 14) % 1000000 AS VARCHAR) END AS note,
  hash(r + 15) % 2 = 0 AS active,
  hash(r + 16) % 50 = 0 AS flagged`;

export const columnNames = [...columns.matchAll(/ AS (\w+)(?=,\n|$)/g)].map((match) => match[1] as string);

/** Writes rows `from` to `to`, without the last, as Parquet. */
export async function writeTable(path: string, from: number, to: number): Promise<void> {
  const engine = await openEngine({ kind: "duckdb" });
  try {
    await engine.query(`COPY (SELECT ${columns} FROM range(${from}, ${to}) AS g(r)) TO '${path}' (FORMAT parquet)`);
  } finally {
    await engine.close();
  }
}

/** The statement that writes rows into one folder a day. */
export function partitionedTable(folder: string, rowCount: number): string {
  const select = `SELECT *, CAST(day AS VARCHAR) AS part FROM (SELECT ${columns} FROM range(${rowCount}) AS g(r))`;
  return `COPY (${select}) TO '${folder}' (FORMAT parquet, PARTITION_BY (part))`;
}

export const statuses = ["open", "paid", "sent", "returned", "closed"];
export const countries = ["DE", "FR", "IT", "ES", "PL", "NL", "BE", "AT", "CZ", "SE"];
export const present = "id customer day at amount price quantity status country sku active age".split(" ");

/** Lower and upper bound by column. */
export const bounds: readonly (readonly [column: string, min: number, max: number])[] = [
  ["amount", 0, 1000],
  ["price", 10, 1000],
  ["cost", 0, 10],
  ["discount", 0, 0.5],
  ["rating", 0, 5.01],
  ["latitude", -90, 90],
  ["longitude", -180, 180],
  ["quantity", 1, 100],
  ["age", 0, 120],
  ["stock", 0, 9999],
  ["customer", 0, 199_999],
  ["id", 0, 1e9],
];
