import { type Clock, stringifyJson } from "@deepwright/core";
import type { RunService } from "@deepwright/lineage";
import { BoundedCache } from "../graphql/document-store.js";

interface Entry {
  readonly version: number;
  readonly readAtMs: number;
  readonly result: Promise<unknown>;
}

export interface ReadCache {
  readonly runs: RunService;
  /** Forgets everything that was read before now. */
  invalidate(): void;
}

const cacheSize = 1_000;

const writes = ["ingest", "setTags", "setNote", "archiveRun", "markLost", "recordFact"] as const;

/**
 * Answers reads of lists from memory while nothing was written. Every write through this service forgets all before its
 * caller hears that it is done, and so does every notification of a write elsewhere; what neither reaches is read anew
 * after `maxAgeMs`. Equal reads at the same time share one.
 */
export function cachedRuns(runs: RunService, options: { readonly maxAgeMs: number; readonly clock: Clock }): ReadCache {
  const entries = new BoundedCache<Entry>(cacheSize);
  let version = 0;
  const invalidate = (): void => {
    version += 1;
  };
  const cached = <Input, Result>(name: string, read: (input: Input) => Promise<Result>) => {
    return (input: Input): Promise<Result> => {
      const key = `${name} ${input === undefined ? "" : stringifyJson(input)}`;
      const nowMs = options.clock.monotonic();
      const known = entries.get(key);
      if (known && known.version === version && nowMs - known.readAtMs < options.maxAgeMs) {
        return known.result as Promise<Result>;
      }
      const result = read(input);
      entries.set(key, { version, readAtMs: nowMs, result });
      result.catch(() => entries.delete(key));
      return result;
    };
  };
  const forgetting = Object.fromEntries(
    writes.map((name) => {
      const write = runs[name] as (input: never) => Promise<unknown>;
      const wrapped = async (input: never): Promise<unknown> => {
        try {
          return await write(input);
        } finally {
          invalidate();
        }
      };
      return [name, wrapped];
    }),
  ) as unknown as Pick<RunService, (typeof writes)[number]>;
  const reads: Pick<RunService, "searchRuns" | "countRuns" | "projects"> = {
    searchRuns: cached("searchRuns", runs.searchRuns),
    countRuns: cached("countRuns", runs.countRuns),
    projects: cached<void, Awaited<ReturnType<RunService["projects"]>>>("projects", () => runs.projects()),
  };
  return { runs: options.maxAgeMs > 0 ? { ...runs, ...forgetting, ...reads } : runs, invalidate };
}
