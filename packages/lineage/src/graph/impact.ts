import type { EntityKind } from "@deepwright/core";
import type { SqlExecutor } from "@deepwright/store";
import type { GraphNode, Impact } from "../contract/index.js";
import { requireEntity } from "./entities.js";
import { walkGraph } from "./walk.js";

function listed(nodes: readonly GraphNode[], singular: string, plural: string): string {
  if (nodes.length === 0) return "";
  const shown = nodes.slice(0, 3).map(({ name }) => name);
  const rest = nodes.length - shown.length;
  return `${nodes.length} ${nodes.length === 1 ? singular : plural} (${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""})`;
}

/**
 * What must be tested again if an entity changes: everything downstream of it, by kind, nearest first. Deployments that
 * no longer run are left out.
 *
 * @throws DeepwrightError `ENTITY_NOT_FOUND`
 */
export async function impactOf(store: SqlExecutor, id: string): Promise<Impact> {
  const entity = await requireEntity(store, id);
  const { nodes } = await walkGraph(store, { id, direction: "downstream", maxDepth: 100, maxNodes: 100_000 });
  const of = (kind: EntityKind): GraphNode[] => nodes.filter((node) => node.kind === kind && node.id !== id);
  const running = await store.query<{ id: string }>(
    "select id from lineage_deployment where active and id = any($1::uuid[])",
    [of("deployment").map((node) => node.id)],
  );
  const active = new Set(running.map((row) => row.id));
  const deployments = of("deployment").filter((node) => active.has(node.id));
  const features = of("feature");
  const modelVersions = of("model-version");
  const consumers = of("consumer");
  const test = [
    listed(features, "feature", "features"),
    listed(modelVersions, "model version", "model versions"),
    listed(deployments, "deployment", "deployments"),
  ]
    .filter((part) => part !== "")
    .join(", ");
  const tell = listed(consumers, "consumer", "consumers");
  const sentence =
    test === "" && tell === ""
      ? `Nothing recorded depends on ${entity.name}.`
      : `If ${entity.name} changes, ${test === "" ? "no model needs another test" : `test ${test} again`}${tell === "" ? "" : `, and tell ${tell}`}.`;
  return { id, features, modelVersions, deployments, consumers, datasets: of("dataset"), sentence };
}
