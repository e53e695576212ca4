import type { QueryEngine } from "./engine.js";
import { loadPeer } from "./load-peer.js";
import type { DuckDbOptions, PostgresOptions, SparkOptions } from "./options.js";

export type EngineOptions = DuckDbOptions | PostgresOptions | SparkOptions;

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
  if (options.kind === "spark") {
    await loadPeer("@grpc/grpc-js", "the engine spark", () => import("@grpc/grpc-js"));
    await loadPeer("@grpc/proto-loader", "the engine spark", () => import("@grpc/proto-loader"));
    const { openSpark } = await loadPeer("apache-arrow", "the engine spark", () => import("./engines/spark/open.js"));
    return openSpark(options);
  }
  const { openPostgres } = await loadPeer("pg", "the engine postgres", () => import("./engines/postgres/open.js"));
  return openPostgres(options);
}
