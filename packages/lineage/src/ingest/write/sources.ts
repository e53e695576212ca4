import type { Plan } from "../plan.js";
import type { Statement } from "../statement.js";

/** Moves the position of every log; fails when one is not where the plan began. */
export function moveSources(statement: Statement, plan: Plan): void {
  const sources = [...plan.sources].sort(([a], [b]) => (a < b ? -1 : 1));
  const ids = statement.add(sources.map(([id]) => id));
  const from = statement.add(sources.map(([, move]) => move.from));
  const to = statement.add(sources.map(([, move]) => move.to));
  statement.part(
    "moved",
    `insert into lineage_source as s (id, previous_position, position, updated_at_ms)
     select id, previous_position, position, ${statement.now}
     from unnest(${ids}::text[], ${from}::bigint[], ${to}::bigint[]) as t(id, previous_position, position)
     on conflict (id) do update set previous_position = excluded.previous_position, position = excluded.position,
       updated_at_ms = excluded.updated_at_ms
     where s.position = excluded.previous_position
     returning 1`,
  );
  statement.require("moved", sources.length);
}
