import { basename, resolve } from "node:path";
import {
  type ComponentMap,
  type DataTestFact,
  dataTestFactKind,
  type JsonValue,
  joinPath,
  type Leaf,
} from "@deepwright/core";
import type { OpenSuite, SuiteRunner, TestedData, TestedPartition } from "@deepwright/data-tests";
import { redactStoreUri, sourceRoot } from "@deepwright/lineage/recorder";
import type { CliContext } from "../context.js";

export interface VerdictPlace {
  /** Default: the name of the source folder. */
  readonly project: string | undefined;
  /** Address of the engine. */
  readonly engine: string;
  /** Where relative paths of data begin. Default: the folder of the suite file. */
  readonly dataFolder: string | undefined;
}

/** The version of the data set that was tested, which now carries the verdict as a fact. */
export interface RecordedVerdict {
  readonly project: string;
  readonly dataset: string;
  readonly datasetVersionId: string;
}

/**
 * Writes a verdict to lineage: a fact on the version of the data set that has the tested content.
 *
 * @throws DeepwrightError of the store, and of the engine that fingerprints the data
 */
export async function recordVerdict(
  test: TestedData,
  suite: OpenSuite,
  partition: TestedPartition | undefined,
  engine: SuiteRunner["engine"],
  place: VerdictPlace,
  cli: CliContext,
): Promise<RecordedVerdict | null> {
  const { result } = test;
  if (result === null) return null;
  const fingerprint = await fingerprintOf(partition?.source ?? suite.source, suite, engine, cli);
  // Arrays behind an address can't be told apart by content without reading them again.
  if (fingerprint === null) return null;
  const lineage = await cli.openLineage();
  const { nameWithin } = await import("@deepwright/lineage");
  const workingDirectory = cli.streams.workingDirectory;
  const root = sourceRoot(workingDirectory);
  const project = place.project ?? basename(root);
  const name = suite.file.dataset ?? defaultName(suite, place, (path) => nameWithin({ root, workingDirectory }, path));
  const address = `${redactStoreUri(place.engine)}#${test.data}`;
  const isPath = "file" in suite.reference || suite.fileData !== undefined;
  const uri = isPath ? test.data : address;
  const version = await lineage.graph.declareDatasetVersion({ project, name, uri, fingerprint });
  await lineage.runs.recordFact({
    entityKind: "dataset-version",
    entityId: version.id,
    kind: dataTestFactKind,
    body: factOf(test, result) as unknown as JsonValue,
    recordedAtMs: result.startedAtMs,
    expiresAtMs: null,
  });
  return { project, dataset: name, datasetVersionId: version.id };
}

async function fingerprintOf(
  source: OpenSuite["source"],
  { fileData }: OpenSuite,
  engine: SuiteRunner["engine"],
  cli: CliContext,
): Promise<ComponentMap | null> {
  if (fileData !== undefined) {
    const found = await fileData.fingerprint(cli.signal);
    return found && { kind: fileData.kind, ...found };
  }
  const more = cli.signal && { signal: cli.signal };
  return source && fingerprintFacts(source.kind, await engine.fingerprint(source, { ...more }));
}

function defaultName(suite: OpenSuite, { dataFolder }: VerdictPlace, nameOf: (path: string) => string): string {
  const { reference, file } = suite;
  if ("table" in reference)
    return reference.schema === undefined ? reference.table : `${reference.schema}.${reference.table}`;
  if ("array" in reference) return nameOf(resolve(dataFolder ?? resolve(suite.path, ".."), reference.array));
  if ("images" in reference) return nameOf(resolve(dataFolder ?? resolve(suite.path, ".."), reference.images));
  // Data that a function prepared lies in a temporary folder, whose name says nothing.
  if (!("file" in reference) || typeof file.data === "function") return file.name;
  return nameOf(resolve(dataFolder ?? resolve(suite.path, ".."), reference.file));
}

function fingerprintFacts(kind: string, data: Awaited<ReturnType<SuiteRunner["engine"]["fingerprint"]>>): ComponentMap {
  const facts: Record<string, Leaf> = { kind, rowCount: data.rowCount, rows: data.rows, schema: data.schema };
  if (data.order !== null) facts.order = data.order;
  if (data.snapshot !== null) facts.snapshot = data.snapshot;
  for (const [column, hash] of Object.entries(data.columns)) facts[joinPath("columns", column)] = hash;
  for (const [partition, { rows }] of Object.entries(data.partitions)) facts[joinPath("partitions", partition)] = rows;
  return facts;
}

/** The verdict without rows of the data. */
function factOf(test: TestedData, result: NonNullable<TestedData["result"]>): DataTestFact {
  return {
    suite: result.suite,
    engine: test.engine ?? "",
    partition: test.partition,
    passed: result.passed,
    rowCount: result.rowCount,
    columnCount: result.columnCount,
    failed: { ...result.failed },
    startedAtMs: result.startedAtMs,
    durationMs: test.durationMs,
    checks: result.results.map(({ id, kind, columns, severity, passed, sentence, considered, failing }) => ({
      id,
      kind,
      columns: [...columns],
      severity,
      passed,
      sentence,
      considered,
      failing,
    })),
  };
}
