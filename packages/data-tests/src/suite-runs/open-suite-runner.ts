import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative, sep } from "node:path";
import { type Clock, newId, systemClock, toDeepwrightError } from "@deepwright/core";
import { type DataSource, type EngineOptions, openEngine, type QueryEngine } from "@deepwright/engines";
import { allSources, inOneState } from "../planner/one-state.js";
import { type RunOptions, runSuite } from "../planner/run-suite.js";
import { quarantineRows } from "../quarantine/quarantine-rows.js";
import type { TestedData } from "../reports/test-report.js";
import type { Suite } from "../suite/suite.js";
import { engineOfAddress } from "../suite-files/engine-address.js";
import { convertedAccess, copiedAccess, directAccess, type FileAccess } from "../suite-files/lend-files.js";
import { readSuiteFile } from "../suite-files/read-suite-file.js";
import { prepareData, sourceOfReference } from "../suite-files/resolve-data.js";
import {
  type AnyReference,
  type AnySuiteFile,
  type DataReference,
  dataText,
  isTableSuite,
  type PreparedData,
  type SuiteFile,
  suiteOf,
} from "../suite-files/suite-file.js";
import { type FileData, fileDataOf } from "./file-data.js";

export interface SuiteRunnerOptions {
  /** Address of the engine, as `engineOfAddress` reads it. Default: `duckdb`, in memory. */
  readonly engine?: string;
  /** Where relative paths of the engine's address begin and what shown paths are relative to. */
  readonly workingDirectory: string;
  /** Where relative paths of data begin. Default: the folder of each suite file. */
  readonly dataFolder?: string;
  /**
   * Reads files with DuckDB and gives the engine copies, which are removed at the end: tables where it reads no files, else
   * Parquet. Default: false.
   */
  readonly copyFiles?: boolean;
  /** Splits rows by a verdict that is "failed": a folder for Parquet files, or a schema for tables where the engine writes none. */
  readonly quarantine?: string;
  /** Most failing rows to show for an expectation. Default: 10. */
  readonly sampleSize?: number;
  /** Bytes that DuckDB may hold before it spills. Default: 80 % of the machine's memory. */
  readonly memoryLimit?: number;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/** A suite file whose data has been found. */
export interface OpenSuite {
  readonly path: string;
  /** Relative to the working directory, with `/`. */
  readonly shown: string;
  readonly file: AnySuiteFile;
  readonly reference: AnyReference;
  /** What the engine reads; `null` for arrays and images. */
  readonly source: DataSource | null;
  /** Arrays or images; absent for what the engine reads. */
  readonly fileData?: FileData;
  readonly sources: Readonly<Record<string, DataSource>>;
}

/** A suite about a table whose data has been found. */
export interface OpenTableSuite extends OpenSuite {
  readonly file: SuiteFile;
  readonly reference: DataReference;
  readonly source: DataSource;
}

/** A part of a suite's data that is tested by itself. */
export interface TestedPartition {
  readonly name: string;
  readonly source: DataSource;
}

/** Tests suites on one engine, which it opens and closes. */
export interface SuiteRunner {
  readonly engine: QueryEngine;
  /** @throws DeepwrightError where the suite or its data can't be read */
  open(path: string): Promise<OpenSuite>;
  /** Never throws what the data or its suite is the reason of: there is no verdict then, and `error` says why. */
  test(suite: OpenSuite, partition?: TestedPartition): Promise<TestedData>;
  /** What `work` gives, or a test without a verdict that says why it failed. */
  attempt<Result>(path: string, work: () => Promise<Result>): Promise<Result | TestedData>;
  /** {@link open} and {@link test}; `suite` is `null` where it could not be opened. */
  testFile(path: string): Promise<{ readonly test: TestedData; readonly suite: OpenSuite | null }>;
  /** Removes what was prepared and copied, and closes the engine. */
  close(): Promise<void>;
}

/** @throws DeepwrightError `ENGINE_ADDRESS_INVALID`, and what opening the engine throws */
export async function openSuiteRunner(options: SuiteRunnerOptions): Promise<SuiteRunner> {
  const { workingDirectory, signal, clock = systemClock } = options;
  const engine = await openEngine(
    withMemoryLimit(engineOfAddress(options.engine ?? "duckdb", workingDirectory), options),
  );
  const closing: (() => Promise<void>)[] = [() => engine.close()];
  let access: Promise<FileAccess> | undefined;
  let temporaryFolder: Promise<string> | undefined;
  const openAccess = (): Promise<FileAccess> => {
    access ??= openFileAccess(engine, options, closing, temporary);
    return access;
  };
  const temporary = (): Promise<string> => {
    temporaryFolder ??= mkdtemp(join(tmpdir(), "deepwright-data-tests-")).then((folder) => {
      closing.push(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
      return folder;
    });
    return temporaryFolder;
  };

  const shownPath = (path: string): string => relative(workingDirectory, path).split(sep).join("/");

  const open = async (path: string): Promise<OpenSuite> => {
    const file = await readSuiteFile(path);
    const folder = options.dataFolder ?? dirname(path);
    if (!isTableSuite(file)) {
      const fileData = fileDataOf(file, folder);
      return { path, shown: shownPath(path), file, reference: file.data, source: null, fileData, sources: {} };
    }
    const resolveOne = async (data: DataReference | PreparedData) => {
      const context = { folder, temporaryFolder: typeof data === "function" ? await temporary() : "", signal };
      const reference = await prepareData(data, context);
      const source = sourceOfReference(reference, folder);
      const usable = source.kind === "file" ? await (await openAccess()).sourceOf(source, signal) : source;
      return { reference, source: usable };
    };
    const { reference, source } = await resolveOne(file.data);
    const sources: Record<string, DataSource> = {};
    for (const [name, data] of Object.entries(file.sources ?? {})) sources[name] = (await resolveOne(data)).source;
    return { path, shown: shownPath(path), file, reference, source, sources };
  };

  /** The verdict, and the rows that it takes out of the same state of the data. */
  const judge = (source: DataSource, suite: Suite, runOptions: RunOptions, partition: TestedPartition | undefined) => {
    const { quarantine: place } = options;
    const stateOptions = { signal, writes: place !== undefined };
    return inOneState(engine, allSources(source, runOptions), stateOptions, async (state) => {
      const result = await runSuite(state.engine, source, suite, runOptions);
      if (place === undefined || result.passed) return { result, quarantine: null };
      const name = partition === undefined ? suite.name : `${suite.name} ${partition.name}`;
      const rowOptions = { ...runOptions, place, name };
      return { result, quarantine: await quarantineRows(engine, state, source, suite, result, rowOptions) };
    });
  };

  const test = async (suite: OpenSuite, partition?: TestedPartition): Promise<TestedData> => {
    const startedAtMs = clock.now();
    const head = {
      suite: suite.file.name,
      file: suite.shown,
      data: dataText(suite.reference),
      engine: suite.fileData === undefined ? engine.capabilities.name : null,
      partition: partition?.name ?? null,
    };
    const { sampleSize, memoryLimit, quarantine: place } = options;
    const usual = { clock, ...(signal && { signal }), ...(sampleSize !== undefined && { sampleSize }) };
    const judgeSuite = () => {
      const { file, fileData } = suite;
      if (fileData !== undefined) {
        return fileData.judge({ ...usual, place, ...(memoryLimit !== undefined && { memoryLimit }) });
      }
      const source = partition?.source ?? suite.source;
      if (source === null || !isTableSuite(file)) throw new TypeError("a suite without data");
      const runOptions = { ...usual, sources: suite.sources, ...(file.functions && { functions: file.functions }) };
      return judge(source, suiteOf(file), runOptions, partition);
    };
    try {
      const { result, quarantine } = await judgeSuite();
      return { ...head, durationMs: clock.now() - startedAtMs, result, error: null, quarantine };
    } catch (error) {
      signal?.throwIfAborted();
      return { ...head, ...withoutVerdict(error), durationMs: clock.now() - startedAtMs };
    }
  };

  const attempt: SuiteRunner["attempt"] = async (path, work) => {
    const startedAtMs = clock.now();
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      const shown = shownPath(path);
      const name = basename(path).replace(/\.suite\.\w+$/, "");
      const head = { suite: name, file: shown, data: shown, engine: engine.capabilities.name, partition: null };
      return { ...head, ...withoutVerdict(error), durationMs: clock.now() - startedAtMs };
    }
  };

  const testFile: SuiteRunner["testFile"] = async (path) => {
    const suite = await attempt(path, () => open(path));
    return "error" in suite ? { test: suite, suite: null } : { test: await test(suite), suite };
  };

  const close = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const end of closing.toReversed()) await end().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  };
  return { engine, open, test, attempt, testFile, close };
}

const withoutVerdict = (error: unknown) => ({
  result: null,
  error: toDeepwrightError(error).toJSON(),
  quarantine: null,
});

function withMemoryLimit(engine: EngineOptions, { memoryLimit }: SuiteRunnerOptions): EngineOptions {
  return engine.kind === "duckdb" && memoryLimit !== undefined ? { ...engine, memoryLimit } : engine;
}

async function openFileAccess(
  engine: QueryEngine,
  options: SuiteRunnerOptions,
  closing: (() => Promise<void>)[],
  temporary: () => Promise<string>,
): Promise<FileAccess> {
  if (options.copyFiles !== true || engine.capabilities.name === "duckdb") return directAccess;
  const { memoryLimit } = options;
  const reader = await openEngine({ kind: "duckdb", ...(memoryLimit !== undefined && { memoryLimit }) });
  closing.push(() => reader.close());
  if (engine.capabilities.files) return convertedAccess(reader, await temporary());
  const schema = `deepwright_${newId(options.clock ?? systemClock).replaceAll("-", "")}`;
  const access = await copiedAccess(engine, reader, schema);
  closing.push(() => access.close());
  return access;
}
