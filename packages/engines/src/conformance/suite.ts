import type { EngineCapabilities, QueryEngine } from "../engine.js";
import type { ConformanceCase } from "./case.js";
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
 * @example
 * ```ts
 * for (const { name, skip, run } of conformanceSuite(open, capabilities)) {
 *   it.skipIf(skip !== null)(skip === null ? name : `${name} (skipped: ${skip})`, run);
 * }
 * ```
 */
export function conformanceSuite(open: OpenEngine, capabilities: EngineCapabilities): readonly ConformanceSuite[] {
  return allCases.map(({ name, needs, run }) => ({
    name,
    skip: needs !== undefined && !capabilities[needs] ? `${capabilities.name} has no ${needs}` : null,
    async run() {
      const engine = await open();
      try {
        await run(engine);
      } finally {
        await engine.close();
      }
    },
  }));
}

const allCases: readonly ConformanceCase[] = [
  ...valueCases,
  ...identifierCases,
  ...streamCases,
  ...fingerprintCases,
  ...lifecycleCases,
];
