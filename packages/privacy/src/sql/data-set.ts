import type { DataSource } from "@deepwright/engines";

/** Values between which a number is taken; what lies outside counts as the nearer of the two. */
export interface ValueBounds {
  /** In the unit of the column. Must come from knowledge of the field, never from a look at the data. */
  readonly lower: number;
  /** Above `lower`. */
  readonly upper: number;
  /**
   * Smallest step that is kept, above 0: sums are sums of whole multiples of it. Default: a power of ten, such that the larger
   * bound is 10,000 to 100,000 steps.
   */
  readonly step?: number;
}

/** A table about people, and what its owner says about it in public. */
export interface PrivateDataSet {
  /** Names its budget, and the table in SQL. */
  readonly name: string;
  readonly source: DataSource;
  /** Column that says whose a row is. Everything is bounded by it: one person may have any number of rows. */
  readonly person: string;
  /**
   * About how many people are in it, as everybody may know. A delta of `1 / people` or more is refused: it would allow to
   * publish somebody's row.
   */
  readonly people: number;
  /**
   * What to do with rows of nobody. `refuse` (the default): the data set is not opened when its engine allows missing
   * values in the column. `drop`: such rows never count.
   */
  readonly missingPersons?: "refuse" | "drop";
  /** Bounds of its numeric columns, used where a query gives none. */
  readonly bounds?: Readonly<Record<string, ValueBounds>>;
  /** The columns that may be asked about. Default: all but the person's. */
  readonly columns?: readonly string[];
}
