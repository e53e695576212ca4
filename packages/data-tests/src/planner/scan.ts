import type { CellValue, QueryEngine } from "@deepwright/engines";
import type { Dialect } from "../sql/dialect.js";
import { type Fragment, fragmentKey, join, sql, text, toStatement } from "../sql/fragment.js";
import type { TableReference } from "./context.js";

/** Aggregates of one scan. Equal ones are computed once, whoever asks for them. */
export class Scan {
  readonly #entries = new Map<string, { readonly fragment: Fragment; readonly place: number }>();

  /** The place of an aggregate among the scan's values. */
  add(aggregate: Fragment, filter: Fragment | null): number {
    const fragment = filter === null ? aggregate : sql`${aggregate} FILTER (WHERE ${filter})`;
    const key = fragmentKey(fragment);
    const known = this.#entries.get(key);
    if (known !== undefined) return known.place;
    const place = this.#entries.size;
    this.#entries.set(key, { fragment, place });
    return place;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** All values in as few statements as the engine's limit on a SELECT allows, normally one. */
  async run(
    engine: QueryEngine,
    dialect: Dialect,
    table: TableReference,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly values: readonly CellValue[]; readonly statementCount: number }> {
    const entries = [...this.#entries.values()];
    const values: CellValue[] = [];
    let statementCount = 0;
    for (let start = 0; start < entries.length; start += dialect.maxSelectEntries) {
      const chunk = entries.slice(start, start + dialect.maxSelectEntries);
      const list = chunk.map(({ fragment }, index) => sql`${fragment} AS ${text(`a${index}`)}`);
      const statement = toStatement(sql`SELECT ${join(list, ", ")} FROM ${table.from}`, dialect.cast);
      const [row] = await engine.query<Record<string, CellValue>>(statement.sql, {
        parameters: statement.parameters,
        ...(signal && { signal }),
      });
      statementCount += 1;
      chunk.forEach((_, index) => {
        values.push(row?.[`a${index}`] ?? null);
      });
    }
    return { values, statementCount };
  }
}
