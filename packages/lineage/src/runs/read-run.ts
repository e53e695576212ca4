import { isId, type RunId } from "@deepwright/core";
import type { SqlExecutor, SqlValue } from "@deepwright/store";
import type { Run } from "../contract/index.js";
import { ambiguousRun, runNotFound } from "./errors.js";
import { type RunRow, runColumns, toRuns } from "./run-row.js";

type Reader = Pick<SqlExecutor, "query">;

/** @throws DeepwrightError `RUN_NOT_FOUND` */
export async function getRun(executor: Reader, id: RunId): Promise<Run> {
  return (await findRun(executor, "r.id = $1::uuid", [id])) ?? fail(id);
}

/**
 * Finds a run by `latest`, its id, the start of its id (4 digits or more), or its name. An exact name goes before the
 * start of an id; of several runs with the name the newest counts.
 *
 * @throws DeepwrightError `RUN_NOT_FOUND`, `RUN_AMBIGUOUS`
 */
export async function resolveRun(executor: Reader, reference: string, project?: string): Promise<Run> {
  const inProject = "($2::text is null or p.name = $2)";
  if (isId(reference)) return getRun(executor, reference as RunId);
  if (reference === "latest") {
    const latest = `$1 = 'latest' and ${inProject} and r.purpose = 'user' and not r.archived`;
    return (await findRun(executor, latest, [reference, project ?? null])) ?? fail(reference);
  }
  const named = await findRun(executor, `r.name = $1 and ${inProject}`, [reference, project ?? null]);
  return named ?? (await byIdStart(executor, reference)) ?? fail(reference);
}

function fail(reference: string): never {
  throw runNotFound(reference);
}

async function findRun(executor: Reader, where: string, parameters: SqlValue[]): Promise<Run | undefined> {
  const rows = await executor.query<RunRow>(
    `select ${runColumns} from lineage_run r join lineage_project p on p.id = r.project_id
     where ${where} order by r.started_at_ms desc, r.id desc limit 1`,
    parameters,
  );
  return (await toRuns(executor, rows))[0];
}

async function byIdStart(executor: Reader, reference: string): Promise<Run | undefined> {
  const digits = reference.toLowerCase().replaceAll("-", "");
  if (!/^[0-9a-f]{4,31}$/.test(digits)) return undefined;
  const rows = await executor.query<{ id: RunId }>(
    "select id from lineage_run where id between $1::uuid and $2::uuid order by id limit 3",
    [digits.padEnd(32, "0"), digits.padEnd(32, "f")],
  );
  const [first] = rows;
  if (first === undefined) return undefined;
  if (rows.length > 1) throw ambiguousRun(reference, rows.map((row) => row.id).slice(0, 3));
  return getRun(executor, first.id);
}
