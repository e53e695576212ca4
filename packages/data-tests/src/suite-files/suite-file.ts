import { z } from "zod";
import { type ArrayReference, type ArraySuite, arrayReference, checkArraySuite } from "../arrays/suite.js";
import { suiteInvalid } from "../errors.js";
import { checkImageSuite, type ImageSuite, type ImagesReference, imagesReference } from "../images/suite.js";
import type { RowTest } from "../planner/context.js";
import { checkSuite, type Suite } from "../suite/suite.js";

/** Data as a suite file names it. Paths are relative to the suite file, or to the folder that the run names. */
export type DataReference =
  | { readonly file: string; readonly format?: "parquet" | "csv" | "json" | "arrow" | undefined }
  /** A table or view of the engine. */
  | { readonly table: string; readonly schema?: string | undefined }
  /** A query in the engine's SQL. */
  | { readonly query: string };

/** What a function that prepares data gets. */
export interface PrepareContext {
  /** Where relative paths of data begin. */
  readonly folder: string;
  /** A folder for files that live as long as the run. */
  readonly temporaryFolder: string;
  readonly signal?: AbortSignal | undefined;
}

/** JavaScript may bring data into a form that engines read, from NetCDF to CSV, say. */
export type PreparedData = (context: PrepareContext) => DataReference | Promise<DataReference>;

/** A suite with the data that it is about: what a file `*.suite.yaml` holds, and what `*.suite.js` exports as default. */
export interface SuiteFile extends Suite {
  readonly data: DataReference | PreparedData;
  /** Other tables, by the names that expectations use. */
  readonly sources?: Readonly<Record<string, DataReference | PreparedData>> | undefined;
  /** Name of the data set in lineage. Default: the file's path, the table's name, or the suite's name. */
  readonly dataset?: string | undefined;
  /** What `--watch` tells new data by. Default: the files of a folder. */
  readonly partitions?: { readonly column: string } | undefined;
  /** Functions of `customFunction`; in JavaScript only. */
  readonly functions?: Readonly<Record<string, RowTest>> | undefined;
}

/** A suite about arrays with their file. */
export interface ArraySuiteFile extends ArraySuite {
  readonly data: ArrayReference;
  /** Other arrays, by the names that expectations use. */
  readonly sources?: Readonly<Record<string, ArrayReference>> | undefined;
  /** Name of the data set in lineage. Default: the path. */
  readonly dataset?: string | undefined;
}

/** A suite about images with their folder. */
export interface ImageSuiteFile extends ImageSuite {
  readonly data: ImagesReference;
  /** Name of the data set in lineage. Default: the path. */
  readonly dataset?: string | undefined;
}

/** What suite files hold: tables of an engine, arrays, or images. */
export type AnySuiteFile = SuiteFile | ArraySuiteFile | ImageSuiteFile;
export type AnyReference = DataReference | ArrayReference | ImagesReference;

const reference = z.union([
  z.strictObject({ file: z.string().min(1), format: z.enum(["parquet", "csv", "json", "arrow"]).optional() }),
  z.strictObject({ table: z.string().min(1), schema: z.string().min(1).optional() }),
  z.strictObject({ query: z.string().min(1) }),
]);
const prepared = z.custom<PreparedData>((value) => typeof value === "function");
const dataReference = z.union([reference, prepared]);

const bindings = z.object({
  data: dataReference,
  sources: z.record(z.string().min(1), dataReference).optional(),
  dataset: z.string().min(1).max(500).optional(),
  partitions: z.strictObject({ column: z.string().min(1) }).optional(),
  functions: z
    .record(
      z.string(),
      z.custom<RowTest>((value) => typeof value === "function"),
    )
    .optional(),
});

const arrayBindings = z.object({
  data: arrayReference,
  sources: z.record(z.string().min(1), arrayReference).optional(),
  dataset: z.string().min(1).max(500).optional(),
});

const imageBindings = z.object({ data: imagesReference, dataset: z.string().min(1).max(500).optional() });

const hint =
  "Write one of { file }, { table }, { query }, { array } and { images }, as in `data: { file: sales.csv }`.";

/**
 * Checks the content of a suite file.
 *
 * @throws DeepwrightError `SUITE_INVALID` that names the field
 */
export function checkSuiteFile(value: unknown): AnySuiteFile {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw suiteInvalid("a suite with its data", value === undefined ? "nothing" : typeof value, hint);
  }
  const { data, ...rest } = value as Record<string, unknown>;
  if (data === undefined) throw suiteInvalid("`data` that says what the suite is about", "none", hint);
  if (typeof data === "object" && data !== null && "array" in data) {
    const { sources, dataset, ...suite } = rest;
    return { ...checkArraySuite(suite), ...bind(arrayBindings, { data, sources, dataset }) };
  }
  if (typeof data === "object" && data !== null && "images" in data) {
    const { dataset, ...suite } = rest;
    return { ...checkImageSuite(suite), ...bind(imageBindings, { data, dataset }) };
  }
  const { sources, dataset, partitions, functions, ...suite } = rest;
  return { ...checkSuite(suite), ...bind(bindings, { data, sources, dataset, partitions, functions }) };
}

function bind<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path.join(".") ?? "";
  throw suiteInvalid("the data of the suite to be named well", `${path}: ${issue?.message ?? "something else"}`, hint);
}

/** Whether the suite is about a table of an engine. */
export const isTableSuite = (file: AnySuiteFile): file is SuiteFile =>
  typeof file.data === "function" || !("array" in file.data || "images" in file.data);

/**
 * The suite, where it is about a table.
 *
 * @throws DeepwrightError `SUITE_INVALID`
 */
export function requireTableSuite(file: AnySuiteFile): SuiteFile {
  if (isTableSuite(file)) return file;
  throw suiteInvalid(
    "a suite about a table",
    `${JSON.stringify(file.name)}, about arrays or images`,
    "Name another suite.",
  );
}

/**
 * A checked suite with its data, for `*.suite.js` files.
 *
 * @example
 * ```ts
 * const sales = defineSuiteFile({
 *   name: "sales",
 *   data: { file: "sales.csv" },
 *   expectations: [{ kind: "notNull", column: "price" }],
 * });
 * console.log(sales.name); // sales
 * ```
 * @throws DeepwrightError `SUITE_INVALID`
 */
export function defineSuiteFile(file: SuiteFile): SuiteFile;
export function defineSuiteFile(file: ArraySuiteFile): ArraySuiteFile;
export function defineSuiteFile(file: ImageSuiteFile): ImageSuiteFile;
export function defineSuiteFile(file: AnySuiteFile): AnySuiteFile {
  return checkSuiteFile(file);
}

/** The suite without what binds it to data. */
export function suiteOf(file: SuiteFile): Suite {
  const { data: _, sources: _s, dataset: _d, partitions: _p, functions: _f, ...suite } = file;
  return suite;
}

/** What is tested, in a few words: a path, a table's name, a query on one line. */
export function dataText(reference: AnyReference): string {
  if ("array" in reference) return reference.array;
  if ("images" in reference) return reference.images;
  if ("file" in reference) return reference.file;
  if ("table" in reference)
    return reference.schema === undefined ? reference.table : `${reference.schema}.${reference.table}`;
  return reference.query.replace(/\s+/g, " ").trim();
}
