import { z } from "zod";
import { commonShape } from "../../suite/common.js";
import type { ArrayFile, ArrayVariable } from "../array-file.js";
import type { Coordinates } from "../scan/coordinates.js";
import type { Decoding } from "../scan/decode.js";
import type { Grid } from "../scan/grid.js";
import type { Samples } from "../scan/samples.js";
import type { Outcome, ScanCheck } from "../scan/scan-check.js";

/** A kind of expectation about arrays: what it may say, and how it is decided. */
export interface ArrayKind<Schema extends z.ZodType> {
  /** Completes "Expects ...", for the catalogue's documentation. */
  readonly expects: string;
  readonly options: Schema;
  /** @throws ArrayFault where the arrays don't allow the question */
  plan(options: z.output<Schema>, context: ArrayContext): ArrayPlan | Promise<ArrayPlan>;
}

export function arrayKind<Schema extends z.ZodType>(definition: ArrayKind<Schema>): ArrayKind<Schema> {
  return definition;
}

export type ArrayPlan =
  /** Decided by metadata and coordinates, without a look at other values. */
  | { readonly by: "facts"; readonly about: readonly string[]; readonly expected: string; readonly outcome: Outcome }
  /** Decided by a scan of one variable. */
  | {
      readonly by: "scan";
      readonly variable: ArrayVariable;
      /** Dimension that boxes follow each other along; `null`: any order will do. */
      readonly axis: number | null;
      readonly region: RegionOption | undefined;
      readonly expected: string;
      readonly check: ScanCheck;
    };

export interface ArrayContext {
  readonly file: ArrayFile;
  /** The named variable, else the one of the suite, else the only one that is no coordinate. @throws ArrayFault */
  variable(name: string | undefined): ArrayVariable;
  /** @throws ArrayFault */
  dimension(variable: ArrayVariable, name: string | undefined): number;
  /** @throws ArrayFault where the dimension has no coordinates */
  coordinates(dimension: string): Promise<Coordinates>;
  grid(variable: ArrayVariable): Promise<Grid>;
  decoding(variable: ArrayVariable): Decoding;
  /** @param variable whose failing elements are marked where a mask is asked for */
  samples(variable?: ArrayVariable): Samples;
  /** Another array by its name in the suite's sources. @throws ArrayFault */
  other(name: string): OtherArrays;
}

/** Arrays that are compared with. */
export interface OtherArrays {
  readonly file: ArrayFile;
  variable(name: string | undefined): ArrayVariable;
  coordinates(dimension: string): Promise<Coordinates>;
  decoding(variable: ArrayVariable): Decoding;
}

/** Why a question can't be asked of these arrays. */
export class ArrayFault extends Error {
  readonly code: "VARIABLE_MISSING" | "NOT_ANSWERABLE";
  constructor(code: ArrayFault["code"], sentence: string) {
    super(sentence);
    this.code = code;
  }
}

const bound = z.union([z.number(), z.string().min(1)]);
/** Bounds by dimension, both inclusive: coordinates (times as ISO 8601), or indexes where a dimension has no coordinates. */
const region = z.record(z.string().min(1), z.tuple([bound, bound]));
export type RegionOption = z.output<typeof region>;

const { where: _, ...common } = commonShape;

/** What every expectation about arrays may say. */
export const arrayShape = common;

export const variableShape = {
  ...common,
  /** Name of the array. Default: that of the suite's data, else the only one that is no coordinate. */
  variable: z.string().min(1).optional(),
} as const;

/** What every expectation about values may say. */
export const scanShape = { ...variableShape, region: region.optional() } as const;

/** What every expectation about single elements may say. */
export const elementShape = {
  ...scanShape,
  /** Least fraction that must be as expected, 0 .. 1. Default: 1. */
  mostly: z.number().min(0).max(1).optional(),
  /** Whether a missing value breaks the expectation or is not looked at. Default: `fail`. */
  nulls: z.enum(["fail", "ignore"]).optional(),
} as const;

/** The dimension that slices follow each other along. Default: the first. */
export const alongShape = { along: z.string().min(1).optional() } as const;
