import { z } from "zod";
import { entityKinds } from "./ids.js";
import type { JsonValue } from "./leaf.js";

export const entityKindSchema = z.enum(entityKinds);

/** Something that a package found out about an entity, at a moment, valid until it expires. */
export interface Fact {
  readonly entityKind: (typeof entityKinds)[number];
  readonly entityId: string;
  /** `package.noun`, such as `why.verdict` or `data-tests.result`. */
  readonly kind: string;
  readonly body: JsonValue;
  /** Milliseconds since 1970. */
  readonly recordedAtMs: number;
  /** Milliseconds since 1970; `null`: never. */
  readonly expiresAtMs: number | null;
}

const registry = new Map<string, z.ZodType>();

/** Registers the schema of a kind of fact; a fact of a kind without a schema is refused when it is stored. */
export function registerFactSchema(kind: string, schema: z.ZodType): void {
  registry.set(kind, schema);
}

/** The schema of a kind of fact, if one is registered. */
export function factSchema(kind: string): z.ZodType | undefined {
  return registry.get(kind);
}

/** Kinds that packages other than their author read. */
export const evidenceFactSchema = z.object({
  /** One of the 28 tests of the ML Test Score, such as `data-1`. */
  test: z.string().regex(/^(data|model|infrastructure|monitoring)-[1-7]$/),
  /** 0.5 for a test done by hand with its result written down, 1 for an automated one. */
  points: z.union([z.literal(0.5), z.literal(1)]),
  passed: z.boolean(),
  summary: z.string().min(1),
  source: z.string().min(1),
});
export type EvidenceFact = z.infer<typeof evidenceFactSchema>;
registerFactSchema("readiness.evidence", evidenceFactSchema);

const count = z.int().min(0);

/** What came of one expectation of a suite. */
const dataTestCheckSchema = z.object({
  id: z.string(),
  kind: z.string(),
  columns: z.array(z.string()),
  severity: z.enum(["error", "warning", "info"]),
  passed: z.boolean(),
  /** One sentence for people. */
  sentence: z.string(),
  /** Rows (or keys, or groups) looked at, and those that break the expectation; `null` where nothing is counted. */
  considered: count.nullable(),
  failing: count.nullable(),
});

/** The verdict of a suite of data tests on a version of a data set. Holds no rows of the data. */
export const dataTestFactSchema = z.object({
  suite: z.string().min(1),
  engine: z.string(),
  /** `null`: all of the data. */
  partition: z.string().nullable(),
  passed: z.boolean(),
  rowCount: count,
  columnCount: count,
  failed: z.object({ error: count, warning: count, info: count }),
  /** Milliseconds since 1970. */
  startedAtMs: z.number(),
  durationMs: z.number(),
  checks: z.array(dataTestCheckSchema).max(100_000),
});
export type DataTestFact = z.infer<typeof dataTestFactSchema>;
export const dataTestFactKind = "data-tests.result";
registerFactSchema(dataTestFactKind, dataTestFactSchema);
