import type { SqlExecutor } from "@deepwright/store";
import type { Cycle, GraphNode } from "../contract/index.js";
import { nameEntities } from "./entities.js";

type Adjacency = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Strongly connected components with more than one node (Tarjan, "Depth-first search and linear graph algorithms", SIAM
 * J. Comput. 1972), without recursion, so that a long chain can't overflow the stack.
 */
export function stronglyConnected(graph: Adjacency): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const onStack = new Set<string>();
  const stack: string[] = [];
  const components: string[][] = [];
  for (const root of graph.keys()) {
    if (order.has(root)) continue;
    const work: { node: string; successors: Iterator<string> }[] = [];
    const enter = (node: string): void => {
      order.set(node, order.size);
      low.set(node, order.get(node) ?? 0);
      stack.push(node);
      onStack.add(node);
      work.push({ node, successors: (graph.get(node) ?? new Set<string>()).values() });
    };
    const lower = (node: string, value: number): void => {
      low.set(node, Math.min(low.get(node) ?? value, value));
    };
    enter(root);
    for (let frame = work.at(-1); frame; frame = work.at(-1)) {
      const next = frame.successors.next();
      if (!next.done) {
        if (!order.has(next.value)) enter(next.value);
        else if (onStack.has(next.value)) lower(frame.node, order.get(next.value) ?? 0);
        continue;
      }
      work.pop();
      const parent = work.at(-1);
      if (parent) lower(parent.node, low.get(frame.node) ?? 0);
      if (low.get(frame.node) !== order.get(frame.node)) continue;
      const component = stack.splice(stack.lastIndexOf(frame.node));
      for (const node of component) onStack.delete(node);
      if (component.length > 1) components.push(component);
    }
  }
  return components;
}

/** The shortest cycle through a node within a set of nodes, the node itself first and last. */
function shortestCycle(graph: Adjacency, start: string, within: ReadonlySet<string>): string[] {
  const previous = new Map<string, string>();
  const queue = [start];
  for (let index = 0; index < queue.length; index++) {
    const node = queue[index] as string;
    for (const next of graph.get(node) ?? []) {
      if (next === start) {
        const path = [start];
        for (let step = node; step !== start; step = previous.get(step) as string) path.unshift(step);
        return [start, ...path];
      }
      if (within.has(next) && !previous.has(next)) {
        previous.set(next, node);
        queue.push(next);
      }
    }
  }
  return [];
}

/**
 * Feedback cycles of a project: data that a model learned from and that what consumes the model writes to. Versions are
 * folded into their data set or model first, since a new version never points back to an old one; a cycle without a
 * model (a job that appends to the data it reads) is ordinary work and not reported.
 */
export async function findCycles(store: SqlExecutor, projectId: string): Promise<readonly Cycle[]> {
  const edges = await store.query<{ from_id: string; to_id: string; relation: string }>(
    "select from_id, to_id, relation from lineage_edge where project_id = $1",
    [projectId],
  );
  const parents = new Map(
    edges.filter((edge) => edge.relation === "version").map((edge) => [edge.to_id, edge.from_id]),
  );
  const fold = (id: string): string => parents.get(id) ?? id;
  const graph = new Map<string, Set<string>>();
  for (const edge of edges) {
    const [from, to] = [fold(edge.from_id), fold(edge.to_id)];
    if (from === to) continue;
    const successors = graph.get(from) ?? new Set();
    successors.add(to);
    graph.set(from, successors);
  }
  const components = stronglyConnected(graph);
  const names = await nameEntities(store, components.flat());
  return components.flatMap((component): Cycle[] => {
    const models = component.filter((id) => names.get(id)?.kind === "model").sort();
    return models.flatMap((model): Cycle[] => {
      const ids = shortestCycle(graph, model, new Set(component));
      const path = ids.flatMap((id, depth): GraphNode[] => {
        const entity = names.get(id);
        return entity ? [{ id, kind: entity.kind, name: entity.name, depth }] : [];
      });
      const shown = path.filter(({ kind }) => kind !== "run").map(({ kind, name }) => `${kind} ${name}`);
      return [{ path, sentence: `Feedback loop: ${shown.join(" -> ")}.` }];
    });
  });
}
