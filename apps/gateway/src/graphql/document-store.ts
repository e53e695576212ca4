import type { DocumentNode } from "graphql";

/** The cache that Apollo asks for parsed and validated queries, and our own subscriptions too. */
export interface DocumentStore {
  get(key: string): Promise<DocumentNode | undefined>;
  set(key: string, document: DocumentNode): Promise<void>;
  delete(key: string): Promise<boolean>;
}

/** Keeps the `size` entries that were used last. */
export class BoundedCache<Value> {
  readonly #entries = new Map<string, Value>();

  constructor(private readonly size: number) {}

  get(key: string): Value | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) {
      // A Map keeps the order of insertion: an entry that is used moves to the end.
      this.#entries.delete(key);
      this.#entries.set(key, value);
    }
    return value;
  }

  set(key: string, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.size) return;
    const oldest = this.#entries.keys().next();
    if (!oldest.done) this.#entries.delete(oldest.value);
  }

  delete(key: string): boolean {
    return this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }
}

/** A bounded cache in the shape that Apollo expects of documents and persisted queries. */
export function boundedStore<Value>(size: number) {
  const cache = new BoundedCache<Value>(size);
  return {
    get: async (key: string): Promise<Value | undefined> => cache.get(key),
    set: async (key: string, value: Value): Promise<void> => cache.set(key, value),
    delete: async (key: string): Promise<boolean> => cache.delete(key),
  };
}
