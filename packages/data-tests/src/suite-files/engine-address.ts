import { existsSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { DeepwrightError } from "@deepwright/core";
import type { EngineOptions } from "@deepwright/engines";

/**
 * The engine that an address means: `duckdb` (in memory, reads files), `duckdb:PATH` or a path that ends in `.duckdb`
 * (a database file that exists), `postgres://...`, `sc://host:port` (Spark Connect).
 *
 * @param workingDirectory where relative paths begin
 * @example
 * ```ts
 * console.log(engineOfAddress("sc://localhost:15002", "/")); // { kind: 'spark', uri: 'sc://localhost:15002' }
 * ```
 * @throws DeepwrightError `ENGINE_ADDRESS_INVALID`, `DATA_FILE_MISSING`
 */
export function engineOfAddress(address: string, workingDirectory: string): EngineOptions {
  if (address === "duckdb" || address === "duckdb:" || address === "duckdb::memory:") return { kind: "duckdb" };
  if (/^postgres(ql)?:\/\/./.test(address)) return { kind: "postgres", uri: address };
  if (/^(sc|spark):\/\/./.test(address)) return { kind: "spark", uri: address };
  const path = /^duckdb:(?<path>.+)$/s.exec(address)?.groups?.path ?? (address.endsWith(".duckdb") ? address : null);
  if (path === null) throw addressInvalid(address);
  const absolute = isAbsolute(path) ? path : resolve(workingDirectory, path);
  // DuckDB would make a new, empty database of a misspelled name.
  if (!existsSync(absolute)) throw databaseMissing(absolute);
  return { kind: "duckdb", path: absolute };
}

function addressInvalid(address: string): DeepwrightError {
  return new DeepwrightError({
    code: "ENGINE_ADDRESS_INVALID",
    expected: "duckdb, duckdb:PATH, postgres://user@host/database or sc://host:port",
    got: JSON.stringify(address.replace(/:\/\/[^@/]*@/, "://...@")),
    todo: "Give the address of an engine, or none for DuckDB in memory, which reads files.",
  });
}

function databaseMissing(path: string): DeepwrightError {
  return new DeepwrightError({
    code: "DATA_FILE_MISSING",
    kind: "not-found",
    expected: "an existing DuckDB database",
    got: JSON.stringify(path),
    todo: "Check the path.",
    details: { file: path },
  });
}
