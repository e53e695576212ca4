import type { EngineCapabilities, QueryEngine } from "../engine.js";
import type { ConformanceCase } from "./case.js";
import { type ConformanceDialect, type DialectFeature, standardDialect } from "./dialect.js";
import { fingerprintCases } from "./fingerprint-cases.js";
import { identifierCases } from "./identifier-cases.js";
import { lifecycleCases } from "./lifecycle-cases.js";
import { streamCases } from "./stream-cases.js";
import { valueCases } from "./value-cases.js";

/** Opens the engine under test; each case gets one of its own, which the suite closes. */
export type OpenEngine = () => Promise<QueryEngine>;

/** A named check. `skip` is the reason why it can't run on this engine, or `null`. */
export interface ConformanceSuite {
  readonly name: string;
  readonly skip: string | null;
  run(): Promise<void>;
}

/**
 * What every engine must do, as named asynchronous checks for any test runner. A check throws an `AssertionError`.
 *
 * @param capabilities those that the engine declares; a check of one that it lacks carries a reason in `skip`
 * @param dialect how the engine's SQL is written; default: as DuckDB and Postgres read it
 * @example
 * ```ts
 * for (const { name, skip, run } of conformanceSuite(open, capabilities)) {
 *   it.skipIf(skip !== null)(skip === null ? name : `${name} (skipped: ${skip})`, run);
 * }
 * ```
 */
export function conformanceSuite(
  open: OpenEngine,
  capabilities: EngineCapabilities,
  dialect: ConformanceDialect = standardDialect,
): readonly ConformanceSuite[] {
  return allCases.map(({ name, needs, needsFeature, run }) => ({
    name,
    skip: missing(needs !== undefined && !capabilities[needs] ? needs : null, needsFeature),
    async run() {
      const engine = await open();
      try {
        await run(engine, dialect);
      } finally {
        await engine.close();
      }
    },
  }));

  function missing(capability: string | null, feature: DialectFeature | undefined): string | null {
    if (capability !== null) return `${capabilities.name} has no ${capability}`;
    return feature !== undefined && dialect.lacks.has(feature) ? `${capabilities.name} has no ${feature}` : null;
  }
}

const allCases: readonly ConformanceCase[] = [
  ...valueCases,
  ...identifierCases,
  ...streamCases,
  ...fingerprintCases,
  ...lifecycleCases,
];
