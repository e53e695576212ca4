import { quoteIdentifier } from "../sql/quote-identifier.js";
import type { Store } from "../store.js";

interface DueTable {
  readonly name: string;
  readonly dead: boolean;
}

/**
 * When Postgres' own autovacuum would act, with its default thresholds (PostgreSQL documentation, 24.1.6): more than
 * 50 + 20 % dead rows, or 1,000 + 20 % new ones, are vacuumed; more than 50 + 10 % changed ones are analyzed.
 *
 * The counts of changes are lost with a process that is killed; the size of a table is not. One that has grown by a quarter
 * and 16 pages since it was looked at is analyzed whatever the counts say.
 */
const due = `
  select s.relname as name,
    s.n_dead_tup > 50 + 0.2 * greatest(c.reltuples, 0) or s.n_ins_since_vacuum > 1000 + 0.2 * greatest(c.reltuples, 0) as dead
  from pg_stat_user_tables s join pg_class c on c.oid = s.relid
  where s.n_dead_tup > 50 + 0.2 * greatest(c.reltuples, 0)
    or s.n_ins_since_vacuum > 1000 + 0.2 * greatest(c.reltuples, 0)
    or s.n_mod_since_analyze > 50 + 0.1 * greatest(c.reltuples, 0)
    or pg_relation_size(c.oid) / current_setting('block_size')::int > 16 + 1.25 * c.relpages
  order by s.relname`;

/**
 * Does for an embedded database what the autovacuum of a server does by itself: takes away rows that were replaced and
 * brings the planner's statistics up to date, table by table, so that other statements run in between. Without it a
 * database that is written to all day grows and gets slower. Does nothing on a Postgres server.
 *
 * @returns the tables that it looked after
 * @example
 * ```ts
 * console.log(await maintainStore(store)); // []
 * ```
 */
export async function maintainStore(store: Store): Promise<readonly string[]> {
  if (store.kind !== "pglite") return [];
  // What was counted since the last second would be missing.
  await store.query("select pg_stat_force_next_flush()");
  const tables = await store.query<DueTable & Record<string, unknown>>(due);
  for (const { name, dead } of tables) {
    await store.query(`${dead ? "vacuum (analyze)" : "analyze"} ${quoteIdentifier(name)}`);
  }
  return tables.map(({ name }) => name);
}
