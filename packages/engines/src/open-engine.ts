import type { QueryEngine } from "./engine.js";
import { engineNotInstalled } from "./errors.js";

export interface DuckDbOptions {
  readonly kind: "duckdb";
  /** Database file, made when it is absent. Default: in memory. */
  readonly path?: string;
  /** Bytes that DuckDB may hold before it spills to `temporaryDirectory`. Default: 80 % of the machine's memory. */
  readonly memoryLimit?: number;
  /** Folder to spill to; made when it is needed. Default: a folder of its own in the system's temporary folder. */
  readonly temporaryDirectory?: string;
  /** Default: one for each processor core. */
  readonly threads?: number;
}

export interface PostgresOptions {
  readonly kind: "postgres";
  /** `postgres://user:password@host:port/database` */
  readonly uri: string;
}

export type EngineOptions = DuckDbOptions | PostgresOptions;

/**
 * Opens an engine. Its client is loaded only now, so a package that is not asked for need not be installed.
 *
 * @example
 * ```ts
 * const engine = await openEngine({ kind: "duckdb" });
 * console.log(await engine.query("SELECT $1 + 1 AS answer", { parameters: [41] }));
 * // [ { answer: 42 } ]
 * await engine.close();
 * ```
 * @throws DeepwrightError `ENGINE_NOT_INSTALLED` when the client's package is absent, `ENGINE_UNAVAILABLE` when the server or
 *   the database file can't be used
 */
export async function openEngine(options: EngineOptions): Promise<QueryEngine> {
  if (options.kind === "duckdb") {
    const { openDuckDb } = await loadPeer(
      "@duckdb/node-api",
      "the engine duckdb",
      () => import("./engines/duckdb/open.js"),
    );
    return openDuckDb(options);
  }
  const { openPostgres } = await loadPeer("pg", "the engine postgres", () => import("./engines/postgres/open.js"));
  return openPostgres(options);
}

/** Loads code that imports an optional peer, and says how to install the peer when it is absent. */
export async function loadPeer<Module>(
  packageName: string,
  purpose: string,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
    if (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND") {
      throw engineNotInstalled(packageName, purpose, error);
    }
    throw error;
  }
}
