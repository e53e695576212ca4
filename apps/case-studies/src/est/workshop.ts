import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunId } from "@deepwright/core";
import {
  explainRegression,
  type Lineage,
  locateStore,
  openLineage,
  type ProofProgress,
  type ProofReport,
  prove,
  recordCommand,
  type StoreLocation,
  type WhyReport,
} from "@deepwright/lineage";
import { openSqlStore, type Store } from "@deepwright/store";
import { type EstForm, forms, projectName } from "./project/form.js";
import { LegacyProject, type ProjectVersion } from "./project/legacy-project.js";
import { pipelineFailed, runUnrecorded } from "./run-unrecorded.js";
import { loadSales } from "./sales/load-sales.js";
import { type PreparedSales, prepareSales } from "./sales/prepare-sales.js";
import { makeSnapshots } from "./sales/snapshots.js";

export interface WorkshopOptions {
  /** Where runs are recorded: `file:`, `postgres:` or the address of a gateway. Default: as `deepwright run` finds it. */
  readonly store?: string;
  /** An open lineage on `store`; it is left open. */
  readonly lineage?: Lineage;
  /** Folder with the published sales. Default: `DEEPWRIGHT_DATA`, `../shared/data`; generated ones where there are none. */
  readonly data?: string;
  /** Generate sales even where published ones are. Default false. */
  readonly generated?: boolean;
  /** Database for the sales: `file:DIRECTORY` or `postgres://...`. Default: an embedded one in the work folder. */
  readonly database?: string;
  /** Work folder for the project, its packages and its database. Default: a new one among the temporary files. */
  readonly workdir?: string;
  readonly form?: EstForm;
  /** Fewer sales and trees, for tests. Default false. */
  readonly small?: boolean;
  readonly signal?: AbortSignal;
}

/** The valuation project with its sales database, and a lineage store to record its runs into. */
export interface Workshop {
  readonly lineage: Lineage;
  readonly location: StoreLocation;
  readonly sales: PreparedSales;
  readonly projectRoot: string;
  readonly workdir: string;
  /** Commits a version of the pipeline and runs its nightly job. Runs that follow are of it. */
  commit(version: ProjectVersion, message: string): Promise<{ readonly hunks: number; readonly files: number }>;
  /** Runs the pipeline once as `deepwright run` does, and waits until the run is stored. */
  record(seed: number): Promise<RunId>;
  explain(runId: RunId, vs?: RunId): Promise<WhyReport>;
  prove(report: WhyReport, options?: ProofChoice): Promise<ProofReport>;
  /** Closes what was opened; removes the work folder when `remove` is true. */
  close(options?: { readonly remove?: boolean }): Promise<void>;
}

export interface ProofChoice {
  /** Re-runs at the same time, default 2. */
  readonly jobs?: number;
  /** Most re-runs, default 20. */
  readonly maxRuns?: number;
  readonly onProgress?: (progress: ProofProgress) => void;
}

/**
 * Loads the sales into a database and makes the project.
 *
 * @throws DeepwrightError `DATA_NOT_FOUND`, `INVALID_SALES_FILE`, `GIT_FAILED`, `PIPELINE_FAILED`, and what opening the
 *   stores throws
 */
export async function openWorkshop(options: WorkshopOptions = {}): Promise<Workshop> {
  const { form = "easy", small = false, generated = false, signal, data } = options;
  const { metric } = forms[form];
  const sales = await prepareSales({ small, generated, ...(data === undefined ? {} : { data }) });
  const project = projectName(form, sales.isGenerated, small);
  const workdir = options.workdir ?? (await mkdtemp(join(tmpdir(), "deepwright-est-")));
  const opened: { close(): Promise<void> }[] = [];
  const closeAll = async (): Promise<void> => {
    for (const part of opened.splice(0).reverse()) await part.close();
  };
  try {
    const databaseUri = options.database ?? `file:${join(workdir, "sales-database")}`;
    const database: Store = await openSqlStore(databaseUri);
    opened.push(database);
    await loadSales(database, makeSnapshots(sales.sales));
    const location = locateStore({ store: options.store });
    const lineage = options.lineage ?? (await openLineage(location.uri));
    if (!options.lineage) opened.push(lineage);
    const legacy = await LegacyProject.create({
      root: join(workdir, "project"),
      shelf: join(workdir, "packages"),
      form,
      small,
    });
    const environment = { DATABASE_URL: databaseUri };
    let output = "";
    const run = async (seed: number): Promise<RunId> => {
      signal?.throwIfAborted();
      output = "";
      const recorded = await recordCommand({
        command: [process.execPath, "pipeline.mjs", `train.seed=${seed}`],
        cwd: legacy.root,
        env: { ...process.env, ...environment },
        store: location,
        project,
        name: `valuation, seed ${seed}`,
        config: ["pipeline.toml"],
        objective: { metric, direction: "minimize" },
        stdio: (chunk) => {
          output = (output + chunk.toString("utf8")).slice(-4000);
        },
        deliverTo: lineage.runs,
        ...(signal === undefined ? {} : { signal }),
      });
      signal?.throwIfAborted();
      if (recorded.status !== "finished") throw pipelineFailed(recorded.exitCode, output);
      return recorded.runId;
    };
    return {
      lineage,
      location,
      sales,
      workdir,
      projectRoot: legacy.root,
      async commit(version, message) {
        const size = await legacy.commit(version, message);
        // The nightly job that every version runs first: it makes the extract that the recorded runs then read.
        await runUnrecorded(legacy.root, { ...process.env, ...environment }, signal);
        return size;
      },
      record: run,
      explain: (runId, vs) => explainRegression(lineage.runs, { runId, ...(vs === undefined ? {} : { vs }) }),
      prove: (report, { jobs = 2, maxRuns = 20, onProgress } = {}) =>
        prove({
          runs: lineage.runs,
          report,
          store: location,
          jobs,
          maxRuns,
          packageSources: [legacy.shelf.folder],
          environment,
          ...(signal === undefined ? {} : { signal }),
          ...(onProgress === undefined ? {} : { onProgress }),
        }),
      async close({ remove = false } = {}) {
        await closeAll();
        if (remove) await rm(workdir, { recursive: true, force: true, maxRetries: 3 });
      },
    };
  } catch (error) {
    await closeAll();
    if (options.workdir === undefined) await rm(workdir, { recursive: true, force: true });
    throw error;
  }
}
