import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stronglyConnected } from "./cycles.js";

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

const graphs: fc.Arbitrary<Graph> = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 11 }), fc.integer({ min: 0, max: 11 })), { maxLength: 40 })
  .map((pairs) => {
    const graph = new Map<string, Set<string>>();
    for (const [from, to] of pairs) {
      if (from !== to) graph.set(String(from), (graph.get(String(from)) ?? new Set()).add(String(to)));
    }
    return graph;
  });

/** What is reached by at least one step. */
function reached(graph: Graph, start: string): Set<string> {
  const found = new Set<string>();
  const waiting = [start];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const next of graph.get(node) ?? []) {
      if (!found.has(next)) waiting.push(next);
      found.add(next);
    }
  }
  return found;
}

describe("stronglyConnected", () => {
  it("puts two nodes together exactly when each reaches the other", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const component = new Map<string, number>();
        stronglyConnected(graph).forEach((nodes, index) => {
          expect(nodes.length).toBeGreaterThan(1);
          for (const node of nodes) {
            expect(component.has(node)).toBe(false);
            component.set(node, index);
          }
        });
        const nodes = [...new Set([...graph].flatMap(([from, to]) => [from, ...to]))];
        const reach = new Map(nodes.map((node) => [node, reached(graph, node)]));
        for (const a of nodes) {
          for (const b of nodes) {
            if (a === b) continue;
            const mutual = reach.get(a)?.has(b) === true && reach.get(b)?.has(a) === true;
            const together = component.has(a) && component.get(a) === component.get(b);
            expect(together, `${a} and ${b}`).toBe(mutual);
          }
        }
      }),
    );
  });

  it("takes a ring of 50,000 nodes without overflowing the stack", () => {
    const count = 50_000;
    const ring = new Map(
      Array.from({ length: count }, (_, index) => [String(index), new Set([String((index + 1) % count)])]),
    );
    expect(stronglyConnected(ring).map((nodes) => nodes.length)).toEqual([count]);
  });
});
