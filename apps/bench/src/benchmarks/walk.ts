import { join } from "node:path";
import { type EntityKind, newId, seededRng } from "@deepwright/core";
import { openLineage } from "@deepwright/lineage";
import type { Benchmark } from "../benchmark.js";
import { formatFigure, interleave, median, medianRatio } from "../measure/statistics.js";

/** The same walk as plain SQL, with nothing around it. */
const bareQuery = `
  with recursive walk(id, depth) as (
    select $1::uuid, 0
    union
    select edge.to_id, walk.depth + 1 from walk join lineage_edge edge on edge.from_id = walk.id where walk.depth < $2
  )
  select id, min(depth)::int as depth from walk group by id order by min(depth), id`;

const project = "bench";
const depth = 20;

/** A walk of depth 20 downstream over a layered random graph of 1,000,000 edges. */
export const walkBenchmark: Benchmark = {
  name: "walk",
  async run(context) {
    const edgeCount = context.quick ? 10_000 : 1_000_000;
    const lineage = await openLineage(`file:${join(context.folder, "store")}`);
    context.defer(() => lineage.close());
    const { store } = lineage;
    if (store.kind === "http") throw new Error("a file: store can't be remote");
    const start = await lineage.graph.declareModel({ project, name: "origin" });
    const rng = seededRng(1);
    // 100 layers; each edge leads from a node to one of the next layer, so that a walk of depth 20 meets thousands.
    const perLayer = edgeCount / 200;
    const layers = Array.from({ length: 100 }, () => Array.from({ length: perLayer }, () => newId<"dataset">()));
    context.say(`inserting ${formatFigure(edgeCount)} edges`);
    const kind: EntityKind = "dataset";
    const projectId = await lineage.graph.projectId({ project });
    for (const [index, layer] of layers.entries()) {
      const next = layers[index + 1];
      const from = index === 0 ? [start.id, start.id, start.id] : [];
      const to: string[] = index === 0 ? layer.slice(0, 3) : [];
      if (next) {
        for (const node of layer) {
          for (let edge = 0; edge < 2; edge++) {
            from.push(node);
            to.push(next[rng.integer(next.length)] as string);
          }
        }
      }
      if (from.length === 0) continue;
      await store.insertColumns(
        "lineage_edge",
        {
          from_kind: { type: "text", values: from.map(() => kind) },
          from_id: { type: "uuid", values: from },
          to_kind: { type: "text", values: from.map(() => kind) },
          to_id: { type: "uuid", values: to },
          relation: { type: "text", values: from.map(() => "input") },
          project_id: { type: "uuid", values: from.map(() => projectId) },
        },
        { onConflict: "do nothing" },
      );
    }
    await store.query("analyze lineage_edge");
    let reached = 0;
    const timed = async (work: () => Promise<number>): Promise<number> => {
      const begin = performance.now();
      reached = await work();
      return performance.now() - begin;
    };
    const candidates = {
      bare: () => timed(async () => (await store.query(bareQuery, [start.id, depth])).length),
      ours: () =>
        timed(
          async () =>
            (await lineage.graph.reach({ id: start.id, direction: "downstream", maxDepth: depth, maxNodes: 1_000_000 }))
              .length,
        ),
    };
    await interleave(2, candidates);
    const results = await interleave(context.rounds * 3, candidates);
    const ratio = medianRatio(results.ours, results.bare);
    return [
      {
        what: `walk of depth ${depth} over ${formatFigure(edgeCount)} edges, ${formatFigure(reached)} nodes reached (PGlite)`,
        asked: "<= 1.2 x the bare recursive SQL",
        measured: `${formatFigure(median(results.ours))} ms = ${formatFigure(ratio)} x`,
        beside: `${formatFigure(median(results.bare))} ms`,
        reached: ratio <= 1.2,
      },
    ];
  },
};
