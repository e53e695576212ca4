import { blockBits, primes, tableBits, weightTable } from "./sequence.js";
import { isFreeText, type ValueKind } from "./value-kind.js";

/** What an engine's SQL must offer for a fingerprint. Every member takes and gives SQL expressions. */
export interface FingerprintDialect {
  quoteIdentifier(name: string): string;
  /** Number of bytes of a text in UTF-8. */
  byteLength(text: string): string;
  /** MD5 of a text in UTF-8, in a form of the engine's own. */
  digest(text: string): string;
  /** The digest read as a little-endian number, in parts whose sums are exact, each with its lowest bit's place. */
  parts(digest: string): readonly { readonly sql: string; readonly shift: number }[];
  /** Bits 32 * `index` .. 32 * `index` + 31 of that number as a 64-bit integer. */
  word(digest: string, index: number): string;
  /** A non-negative 64-bit integer without its lowest bits. */
  shiftRight(value: string, bits: number): string;
  /** The remainder of two non-negative 64-bit integers. */
  remainder(value: string, divisor: string): string;
  /** An entry of a constant list of integers by its place from 0. */
  listEntry(values: readonly number[], place: string): string;
  /** A list of integers as a list of texts. */
  texts(values: readonly string[]): string;
  /** What a subselect ends with, so that its expressions are computed once and not again where they are used. */
  readonly fence: string;
}

/** One column with its canonical text; the rules are in the README under "Canonical text". */
export interface CanonicalColumn {
  readonly name: string;
  readonly kind: ValueKind;
  /** SQL expression that gives the canonical text, or NULL for a missing value. */
  readonly text: string;
}

export interface FingerprintQuery {
  /** FROM clause item. */
  readonly from: string;
  readonly columns: readonly CanonicalColumn[];
  /** SQL expression of the partition's name. */
  readonly partition: string | null;
  /** SQL expression of the row's position from 0; `null` where order is not asked for. */
  readonly position: string | null;
  /** SQL expression that tells apart runs of rows, where positions are consecutive in each run only. */
  readonly run?: string;
}

/** Where the numbers of one group of rows lie in the list `sums` of a result row of {@link fingerprintSql}. */
export interface FingerprintLayout {
  /** Place of the low bit of each part of a digest. */
  readonly shifts: readonly number[];
  readonly ordered: boolean;
  readonly columnNames: readonly string[];
}

/**
 * SQL that scans the rows once and returns, for each partition and block of positions: `partition`, `block`, `firstPosition`, `rowCount`, and
 * `sums`: first of the row digests, then of each column's, then the four weighted sums of the sequence.
 */
export function fingerprintSql(
  query: FingerprintQuery,
  dialect: FingerprintDialect,
): { readonly sql: string; readonly layout: FingerprintLayout } {
  const { columns } = query;
  const texts = columns.map((column, index) => `${column.text} AS t${index}`);
  const digests = columns.map((_, index) => `${dialect.digest(`coalesce('=' || t${index}, '')`)} AS d${index}`);
  const carried: string[] = [];
  const carriedNames: string[] = [];
  if (query.partition !== null) {
    carried.push(`${query.partition} AS part`);
    carriedNames.push("part");
  }
  if (query.position !== null) {
    carried.push(`${query.position} AS place`);
    carriedNames.push("place");
  }
  if (query.run !== undefined) {
    carried.push(`${query.run} AS run`);
    carriedNames.push("run");
  }
  const groups = [
    ...(query.partition === null ? [] : ["part"]),
    ...(query.run === undefined ? [] : ["run"]),
    ...(query.position === null ? [] : [dialect.shiftRight("place", blockBits)]),
  ];
  const selectedTexts = texts.length + carried.length === 0 ? ["1 AS one"] : [...texts, ...carried];
  const inner = `SELECT ${selectedTexts.join(", ")} FROM ${query.from}${dialect.fence}`;
  const hashed = `SELECT ${[...digests, `${dialect.digest(rowText(columns, dialect))} AS d`, ...carriedNames].join(", ")} FROM (${inner}) AS rows_as_text${dialect.fence}`;
  const digestNames = ["d", ...columns.map((_, index) => `d${index}`)];
  const sums = digestNames.flatMap((name) => dialect.parts(name).map((part) => `sum(${part.sql})`));
  if (query.position !== null) sums.push(...primes.map((_, lane) => sequenceSum(lane, dialect)));
  const select = (expression: string, name: string): string => `${expression} AS ${dialect.quoteIdentifier(name)}`;
  const selected = [
    select(query.partition === null ? "NULL" : "part", "partition"),
    ...(query.run === undefined ? [] : [select("run", "run")]),
    select(query.position === null ? "0" : dialect.shiftRight("place", blockBits), "block"),
    select(query.position === null ? "0" : "min(place)", "firstPosition"),
    select("count(*)", "rowCount"),
    select(dialect.texts(sums), "sums"),
  ];
  const groupBy = groups.length === 0 ? "" : ` GROUP BY ${groups.join(", ")}`;
  return {
    sql: `SELECT ${selected.join(", ")} FROM (${hashed}) AS rows_as_digests${groupBy}`,
    layout: {
      shifts: dialect.parts("d").map((part) => part.shift),
      ordered: query.position !== null,
      columnNames: columns.map((column) => column.name),
    },
  };
}

/** All values of a row in one text, columns by name; free text with its length before it, so that no two rows coincide. */
function rowText(columns: readonly CanonicalColumn[], dialect: FingerprintDialect): string {
  const indexes = columns.map((_, index) => index);
  indexes.sort((a, b) => compareNames(columns[a]?.name ?? "", columns[b]?.name ?? ""));
  const values = indexes.map((index) => encodeValue(`t${index}`, columns[index]?.kind as ValueKind, dialect));
  return values.length === 0 ? "''" : values.join(" || ',' || ");
}

/** One value inside a longer text: `~` for a missing one, free text as `length:text`. */
export function encodeValue(text: string, kind: ValueKind, dialect: Pick<FingerprintDialect, "byteLength">): string {
  const value = isFreeText(kind) ? `${dialect.byteLength(text)} || ':' || ${text}` : text;
  return `coalesce(${value}, '~')`;
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The sum over a block of `word * base^(place in block) mod prime`. */
function sequenceSum(lane: number, dialect: FingerprintDialect): string {
  const prime = String(primes[lane]);
  const mask = (1 << tableBits) - 1;
  const low = dialect.listEntry(weightTable(lane, 1), `(place & ${mask})`);
  const high = dialect.listEntry(
    weightTable(lane, 1 << tableBits),
    `(${dialect.shiftRight("place", tableBits)} & ${mask})`,
  );
  const weight = dialect.remainder(`${low} * ${high}`, prime);
  return `sum(${dialect.remainder(`${dialect.word("d", lane)} * ${weight}`, prime)})`;
}
