import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, newId, type RunId } from "@deepwright/core";
import { findPostgres, startPostgres } from "@deepwright/tooling/testing";
import type { IngestReceipt, LineageEvent, RunStartEvent } from "../contract/index.js";
import { type Lineage, openLineage } from "../open-lineage.js";

/** A lineage on a database of its own, which ends with it. */
export interface TestLineage extends Lineage {
  end(): Promise<void>;
}

export interface TestEngine {
  readonly name: string;
  readonly available: boolean;
  open(clock: Clock): Promise<TestLineage>;
}

/** The databases on which every test of stored runs must hold. */
export const engines: readonly TestEngine[] = [
  {
    name: "PGlite",
    available: true,
    async open(clock) {
      const folder = await mkdtemp(join(tmpdir(), "deepwright-lineage-"));
      const lineage = await openLineage(`file:${join(folder, "store")}`, { clock });
      const end = async (): Promise<void> => {
        await lineage.close();
        await rm(folder, { recursive: true, force: true });
      };
      return { ...lineage, end };
    },
  },
  {
    name: findPostgres() === null ? "Postgres (skipped: no server is installed)" : "Postgres",
    available: findPostgres() !== null,
    async open(clock) {
      const server = await startPostgres();
      const lineage = await openLineage(server.uri, { clock });
      const end = async (): Promise<void> => {
        await lineage.close();
        await server.stop();
      };
      return { ...lineage, end };
    },
  },
];

/** A log as a recorder keeps it: numbers its events and sends them. */
export class TestLog {
  readonly sourceId = newId();
  private sequence = 1;

  constructor(private readonly lineage: Lineage) {}

  async send(...events: LineageEvent[]): Promise<IngestReceipt> {
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

/** A metrics event with the values of each metric at steps that count up from `firstStep`. */
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
