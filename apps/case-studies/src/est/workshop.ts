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
  type WhyReport,
} from "@deepwright/lineage";
import { openSqlStore } from "@deepwright/store";
import { Pipeline } from "./pipeline.js";
import { type EstForm, forms, projectName } from "./project/form.js";
import type { VersionSize } from "./project/history.js";
import { LegacyProject, type ProjectVersion } from "./project/legacy-project.js";
import { hasGit } from "./project/repository.js";
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
  /** Keep the versions of the project as commits. Default: where git is there; a tree without commits elsewhere. */
  readonly git?: boolean;
  readonly signal?: AbortSignal;
}

/** The valuation project with its sales database, and a lineage store to record its runs into. */
export interface Workshop {
  readonly lineage: Lineage;
  readonly sales: PreparedSales;
  readonly projectRoot: string;
  readonly workdir: string;
  /** Commits a version of the pipeline and runs its nightly job, which makes the extract. Runs that follow are of it. */
  commit(version: ProjectVersion, message: string): Promise<VersionSize>;
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
  const { small = false, generated = false, data } = options;
  const sales = await prepareSales({ small, generated, ...(data === undefined ? {} : { data }) });
  const workdir = options.workdir ?? (await mkdtemp(join(tmpdir(), "deepwright-est-")));
  const opened: Closeable[] = [];
  const close: Workshop["close"] = async ({ remove = false } = {}) => {
    for (const part of opened.splice(0).reverse()) await part.close();
    if (remove) await rm(workdir, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    return { ...(await furnish(options, sales, workdir, opened)), close };
  } catch (error) {
    await close({ remove: options.workdir === undefined });
    throw error;
  }
}

interface Closeable {
  close(): Promise<void>;
}

/** Opens and makes what a workshop has; what must be closed again is added to `opened` as soon as it is open. */
async function furnish(
  options: WorkshopOptions,
  sales: PreparedSales,
  workdir: string,
  opened: Closeable[],
): Promise<Omit<Workshop, "close">> {
  const { form = "easy", small = false, signal } = options;
  const databaseUri = options.database ?? `file:${join(workdir, "sales-database")}`;
  // Stays open: the pipeline's processes then reach an embedded database through this one instead of starting it.
  const database = await openSqlStore(databaseUri);
  opened.push(database);
  await loadSales(database, makeSnapshots(sales.sales));
  const location = locateStore({ store: options.store });
  const lineage = options.lineage ?? (await openLineage(location));
  if (!options.lineage) opened.push(lineage);
  const project = await LegacyProject.create({
    root: join(workdir, "project"),
    shelf: join(workdir, "packages"),
    form,
    small,
    git: options.git ?? hasGit(),
  });
  const pipeline = new Pipeline({
    root: project.root,
    databaseUri,
    lineage,
    location,
    project: projectName(form, sales.isGenerated, small),
    objective: { metric: forms[form].metric, direction: "minimize" },
    signal,
  });
  return {
    lineage,
    sales,
    workdir,
    projectRoot: project.root,
    async commit(version, message) {
      const size = await project.commit(version, message);
      await pipeline.runUnrecorded();
      return size;
    },
    record: (seed) => pipeline.record(seed),
    explain: (runId, vs) => explainRegression(lineage.runs, { runId, ...(vs === undefined ? {} : { vs }) }),
    prove: (report, { jobs = 2, maxRuns = 20, onProgress } = {}) =>
      prove({
        runs: lineage.runs,
        report,
        store: location,
        jobs,
        maxRuns,
        packageSources: [project.shelf.folder],
        environment: pipeline.environment,
        ...(signal === undefined ? {} : { signal }),
        ...(onProgress === undefined ? {} : { onProgress }),
      }),
  };
}
