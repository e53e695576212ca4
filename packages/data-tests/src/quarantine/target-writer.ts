import { access, rename, rm } from "node:fs/promises";
import type { QueryEngine } from "@deepwright/engines";
import { suiteInvalid } from "../errors.js";
import type { Statement } from "../sql/fragment.js";

/** Where rows go: a new table, or a new Parquet file where the engine writes them. */
export type QuarantineTarget =
  | { readonly kind: "table"; readonly name: string; readonly schema?: string }
  | { readonly kind: "file"; readonly path: string };

export interface TargetWriter {
  /** `empty` is the query's shape without rows. */
  write(target: QuarantineTarget, query: Statement, empty: string): Promise<void>;
  /** Gives files their names; the numbers of rows in the order of writing. */
  finish(): Promise<number[]>;
  undo(): Promise<void>;
}

const partial = (path: string): string => `${path}.partial`;

/**
 * Writes targets so that all or none of them remain.
 *
 * @param reader reads the rows and puts them into their target
 * @throws DeepwrightError `SUITE_INVALID` for a file that exists or can't be written
 */
export async function targetWriter(
  engine: QueryEngine,
  reader: QueryEngine,
  targets: readonly QuarantineTarget[],
  signal: AbortSignal | undefined,
): Promise<TargetWriter> {
  for (const target of targets) {
    if (target.kind !== "file") continue;
    if (!engine.capabilities.writesParquet) {
      throw suiteInvalid(
        "a table as target of this engine",
        `the file ${JSON.stringify(target.path)}`,
        "Give tables as targets.",
      );
    }
    const exists = await access(target.path).then(
      () => true,
      () => false,
    );
    if (exists)
      throw suiteInvalid(
        "a file that does not exist yet",
        JSON.stringify(target.path),
        "Move it away or give another name.",
      );
  }
  const written: QuarantineTarget[] = [];
  const more = signal && { signal };
  const name = (target: Extract<QuarantineTarget, { kind: "table" }>): string => engine.fromClause(target);
  return {
    async write(target, { sql: query, parameters }, empty) {
      if (target.kind === "file") {
        written.push(target);
        const copy = `COPY (${query}) TO $${parameters.length + 1} (FORMAT parquet)`;
        await reader.query(copy, { ...more, parameters: [...parameters, partial(target.path)] });
      } else {
        await engine.query(`CREATE TABLE ${name(target)} AS ${empty}`, more);
        written.push(target);
        await reader.query(`INSERT INTO ${name(target)} ${query}`, { ...more, parameters });
      }
    },
    async finish() {
      const counts: number[] = [];
      for (const target of written) {
        const source =
          target.kind === "file" ? ({ kind: "file", path: partial(target.path), format: "parquet" } as const) : target;
        const [row] = await engine.query<{ n: number }>(`SELECT count(*) AS n FROM ${engine.fromClause(source)}`, more);
        counts.push(Number(row?.n));
      }
      for (const target of written) if (target.kind === "file") await rename(partial(target.path), target.path);
      return counts;
    },
    async undo() {
      for (const target of written) {
        if (target.kind === "table") await engine.query(`DROP TABLE IF EXISTS ${name(target)}`);
        else for (const path of [partial(target.path), target.path]) await rm(path, { force: true });
      }
    },
  };
}
