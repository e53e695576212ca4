import type { ComponentName, Leaf, RunId } from "@deepwright/core";
import type {
  BlobEvent,
  DatasetEvent,
  FactEvent,
  LineageEvent,
  MetricsEvent,
  RunEndEvent,
  RunStartEvent,
} from "../contract/index.js";

/** Points of one metric of one run, and what they add to its summary. */
export interface SeriesDelta {
  readonly steps: number[];
  readonly timesMs: number[];
  readonly values: number[];
  nanCount: number;
  sum: number;
  min: number;
  minStep: number;
  max: number;
  maxStep: number;
}

/** What a component gains and loses. */
export interface MapDelta {
  readonly set: Map<string, Leaf>;
  readonly remove: Set<string>;
}

/** What events do to one run, taken together. */
export interface RunDelta {
  readonly runId: RunId;
  start: RunStartEvent | undefined;
  end: RunEndEvent | undefined;
  readonly tags: Map<string, string>;
  readonly components: Map<ComponentName, MapDelta>;
  readonly series: Map<string, SeriesDelta>;
  readonly facts: FactEvent[];
  readonly datasets: DatasetEvent[];
}

/** An event that is set aside instead of applied. */
export interface OrphanEvent {
  readonly sourceId: string;
  readonly sequence: number;
  readonly runId: string;
  readonly code: string;
  readonly message: string;
  readonly event: unknown;
}

/** How far one log moves. */
export interface SourceMove {
  readonly from: number;
  to: number;
}

/** Everything that a group of batches does, folded in memory, to be written by one statement. */
export class Plan {
  readonly sources = new Map<string, SourceMove>();
  readonly runs = new Map<string, RunDelta>();
  readonly blobs = new Map<string, BlobEvent>();
  readonly orphans: OrphanEvent[] = [];
  /** Orphans of earlier batches that this plan applies and removes. */
  readonly adopted: { readonly sourceId: string; readonly sequence: number }[] = [];

  /** Adds a checked event. */
  add(event: LineageEvent): void {
    const run = this.run(event.runId);
    switch (event.type) {
      case "run-start":
        run.start ??= event;
        break;
      case "component":
        addComponent(run, event.component, Object.entries(event.entries), event.remove ?? []);
        break;
      case "metrics":
        addPoints(run.series, event);
        break;
      case "tag":
        run.tags.set(event.key, event.value);
        break;
      case "fact":
        run.facts.push(event);
        break;
      case "blob":
        this.blobs.set(event.hash, event);
        break;
      case "dataset":
        run.datasets.push(event);
        break;
      case "heartbeat":
        break;
      case "run-end":
        // Somebody who only missed the heartbeat knows less than the run itself.
        if (run.end === undefined || event.status !== "lost") run.end = event;
        break;
    }
  }

  private run(runId: RunId): RunDelta {
    let run = this.runs.get(runId);
    if (run === undefined) {
      run = {
        runId,
        start: undefined,
        end: undefined,
        tags: new Map(),
        components: new Map(),
        series: new Map(),
        facts: [],
        datasets: [],
      };
      this.runs.set(runId, run);
    }
    return run;
  }
}

function addComponent(
  run: RunDelta,
  component: ComponentName,
  entries: readonly (readonly [string, Leaf])[],
  remove: readonly string[],
): void {
  let delta = run.components.get(component);
  if (delta === undefined) {
    delta = { set: new Map(), remove: new Set() };
    run.components.set(component, delta);
  }
  for (const path of remove) {
    delta.set.delete(path);
    delta.remove.add(path);
  }
  for (const [path, leaf] of entries) {
    delta.remove.delete(path);
    delta.set.set(path, leaf);
  }
}

function addPoints(series: Map<string, SeriesDelta>, event: MetricsEvent): void {
  const { names, nameIndexes, steps, timesMs, values } = event;
  const byIndex: (SeriesDelta | undefined)[] = [];
  for (let index = 0; index < values.length; index++) {
    const nameIndex = nameIndexes[index] as number;
    let delta = byIndex[nameIndex];
    if (delta === undefined) {
      delta = seriesOf(series, names[nameIndex] as string);
      byIndex[nameIndex] = delta;
    }
    const value = values[index] as number;
    const step = steps[index] as number;
    delta.steps.push(step);
    delta.timesMs.push(timesMs[index] as number);
    delta.values.push(value);
    if (Number.isNaN(value)) {
      delta.nanCount += 1;
      continue;
    }
    delta.sum += value;
    // NaN, the start of both, is neither below nor above: `!(a >= b)` lets the first value in.
    if (!(value >= delta.min)) {
      delta.min = value;
      delta.minStep = step;
    }
    if (!(value <= delta.max)) {
      delta.max = value;
      delta.maxStep = step;
    }
  }
}

function seriesOf(series: Map<string, SeriesDelta>, name: string): SeriesDelta {
  let delta = series.get(name);
  if (delta === undefined) {
    delta = {
      steps: [],
      timesMs: [],
      values: [],
      nanCount: 0,
      sum: 0,
      min: Number.NaN,
      minStep: 0,
      max: Number.NaN,
      maxStep: 0,
    };
    series.set(name, delta);
  }
  return delta;
}
