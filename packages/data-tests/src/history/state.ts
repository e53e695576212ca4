import { z } from "zod";

/** How numbers of a column fall into bins; fixed when the column is first seen, so that all its partitions merge. */
export interface Binning {
  /** Where distances are measured from: about the mean of the first partition. */
  readonly origin: number;
  /** Distances up to this share one bin. */
  readonly floor: number;
  /** Relative error of distances above `floor`. */
  readonly error: number;
}

/** Numbers by count, moments and bins. Of texts these are lengths, of dates and times seconds since 1970, of truth values 0 and 1. */
export interface NumberState {
  readonly count: number;
  /** 0 where there is none. */
  readonly mean: number;
  /** Sum of squared distances from the mean, which loses no digits where the sum of squares does. */
  readonly squares: number;
  readonly min: number | null;
  readonly max: number | null;
  /** `null` for times, whose quantiles nobody asks for. */
  readonly bins: { readonly binning: Binning; readonly counts: Readonly<Record<string, number>> } | null;
}

/** All that is kept of one column of a partition. Two of them merge into that of both partitions together. */
export interface ColumnState {
  /** What the type holds: `integer`, `double`, `text`, `timestamp`, ... */
  readonly family: string;
  /** Rows of the partitions that have the column. */
  readonly rowCount: number;
  readonly nullCount: number;
  /** NaN, infinite, or beyond 1e150, whose squares overflow. Not among `numbers`. */
  readonly nonFiniteCount: number;
  readonly numbers: NumberState | null;
  /** Exact number of each value; `null` where there are more values than the limit, or they are not counted. */
  readonly values: Readonly<Record<string, number>> | null;
  /** Registers of a sketch that estimates the number of different values; `null` where it is not kept. */
  readonly registers: string | null;
}

/** What is kept of one partition. */
export interface PartitionState {
  readonly partition: string;
  /** Another one when the partition's content is; `null` where nothing tells. */
  readonly content: string | null;
  readonly rowCount: number;
  /** Milliseconds since 1970. */
  readonly scannedAtMs: number;
  readonly columns: Readonly<Record<string, ColumnState>>;
}

const count = z.int().min(0);
export const binningSchema = z.strictObject({
  origin: z.number(),
  floor: z.number().positive(),
  error: z.number().gt(0).lt(1),
});

export const columnStateSchema = z.strictObject({
  family: z.string(),
  rowCount: count,
  nullCount: count,
  nonFiniteCount: count,
  numbers: z
    .strictObject({
      count,
      mean: z.number(),
      squares: z.number().min(0),
      min: z.number().nullable(),
      max: z.number().nullable(),
      bins: z.strictObject({ binning: binningSchema, counts: z.record(z.string(), count) }).nullable(),
    })
    .nullable(),
  values: z.record(z.string(), count).nullable(),
  registers: z.string().nullable(),
}) satisfies z.ZodType<ColumnState>;

export const partitionHeadSchema = z.strictObject({
  version: z.literal(1),
  partition: z.string().min(1),
  content: z.string().nullable(),
  rowCount: count,
  scannedAtMs: z.number(),
  columns: z.array(z.string()),
});
