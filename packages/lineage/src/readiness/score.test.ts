import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DatedEvidence, readinessScore } from "./score.js";
import { readinessSections, readinessTests } from "./tests.js";

const now = Date.UTC(2026, 5, 1);
const evidence: fc.Arbitrary<DatedEvidence> = fc.record({
  test: fc.constantFrom(...readinessTests.map(({ id }) => id)),
  points: fc.constantFrom(0.5 as const, 1 as const),
  passed: fc.boolean(),
  summary: fc.constant("done"),
  source: fc.constantFrom("a", "b"),
  recordedAtMs: fc.integer({ min: now - 1000, max: now }),
  expiresAtMs: fc.option(fc.integer({ min: now - 500, max: now + 500 })),
});

describe("readinessScore", () => {
  it("has 28 tests, seven a section", () => {
    expect(readinessTests).toHaveLength(28);
    for (const section of readinessSections) {
      expect(readinessTests.filter((test) => test.section === section)).toHaveLength(7);
    }
  });

  it("is the lowest section, within 0 and 7, and each section is the sum of its points", () => {
    fc.assert(
      fc.property(fc.array(evidence, { maxLength: 60 }), (entries) => {
        const { score, sections, points } = readinessScore(entries, now);
        expect(score).toBe(Math.min(...Object.values(sections)));
        for (const section of readinessSections) {
          const own = points.filter((point) => point.test.section === section);
          expect(sections[section]).toBe(own.reduce((sum, point) => sum + point.points, 0));
        }
      }),
    );
  });

  it("never falls when passing evidence of a new source is added, and expired evidence changes no points", () => {
    fc.assert(
      fc.property(fc.array(evidence, { maxLength: 30 }), evidence, (entries, extra) => {
        const before = readinessScore(entries, now);
        const passing = { ...extra, passed: true, source: "c", expiresAtMs: null };
        expect(readinessScore([...entries, passing], now).score).toBeGreaterThanOrEqual(before.score);
        const expired = { ...extra, source: "c", expiresAtMs: now };
        expect(readinessScore([...entries, expired], now).sections).toEqual(before.sections);
      }),
    );
  });

  it("lets one failing source outweigh a passing one, and its newest word count", () => {
    const base = { test: "data-1", points: 1 as const, summary: "s", expiresAtMs: null };
    const passed = { ...base, passed: true, source: "a", recordedAtMs: now - 2 };
    const failed = { ...base, passed: false, source: "b", recordedAtMs: now - 1 };
    const mended = { ...failed, passed: true, recordedAtMs: now };
    expect(readinessScore([passed, failed], now).sections.data).toBe(0);
    expect(readinessScore([passed, failed, mended], now).sections.data).toBe(1);
  });
});
