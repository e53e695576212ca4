import { type Clock, newId, type RunId } from "@deepwright/core";
import type { LineageEvent, RunStartEvent } from "../contract/index.js";
import { type Lineage, openLineage } from "../open-lineage.js";
import { scratchPg, scratchPglite } from "../scratch-store.js";

export interface TestLineage extends Lineage {
  end(): Promise<void>;
}

export const engines = [
  {
    name: "PGlite",
    available: true,
    open: async (clock: Clock): Promise<TestLineage> => {
      const store = await scratchPglite();
      const lineage = await openLineage(store, { clock });
      return {
        ...lineage,
        end: async () => {
          await lineage.close();
          await store.close();
        },
      };
    },
  },
  {
    name: "Postgres",
    available: process.env.SCRATCH_PG !== undefined,
    open: async (clock: Clock): Promise<TestLineage> => {
      const admin = await scratchPg(process.env.SCRATCH_PG as string);
      const name = `t${newId().replaceAll("-", "")}`;
      await admin.query(`create database ${name}`);
      const store = await scratchPg((process.env.SCRATCH_PG as string).replace(/\/[^/]*$/, `/${name}`));
      const lineage = await openLineage(store, { clock });
      return {
        ...lineage,
        end: async () => {
          await lineage.close();
          await store.close();
          await admin.close();
        },
      };
    },
  },
];

/** A log as a recorder keeps it: numbers its events and sends them. */
export class TestLog {
  readonly sourceId = newId();
  private sequence = 1;

  constructor(private readonly lineage: Lineage) {}

  async send(...events: LineageEvent[]) {
    const firstSequence = this.sequence;
    this.sequence += events.length;
    return this.lineage.runs.ingest({ sourceId: this.sourceId, firstSequence, events });
  }
}

export function runStart(fields: Partial<RunStartEvent> = {}): RunStartEvent {
  return {
    type: "run-start",
    runId: newId<"run">(),
    project: "test",
    name: "run",
    command: ["python", "train.py"],
    startedAtMs: Date.UTC(2026, 0, 1),
    location: { host: "host", processId: 1, root: "/project", workingDirectory: "/project" },
    purpose: "user",
    ...fields,
  };
}

export function points(
  runId: RunId,
  columns: Readonly<Record<string, readonly number[]>>,
  firstStep = 0,
): LineageEvent {
  const names = Object.keys(columns);
  const rows = names.flatMap((name, index) =>
    (columns[name] ?? []).map((value, step) => ({ index, step: firstStep + step, value })),
  );
  return {
    type: "metrics",
    runId,
    names,
    nameIndexes: rows.map((row) => row.index),
    steps: rows.map((row) => row.step),
    timesMs: rows.map((row) => Date.UTC(2026, 0, 1) + row.step),
    values: rows.map((row) => row.value),
  };
}
