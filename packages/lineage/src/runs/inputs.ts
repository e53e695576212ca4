import { componentNameSchema, entityKindSchema, leafSchema, runStatuses } from "@deepwright/core";
import { z } from "zod";
import type { RunFilter, RunService } from "../contract/index.js";

const id = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "expected the id of a run, a lower-case UUID")
  .describe("Id of a run, a lower-case UUID");
const name = z.string().max(1000);
const text = z.string().max(262_144);
/** Numbers with NaN and the infinities, which are data. */
const number = z.union([z.number(), z.nan(), z.literal(Infinity), z.literal(-Infinity)]);
const comparison = z.enum(["=", "!=", "<", "<=", ">", ">="]);
const aggregate = z.enum(["last", "min", "max", "mean"]);
const path = z.string().max(4096);

const runFilterSchema: z.ZodType<RunFilter> = z.lazy(() =>
  z.union([
    z.strictObject({ and: z.array(runFilterSchema).max(1000) }),
    z.strictObject({ or: z.array(runFilterSchema).max(1000) }),
    z.strictObject({ not: runFilterSchema }),
    z.strictObject({ metric: name, aggregate: aggregate.exactOptional(), op: comparison, value: number }),
    z.strictObject({ component: componentNameSchema, path, op: comparison, value: leafSchema }),
    z.strictObject({ tag: name, op: z.enum(["=", "!="]), value: text }),
    z.strictObject({ status: z.enum(runStatuses) }),
    z.strictObject({ startedAfterMs: z.number() }),
    z.strictObject({ startedBeforeMs: z.number() }),
    z.strictObject({ text }),
  ]),
);

const direction = z.enum(["ascending", "descending"]);
const selection = {
  project: name.optional(),
  filter: runFilterSchema.optional(),
  includeArchived: z.boolean().optional(),
  purposes: z.array(z.enum(["user", "proof"])).optional(),
};

/** What each method of the runs takes. `ingest` checks its batches itself, by hand, since every point goes through it. */
export const runInputs = {
  ingest: z.unknown(),
  getRun: z.strictObject({ id }),
  resolveRun: z.strictObject({ reference: name, project: name.optional() }),
  searchRuns: z.strictObject({
    ...selection,
    order: z
      .union([
        z.strictObject({ by: z.literal("started"), direction }),
        z.strictObject({ by: z.literal("metric"), metric: name, aggregate: aggregate.optional(), direction }),
      ])
      .optional(),
    first: z.int().min(1).max(1000).optional(),
    after: z.string().max(1000).optional(),
  }),
  countRuns: z.strictObject(selection),
  metricHistory: z.strictObject({ id, name, maxPoints: z.int().min(1).max(10_000_000).optional() }),
  component: z.strictObject({ id, component: componentNameSchema, prefix: path.optional() }),
  compareComponents: z.strictObject({ before: id, after: id }),
  blob: z.strictObject({ hash: z.string().max(100) }),
  setTags: z.strictObject({ id, tags: z.record(z.string(), z.string().nullable()) }),
  setNote: z.strictObject({ id, note: text }),
  archiveRun: z.strictObject({ id, archived: z.boolean() }),
  markLost: z.strictObject({ silentMs: z.number().min(0) }),
  recordFact: z.strictObject({
    entityKind: entityKindSchema,
    entityId: name,
    kind: name,
    body: z.unknown(),
    recordedAtMs: z.number().optional(),
    expiresAtMs: z.number().nullable(),
  }),
  facts: z.strictObject({ entityKind: entityKindSchema, entityId: name, kind: name.optional() }),
  projects: z.unknown(),
} as const satisfies Record<keyof RunService, z.ZodType>;
