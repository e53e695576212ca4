import type { ValueBounds } from "./data-set.js";
import type { Filter, Literal } from "./filter.js";

/** Bounds of a column; what is left out is taken from the data set. */
export type QueryBounds = Partial<ValueBounds>;

/**
 * What is computed for each group. Rows count with a weight: a person with more than `rowsPerGroup` rows in a group counts
 * there as `rowsPerGroup` rows, each of theirs with an equal share, so no row is thrown away.
 */
export type Aggregate =
  /** Number of people. */
  | { readonly kind: "people" }
  /** Number of rows. */
  | { readonly kind: "rows" }
  /** Sum of a column: each row's value is clipped, or (`per: "person"`) the total of each person in a group. */
  | ({ readonly kind: "sum"; readonly column: string; readonly per?: "row" | "person" } & QueryBounds)
  /** Mean over rows of the clipped value. */
  | ({ readonly kind: "mean"; readonly column: string } & QueryBounds)
  /** Population variance over rows of the clipped value. */
  | ({ readonly kind: "variance"; readonly column: string } & QueryBounds)
  /** Values below which these shares of the rows lie. */
  | ({ readonly kind: "quantiles"; readonly column: string; readonly probabilities: readonly number[] } & QueryBounds)
  /** Rows between edges: a bin holds its lower edge; what lies outside counts in the first or last bin. */
  | { readonly kind: "histogram"; readonly column: string; readonly edges: readonly number[] };

/** A column to group by. */
export interface Grouping {
  readonly column: string;
  /**
   * The groups of the answer, known without the data: each is answered, also when nobody is in it. Without them only groups
   * with enough people are named, which costs a delta.
   */
  readonly keys?: readonly Literal[];
}

/** A question about a data set, with what it may cost. */
export interface PrivateQuery {
  /** Name of a data set. */
  readonly from: string;
  /** Other data sets, joined where the person is the same. */
  readonly join?: readonly {
    readonly dataSet: string;
    /** Rows of a person that take part; the choice depends on that person's rows only. Default 1. */
    readonly rowsPerPerson?: number;
  }[];
  readonly where?: Filter;
  /** Keys are given for all columns or for none. */
  readonly groupBy?: readonly Grouping[];
  /** Answers by name, at least one. */
  readonly select: Readonly<Record<string, Aggregate>>;
  /** In how many groups a person counts; where they are in more, some are left out. Default 1. */
  readonly groupsPerPerson?: number;
  /** As how many rows a person counts at most in each group. Default 1. */
  readonly rowsPerGroup?: number;
  /** Above 0: what the whole answer costs at most. */
  readonly epsilon: number;
  /** Above 0 and below one over the number of people; only for groups without known keys. */
  readonly delta?: number;
  /** Groups of fewer people are named with a probability of at most `delta`. Default 1; only without known keys. */
  readonly minimumPeople?: number;
}
