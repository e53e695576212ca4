import type { EngineCapabilities, QueryEngine } from "../engine.js";
import type { ConformanceDialect, DialectFeature } from "./dialect.js";

/** One promise of {@link QueryEngine}, checked with `node:assert`. */
export interface ConformanceCase {
  readonly name: string;
  /** The capability without which the case says nothing; the suite leaves it out then, with this as the reason. */
  readonly needs?: Exclude<keyof EngineCapabilities, "name">;
  /** The feature of SQL without which the case says nothing. */
  readonly needsFeature?: DialectFeature;
  run(engine: QueryEngine, dialect: ConformanceDialect): Promise<void>;
}
