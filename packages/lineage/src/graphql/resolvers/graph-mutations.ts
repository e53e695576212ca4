import { DeepwrightError } from "@deepwright/core";
import type { Comparison, FeatureStatus, Gate } from "../../contract/index.js";
import { entityId } from "../base/global-id.js";
import { withUserErrors } from "../base/user-errors.js";
import type { SliceContext } from "../context.js";
import { runIdOf } from "./arguments.js";

/** Fields that are missing or null left out, as the services expect them. */
type Given<Fields> = { [Name in keyof Fields]: Exclude<Fields[Name], null | undefined> };
function given<Fields extends object>(fields: Fields): Partial<Given<Fields>> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  ) as Partial<Given<Fields>>;
}

interface GateArgument {
  readonly name: string;
  readonly metric: string;
  readonly comparison: Comparison;
  readonly value: number;
}

function gateOf({ name, metric, comparison: op, value }: GateArgument): Gate {
  if (op !== "=" && op !== "!=") return { name, metric, op, value };
  throw new DeepwrightError({
    code: "INVALID_GATE",
    expected: "LESS, LESS_OR_EQUAL, GREATER or GREATER_OR_EQUAL for a gate",
    got: op,
    todo: "Say which side of the value passes.",
  });
}

interface Input<Fields> {
  readonly input: Fields;
}
interface FeatureFields {
  readonly project: string;
  readonly name: string;
  readonly owner: string;
  readonly status?: FeatureStatus | null;
  readonly description?: string | null;
  readonly source?: { readonly dataset: string; readonly column: string } | null;
}
interface ModelFields {
  readonly project: string;
  readonly name: string;
  readonly gates?: readonly GateArgument[] | null;
}
interface VersionFields {
  readonly project: string;
  readonly model: string;
  readonly runId?: string | null;
  readonly features?: readonly string[] | null;
  readonly description?: string | null;
}
interface AliasFields {
  readonly project: string;
  readonly model: string;
  readonly alias: string;
  readonly version: number;
}
interface DeploymentFields {
  readonly modelVersionId: string;
  readonly environment: string;
  readonly url?: string | null;
}
interface ConsumerFields {
  readonly project: string;
  readonly name: string;
  readonly owner: string;
  readonly contact?: string | null;
  readonly purpose?: string | null;
  readonly consumes: readonly string[];
  readonly writes?: readonly string[] | null;
}

export const graphMutations = {
  Mutation: {
    declareFeature: (_: never, { input }: Input<FeatureFields>, { lineage }: SliceContext) =>
      withUserErrors(async () => {
        const { project, name, owner, ...rest } = input;
        return { feature: await lineage.graph.declareFeature({ project, name, owner, ...given(rest) }) };
      }),
    declareModel: (_: never, { input }: Input<ModelFields>, { lineage }: SliceContext) =>
      withUserErrors(async () => {
        const { project, name, gates } = input;
        return {
          model: await lineage.graph.declareModel({ project, name, ...(gates ? { gates: gates.map(gateOf) } : {}) }),
        };
      }),
    registerModelVersion: (_: never, { input }: Input<VersionFields>, { lineage }: SliceContext) =>
      withUserErrors(async () => {
        const { project, model, runId, ...rest } = input;
        return {
          modelVersion: await lineage.graph.registerModelVersion({
            project,
            model,
            ...given(rest),
            ...(typeof runId === "string" ? { runId: runIdOf(runId) } : {}),
          }),
        };
      }),
    setModelAlias: (_: never, { input }: Input<AliasFields>, { lineage }: SliceContext) =>
      withUserErrors(async () => ({ model: await lineage.graph.setAlias({ ...input }) })),
    deployModelVersion: (_: never, { input }: Input<DeploymentFields>, { lineage }: SliceContext) =>
      withUserErrors(async () => {
        const { modelVersionId, environment, url } = input;
        return {
          deployment: await lineage.graph.deploy({
            modelVersionId: entityId(modelVersionId, "ModelVersion"),
            environment,
            ...given({ url }),
          }),
        };
      }),
    declareConsumer: (_: never, { input }: Input<ConsumerFields>, { lineage }: SliceContext) =>
      withUserErrors(async () => {
        const { project, name, owner, consumes, ...rest } = input;
        return {
          consumer: await lineage.graph.declareConsumer({
            project,
            name,
            owner,
            consumes: consumes.map((id) => entityId(id, "Deployment", "ModelVersion", "Dataset")),
            ...given(rest),
          }),
        };
      }),
  },
};
