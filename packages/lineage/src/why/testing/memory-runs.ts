import {
  type ComponentMap,
  type ComponentName,
  componentNames,
  type Fact,
  joinPath,
  type Leaf,
  newId,
  type ProjectId,
  type RunId,
  sha256,
} from "@deepwright/core";
import type { LeafDifference, MetricSummary, Objective, Run, RunService } from "../../contract/index.js";
import { blobId } from "../../diff/index.js";

/** A run as a test describes it. */
export interface RunDescription {
  readonly name?: string;
  readonly project?: string;
  readonly command?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly configuration?: ComponentMap;
  readonly platform?: ComponentMap;
  readonly data?: ComponentMap;
  readonly model?: ComponentMap;
  readonly hardware?: ComponentMap;
  readonly source?: ComponentMap;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly objective?: Objective | null;
  readonly status?: Run["status"];
  readonly purpose?: Run["purpose"];
  readonly archived?: boolean;
  readonly root?: string;
}

export interface MemoryRuns {
  readonly service: RunService;
  add(description: RunDescription): RunId;
  readonly runs: readonly Run[];
}

const summary = (value: number): MetricSummary => ({
  count: 1,
  last: value,
  lastStep: 0,
  min: value,
  minStep: 0,
  max: value,
  maxStep: 0,
  mean: value,
});

/** Runs in memory for tests of what reads a `RunService`; a minute apart, in the order in which they are added. */
export function memoryRuns(): MemoryRuns {
  const runs: Run[] = [];
  const components = new Map<RunId, Record<ComponentName, ComponentMap>>();
  const blobs = new Map<string, string>();
  const facts: Fact[] = [];
  const find = (id: RunId): Run => {
    const run = runs.find((candidate) => candidate.id === id);
    if (!run) throw new Error(`no run ${id}`);
    return run;
  };
  const maps = (id: RunId) => components.get(id) as Record<ComponentName, ComponentMap>;
  const unsupported = (): never => {
    throw new Error("not part of this test");
  };
  const service: RunService = {
    ingest: unsupported,
    resolveRun: unsupported,
    countRuns: unsupported,
    metricHistory: unsupported,
    setTags: unsupported,
    setNote: unsupported,
    archiveRun: unsupported,
    markLost: unsupported,
    projects: unsupported,
    getRun: async ({ id }) => find(id),
    async searchRuns({ project, first = 50, after, includeArchived = false, purposes = ["user"] }) {
      const found = runs
        .filter((run) => project === undefined || run.project === project)
        .filter((run) => (includeArchived || !run.archived) && purposes.includes(run.purpose))
        .reverse();
      const start = after === undefined ? 0 : Number(after);
      const items = found.slice(start, start + first);
      const cursors = items.map((_, index) => String(start + index + 1));
      return { items, cursors, endCursor: cursors.at(-1) ?? null, hasNextPage: start + first < found.length };
    },
    async component({ id, component, prefix }) {
      const entries = Object.entries(maps(id)[component]);
      return Object.fromEntries(
        entries.filter(([path]) => prefix === undefined || path === prefix || path.startsWith(`${prefix}/`)),
      );
    },
    async compareComponents({ before, after }) {
      const differences: LeafDifference[] = [];
      let equalCount = 0;
      for (const component of componentNames) {
        const left = maps(before)[component];
        const right = maps(after)[component];
        for (const path of new Set([...Object.keys(left), ...Object.keys(right)])) {
          if (Object.is(left[path], right[path])) equalCount += 1;
          else differences.push({ component, path, before: left[path], after: right[path] });
        }
      }
      return { differences, equalCount };
    },
    blob: async ({ hash }) => blobs.get(hash) ?? null,
    async recordFact(fact) {
      facts.unshift({ recordedAtMs: facts.length, ...fact });
    },
    facts: async ({ entityId, kind }) =>
      facts.filter((fact) => fact.entityId === entityId && (kind === undefined || fact.kind === kind)),
  };
  return {
    service,
    runs,
    add(description) {
      const id = newId<"run">();
      const { project = "demo", files = {}, status = "finished" } = description;
      const source: Record<string, Leaf> = { ...description.source };
      for (const [file, text] of Object.entries(files)) {
        const content = Buffer.from(text);
        const hash = blobId(content);
        blobs.set(hash, content.toString("base64"));
        source[joinPath("files", file)] = hash;
      }
      const own = {
        hardware: description.hardware ?? {},
        platform: description.platform ?? {},
        source,
        configuration: description.configuration ?? {},
        data: description.data ?? {},
        model: description.model ?? {},
      };
      components.set(id, own);
      const startedAtMs = 60_000 * runs.length;
      runs.push({
        id,
        projectId: sha256(project) as ProjectId,
        project,
        name: description.name ?? `run-${runs.length + 1}`,
        status,
        purpose: description.purpose ?? "user",
        command: description.command ?? ["python", "train.py"],
        startedAtMs,
        endedAtMs: startedAtMs + 1000,
        heartbeatAtMs: startedAtMs,
        durationMs: null,
        exitCode: 0,
        signal: null,
        location: { host: "test", processId: 1, root: description.root ?? "/nowhere", workingDirectory: "/nowhere" },
        objective: description.objective ?? null,
        parentRunId: null,
        recipe: null,
        components: Object.fromEntries(
          componentNames.map((name) => [name, sha256(JSON.stringify(Object.entries(own[name]).sort()))]),
        ) as Run["components"],
        tags: {},
        note: "",
        archived: description.archived ?? false,
        metrics: Object.fromEntries(
          Object.entries(description.metrics ?? {}).map(([name, value]) => [name, summary(value)]),
        ),
      });
      return id;
    },
  };
}
