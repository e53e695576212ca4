import type { Clock } from "@deepwright/core";
import type { SqlValue } from "@deepwright/store";
import { Parameters } from "./parameters.js";

/** One statement of many parts (`with ... as (...)`), which all see the database as it was before any of them. */
export class Statement {
  readonly parameters = new Parameters();
  /** The moment of writing, as SQL. */
  readonly now: string;
  private readonly parts: string[] = [];
  private readonly outputs: string[] = [];

  constructor(readonly clock: Clock) {
    this.now = `${this.parameters.add(Math.round(clock.now()))}::bigint`;
  }

  add(value: SqlValue): string {
    return this.parameters.add(value);
  }

  addRows(rows: readonly Readonly<Record<string, unknown>>[]): string {
    return this.parameters.addRows(rows);
  }

  part(name: string, sql: string): void {
    this.parts.push(`${name} as (${sql})`);
  }

  /** Fails the statement unless a part with `returning 1` touched exactly so many rows. */
  require(part: string, count: number): void {
    this.outputs.push(`lineage_require((select count(*) from ${part}) = ${this.add(count)}::bigint)`);
  }

  /** Adds a column to the one row that the statement gives. */
  output(sql: string): void {
    this.outputs.push(sql);
  }

  text(): string {
    const parts = this.parts.length === 0 ? "" : `with ${this.parts.join(",\n")}\n`;
    return `${parts}select ${this.outputs.join(", ")}`;
  }
}
