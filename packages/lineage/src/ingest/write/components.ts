import { configurationName, indexKey, leafNumber, leafText } from "../../db/index-key.js";
import type { RunDelta } from "../plan.js";
import type { PlanContext } from "../plan-context.js";
import type { Statement } from "../statement.js";

/** Stores the tree nodes that are new. */
export function insertNodes(statement: Statement, context: PlanContext): void {
  if (context.nodes.size === 0) return;
  // Sorted, so that two writers of the same nodes wait for each other instead of deadlocking.
  const nodes = [...context.nodes].sort(([a], [b]) => (a < b ? -1 : 1));
  const hashes = statement.add(nodes.map(([hash]) => hash));
  const bodies = statement.add(nodes.map(([, body]) => body));
  statement.part(
    "nodes",
    `insert into lineage_tree_node (hash, body) select * from unnest(${hashes}::text[], ${bodies}::text[])
     on conflict (hash) do nothing`,
  );
}

/** Keeps the searchable leaves of the configuration as its tree has them. */
export function writeConfiguration(statement: Statement, runs: readonly RunDelta[]): void {
  const set: [runId: string, path: string, name: string, text: string, number: number | null][] = [];
  const remove: [runId: string, path: string][] = [];
  for (const run of runs) {
    const delta = run.components.get("configuration");
    for (const [path, leaf] of delta?.set ?? []) {
      set.push([
        run.runId,
        indexKey(path),
        indexKey(configurationName(path)),
        indexKey(leafText(leaf)),
        leafNumber(leaf),
      ]);
    }
    for (const path of delta?.remove ?? []) remove.push([run.runId, indexKey(path)]);
  }
  const column = <Row extends readonly unknown[], Index extends keyof Row>(rows: readonly Row[], index: Index) =>
    statement.add(rows.map((row) => row[index] as string | number | null));
  if (set.length > 0) {
    statement.part(
      "leaves",
      `insert into lineage_configuration_leaf (run_id, path, name, value_text, value_number)
       select * from unnest(${column(set, 0)}::uuid[], ${column(set, 1)}::text[], ${column(set, 2)}::text[],
         ${column(set, 3)}::text[], ${column(set, 4)}::float8[])
       on conflict (run_id, path) do update set name = excluded.name, value_text = excluded.value_text,
         value_number = excluded.value_number`,
    );
  }
  if (remove.length > 0) {
    statement.part(
      "removed_leaves",
      `delete from lineage_configuration_leaf l
       using unnest(${column(remove, 0)}::uuid[], ${column(remove, 1)}::text[]) as t(run_id, path)
       where l.run_id = t.run_id and l.path = t.path`,
    );
  }
}
