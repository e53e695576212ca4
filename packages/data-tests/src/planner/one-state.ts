import { type DataSource, holdFiles, type QueryEngine } from "@deepwright/engines";

/** An engine whose answers are all about one state of the data. */
export interface OneState {
  readonly engine: QueryEngine;
  /** @throws DeepwrightError `DATA_FILE_CHANGED` where what was answered since may be about two states */
  assertUnchanged(): Promise<void>;
}

/**
 * Reads data that others may write meanwhile. Where statements can share a state (Postgres), they do; files are noted before and
 * after, and a file that changed is an error instead of a verdict on a mixture. Tables of other engines are read as they
 * are at each statement.
 *
 * @throws DeepwrightError `DATA_FILE_CHANGED` in place of what `work` throws where a file changed meanwhile
 */
export async function inOneState<Result>(
  engine: QueryEngine,
  sources: readonly DataSource[],
  options: { readonly signal?: AbortSignal | undefined; readonly writes?: boolean },
  work: (state: OneState) => Promise<Result>,
): Promise<Result> {
  const { signal, writes = false } = options;
  const files = await holdFiles(sources);
  const run = async (held: QueryEngine): Promise<Result> => {
    try {
      return await work({ engine: held, assertUnchanged: files.assertUnchanged });
    } catch (error) {
      signal?.throwIfAborted();
      await files.assertUnchanged();
      throw error;
    }
  };
  return engine.inSnapshot === undefined ? run(engine) : engine.inSnapshot(run, { writes, ...(signal && { signal }) });
}

/** All data that a run reads. */
export const allSources = (
  source: DataSource,
  { sources }: { readonly sources?: Readonly<Record<string, DataSource>> },
): readonly DataSource[] => [source, ...Object.values(sources ?? {})];
