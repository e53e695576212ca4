import { type Clock, systemClock } from "@deepwright/core";
import type { DataSource, QueryEngine } from "@deepwright/engines";
import { argumentInvalid } from "../sql/open-table.js";
import { binningFor } from "./binning.js";
import { defaultValueLimit } from "./merge-states.js";
import { scanPartition } from "./scan-partition.js";
import type { StateStore } from "./state-store.js";

/** A part of the data that is scanned on its own: a day, usually. */
export interface HistoryPartition {
  /** ISO dates (`2026-01-31`) let checks know weekdays and time. */
  readonly name: string;
  readonly source: DataSource;
  /** Another text when the content is another; `null`: nothing tells, so it is scanned every time. */
  readonly content: string | null;
}

export interface UpdateOptions {
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** Most different values of a column that are counted one by one; 0 keeps no values of the data. Default: 200. */
  readonly valueLimit?: number;
  /** Whether numbers of different values are estimated. Default: true. */
  readonly distinct?: boolean;
  /** Whether states of partitions that are not named are removed. Default: false. */
  readonly removeOthers?: boolean;
}

export interface HistoryUpdate {
  /** Names of the partitions that were read. */
  readonly scanned: readonly string[];
  /** Of these the ones that had a state before. */
  readonly replaced: readonly string[];
  readonly unchanged: number;
  readonly removed: readonly string[];
  readonly statementCount: number;
}

/**
 * Reads the partitions that are new or changed, each once, and keeps their states; all others are not touched. A partition that
 * was late or corrected replaces what it was before.
 *
 * @returns what was done
 * @throws DeepwrightError of the engine; the partitions before it are kept then
 */
export async function updateHistory(
  engine: QueryEngine,
  store: StateStore,
  partitions: readonly HistoryPartition[],
  options: UpdateOptions = {},
): Promise<HistoryUpdate> {
  const { signal, clock = systemClock, valueLimit = defaultValueLimit, distinct = true } = options;
  if (!Number.isInteger(valueLimit) || valueLimit < 0 || valueLimit > 10_000) {
    throw argumentInvalid("valueLimit to be a whole number of 0 .. 10000", String(valueLimit), "Pass another one.");
  }
  refuseDuplicates(partitions);
  const known = new Map((await store.list()).map(({ partition, content }) => [partition, content]));
  const scanned: string[] = [];
  let statementCount = 0;
  for (const { name, source, content } of partitions) {
    signal?.throwIfAborted();
    if (content !== null && known.get(name) === content) continue;
    const found = await scanPartition(engine, source, {
      ...(signal && { signal }),
      valueLimit,
      distinct,
      binningOf: (column, numbers) => store.claimBinning(column, () => binningFor(numbers)),
    });
    statementCount += found.statementCount;
    await store.put({
      partition: name,
      content,
      rowCount: found.rowCount,
      scannedAtMs: clock.now(),
      columns: found.columns,
    });
    scanned.push(name);
  }
  const named = new Set(partitions.map(({ name }) => name));
  const removed = options.removeOthers ? [...known.keys()].filter((name) => !named.has(name)) : [];
  for (const name of removed) await store.remove(name);
  return {
    scanned,
    replaced: scanned.filter((name) => known.has(name)),
    unchanged: partitions.length - scanned.length,
    removed,
    statementCount,
  };
}

function refuseDuplicates(partitions: readonly HistoryPartition[]): void {
  const names = new Set<string>();
  for (const { name } of partitions) {
    if (name === "") throw argumentInvalid("partitions with names", "an empty name", "Name it.");
    if (names.has(name)) {
      throw argumentInvalid(
        "partitions with different names",
        `${JSON.stringify(name)} twice`,
        "Merge or rename them.",
      );
    }
    names.add(name);
  }
}
