import { type Clock, systemClock } from "@deepwright/core";
import type { OpenStoreOptions, RemoteStore, Store } from "@deepwright/store";
import { lineageMigrations } from "./db/migrations/index.js";
import { sqlGraphService } from "./graph/index.js";
import { Ingester } from "./ingest/index.js";
import type { StoreLocation } from "./recorder/store-location.js";
import { checkedService, type LineageServices, remoteService } from "./remote/index.js";
import { sqlRunService } from "./runs/index.js";

/** An open lineage: its services, and the store below. May be shared by everything in a process. */
export interface Lineage extends LineageServices {
  readonly store: Store | RemoteStore;
  /** Waits for what was taken in, then closes the store if `openLineage` opened it. */
  close(): Promise<void>;
}

export interface OpenLineageOptions extends OpenStoreOptions {
  /** Source of the time of heartbeats and facts. Default: the computer's clock. */
  readonly clock?: Clock;
}

/**
 * Opens a lineage store: a folder (`file:.deepwright`), a Postgres database (`postgres://...`), or a gateway
 * (`http://...`), and brings its tables up to date. All three offer the same services.
 *
 * @param location an address, what `locateStore` found (with the token of a gateway), or an open store that others use too
 * @returns the services; close it at the end
 * @throws DeepwrightError as `openStore` of `@deepwright/store` does, such as `DATABASE_TOO_NEW`
 * @example
 * ```ts
 * import { openLineage } from "@deepwright/lineage";
 *
 * const lineage = await openLineage("file:.deepwright");
 * const page = await lineage.runs.searchRuns({ order: { by: "metric", metric: "mae", direction: "ascending" } });
 * console.log(page.items.map((run) => run.name)); // []
 * await lineage.close();
 * ```
 */
export async function openLineage(
  location: string | StoreLocation | Store | RemoteStore,
  options: OpenLineageOptions = {},
): Promise<Lineage> {
  const { clock = systemClock, ...storeOptions } = options;
  const migrations = [...(options.migrations ?? []), lineageMigrations];
  const owned = typeof location === "string" || !("kind" in location);
  const store = owned ? await open(location, { ...storeOptions, migrations }) : location;
  if (store.kind === "http") {
    return {
      store,
      runs: remoteService("runs", store),
      graph: remoteService("graph", store),
      close: async () => (owned ? store.close() : undefined),
    };
  }
  if (!owned) await store.migrate(migrations);
  const ingester = new Ingester(store, clock);
  const runs = checkedService("runs", sqlRunService(store, ingester, clock));
  return {
    store,
    runs,
    graph: checkedService("graph", sqlGraphService(store, runs, clock)),
    async close() {
      await ingester.settle();
      if (owned) await store.close();
    },
  };
}

/** Loads the drivers only now: who imports this package for its types and helpers does not pay for a database. */
async function open(location: string | StoreLocation, options: OpenStoreOptions): Promise<Store | RemoteStore> {
  const { openStore } = await import("@deepwright/store");
  if (typeof location === "string") return openStore(location, options);
  const token = options.token ?? location.token;
  return openStore(location.uri, { ...options, ...(token === undefined ? {} : { token }) });
}
