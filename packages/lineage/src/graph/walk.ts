import { DeepwrightError } from "@deepwright/core";
import type { SqlExecutor } from "@deepwright/store";
import type { GraphEdge, GraphNode, GraphWalk, WalkInput } from "../contract/index.js";
import { nameEntities, requireEntity } from "./entities.js";

/**
 * Nodes within `maxDepth` steps, each at its least depth. `union` drops a node that was already reached at the same
 * depth, so that a cycle or a diamond costs no more than nodes times depth.
 */
function walkQuery(direction: WalkInput["direction"]): string {
  const [here, there] = direction === "downstream" ? ["from_id", "to_id"] : ["to_id", "from_id"];
  return `
    with recursive walk(id, depth) as (
      select $1::uuid, 0
      union
      select edge.${there}, walk.depth + 1 from walk join lineage_edge edge on edge.${here} = walk.id
      where walk.depth < $2
    )
    select id, min(depth)::int as depth from walk group by id order by min(depth), id limit $3`;
}

function refuseBound(name: string, value: number, low: number, high: number): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw new DeepwrightError({
    code: "INVALID_WALK",
    expected: `${name} as a whole number from ${low} to ${high}`,
    got: String(value),
    todo: "Pass a number within these bounds.",
  });
}

/**
 * The ids alone, nearest first: what a caller needs who only wants to know how far a change reaches.
 *
 * @throws DeepwrightError `ENTITY_NOT_FOUND`, `INVALID_WALK`
 */
export async function reachableIds(
  store: SqlExecutor,
  input: WalkInput,
): Promise<readonly { readonly id: string; readonly depth: number }[]> {
  const { id, direction, maxDepth = 20, maxNodes = 10_000 } = input;
  refuseBound("maxDepth", maxDepth, 1, 100);
  refuseBound("maxNodes", maxNodes, 1, 1_000_001);
  const reached = await store.query<{ id: string; depth: number }>(walkQuery(direction), [id, maxDepth, maxNodes]);
  // An id with edges is known; only one that stands alone has to be looked up.
  if (reached.length <= 1) await requireEntity(store, id);
  return reached;
}

/**
 * Everything that is reached from an entity by following edges one way, nearest first, with the edges between what was
 * reached.
 *
 * @throws DeepwrightError `ENTITY_NOT_FOUND`, `INVALID_WALK`
 */
export async function walkGraph(store: SqlExecutor, input: WalkInput): Promise<GraphWalk> {
  await requireEntity(store, input.id);
  const maxNodes = input.maxNodes ?? 10_000;
  const reached = await reachableIds(store, { ...input, maxNodes: maxNodes + 1 });
  const kept = reached.slice(0, maxNodes);
  const ids = kept.map((node) => node.id);
  const [names, edges] = await Promise.all([
    nameEntities(store, ids),
    store.query<{ from_id: string; to_id: string; relation: string }>(
      "select from_id, to_id, relation from lineage_edge where from_id = any($1::uuid[]) and to_id = any($1::uuid[])",
      [ids],
    ),
  ]);
  const nodes = kept.flatMap(({ id, depth }): GraphNode[] => {
    const entity = names.get(id);
    return entity ? [{ id, kind: entity.kind, name: entity.name, depth }] : [];
  });
  const deepest = Math.max(...kept.map(({ depth }) => depth));
  const cutByDepth = deepest === (input.maxDepth ?? 20) && (await hasFurther(store, kept, deepest, input.direction));
  return {
    nodes,
    edges: edges.map((edge): GraphEdge => ({ from: edge.from_id, to: edge.to_id, relation: edge.relation })),
    truncated: reached.length > maxNodes || cutByDepth,
  };
}

/** Whether a node at the last depth leads to one that was not reached. */
async function hasFurther(
  store: SqlExecutor,
  reached: readonly { readonly id: string; readonly depth: number }[],
  depth: number,
  direction: WalkInput["direction"],
): Promise<boolean> {
  const [here, there] = direction === "downstream" ? ["from_id", "to_id"] : ["to_id", "from_id"];
  const rim = reached.filter((node) => node.depth === depth).map(({ id }) => id);
  const rows = await store.query(
    `select 1 from lineage_edge where ${here} = any($1::uuid[]) and not (${there} = any($2::uuid[])) limit 1`,
    [rim, reached.map(({ id }) => id)],
  );
  return rows.length > 0;
}
