import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { DataSource, QueryEngine } from "@deepwright/engines";
import type { OneState } from "../planner/one-state.js";
import type { RunOptions } from "../planner/run-suite.js";
import type { QuarantinedRows } from "../reports/test-report.js";
import type { SuiteResult } from "../results/result.js";
import type { Suite } from "../suite/suite.js";
import { splitRows } from "./quarantine.js";
import type { QuarantineTarget } from "./target-writer.js";

export interface QuarantinePlace extends RunOptions {
  /** A folder, made where it is absent; a schema of the engine where it writes no files. */
  readonly place: string;
  /** What the rows are of; told in the names of the targets, with the time of the verdict. */
  readonly name: string;
}

/** Splits rows by a verdict into two targets that are named by suite and time, so that each run keeps its own. */
export async function quarantineRows(
  engine: QueryEngine,
  state: OneState,
  source: DataSource,
  suite: Suite,
  result: SuiteResult,
  { place, name, ...options }: QuarantinePlace,
): Promise<QuarantinedRows> {
  const time = new Date(result.startedAtMs).toISOString().replace(/[-:.]/g, "");
  const base = `${name.replace(/[^\p{L}\p{N}_-]+/gu, "-").slice(0, 40)}-${time}`;
  const writesFiles = engine.capabilities.writesParquet;
  if (writesFiles) await mkdir(place, { recursive: true });
  const target = (side: "good" | "bad"): QuarantineTarget =>
    writesFiles
      ? { kind: "file", path: join(place, `${base}.${side}.parquet`) }
      : { kind: "table", schema: place, name: `${base}-${side}` };
  const [good, bad] = [target("good"), target("bad")];
  const counts = await splitRows(engine, state, source, suite, result, { ...options, good, bad });
  return { good: shown(good), bad: shown(bad), ...counts };
}

const shown = (target: QuarantineTarget): string =>
  target.kind === "file" ? target.path : [target.schema, target.name].filter((part) => part !== undefined).join(".");
