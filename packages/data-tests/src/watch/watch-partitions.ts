import { setTimeout as sleep } from "node:timers/promises";
import type { TestedData } from "../reports/test-report.js";
import type { OpenSuite, SuiteRunner, TestedPartition } from "../suite-runs/open-suite-runner.js";
import { listPartitions } from "./list-partitions.js";
import { PartitionMemory } from "./partition-memory.js";

export interface WatchOptions {
  /** File that remembers which partitions were tested. */
  readonly memory: string;
  /** Milliseconds between two looks; `null`: look once and end. */
  readonly intervalMs: number | null;
  readonly signal?: AbortSignal;
}

export interface WatchedTest {
  readonly test: TestedData;
  /** `null` where the suite could not be opened. */
  readonly suite: OpenSuite | null;
  readonly partition: TestedPartition | null;
}

/**
 * Tests each partition once: those that are new, and those whose content changed since they were tested. A partition
 * without a verdict (a file that is still being written, say) is tested again at the next look.
 *
 * @param runner closed by the caller
 * @param paths suite files
 * @throws the signal's reason when it fires
 */
export async function* watchPartitions(
  runner: SuiteRunner,
  paths: readonly string[],
  { memory: file, intervalMs, signal }: WatchOptions,
): AsyncGenerator<WatchedTest, void, undefined> {
  const memory = await PartitionMemory.open(file);
  for (;;) {
    for (const path of paths) yield* lookOnce(runner, path, memory, signal);
    if (intervalMs === null) return;
    await sleep(intervalMs, undefined, { ...(signal && { signal }) });
  }
}

async function* lookOnce(
  runner: SuiteRunner,
  path: string,
  memory: PartitionMemory,
  signal: AbortSignal | undefined,
): AsyncGenerator<WatchedTest, void, undefined> {
  const opened = await runner.attempt(path, async () => {
    const suite = await runner.open(path);
    return { suite, partitions: await listPartitions(suite, runner.engine, signal) };
  });
  if ("error" in opened) {
    yield { test: opened, suite: null, partition: null };
    return;
  }
  const { suite, partitions } = opened;
  for (const partition of partitions) {
    signal?.throwIfAborted();
    const known = memory.get(suite.file.name, partition.name);
    if (known !== undefined && partition.state !== null && known.state === partition.state) continue;
    const content = await partition.content();
    if (known?.content !== content) {
      const test = await runner.test(suite, partition);
      yield { test, suite, partition };
      if (test.result === null) continue;
    }
    await memory.remember(suite.file.name, partition.name, content, partition.state);
  }
}
