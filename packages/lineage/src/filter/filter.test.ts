import { componentNames, isDeepwrightError, runStatuses } from "@deepwright/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Comparison, RunFilter } from "../contract/index.js";
import { aggregates, parseRunFilter } from "./parse-filter.js";
import { printRunFilter } from "./print-filter.js";

const op = fc.constantFrom<Comparison>("=", "!=", "<", "<=", ">", ">=");
const name = fc.oneof(
  fc.string({ unit: "binary", minLength: 1 }),
  fc.constantFrom("mae", "val/loss", "a.b", "and", "not", "true", "1", 'say "x"', "line\nbreak", "schön"),
);
const leaf = fc.oneof(fc.double(), fc.boolean(), fc.constant(null), fc.string({ unit: "binary" }), name);
const moment = fc.oneof(fc.integer({ min: 0, max: 2e12 }), fc.double({ noNaN: true, noDefaultInfinity: true }));
const simple: fc.Arbitrary<RunFilter> = fc.oneof(
  fc.record(
    { metric: name, aggregate: fc.constantFrom(...aggregates), op, value: fc.double() },
    { requiredKeys: ["metric", "op", "value"] },
  ),
  fc.record({ component: fc.constantFrom(...componentNames), path: name, op, value: leaf }),
  fc.record({ tag: name, op: fc.constantFrom("=" as const, "!=" as const), value: fc.string({ unit: "binary" }) }),
  fc.record({ status: fc.constantFrom(...runStatuses) }),
  fc.record({ startedAfterMs: moment }),
  fc.record({ startedBeforeMs: moment }),
  fc.record({ text: fc.string({ unit: "binary" }) }),
);
/** Lists of exactly one condition have no text form of their own: they mean what their condition means. */
const list = (item: fc.Arbitrary<unknown>) =>
  fc.array(item as fc.Arbitrary<RunFilter>, { maxLength: 3 }).filter((items) => items.length !== 1);
const { filter } = fc.letrec<{ filter: RunFilter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4 },
    simple,
    fc.record({ and: list(tie("filter")) }),
    fc.record({ or: list(tie("filter")) }),
    fc.record({ not: tie("filter") as fc.Arbitrary<RunFilter> }),
  ),
}));

function failure(source: string): { code: string; position: unknown } {
  try {
    parseRunFilter(source);
  } catch (error) {
    if (isDeepwrightError(error)) return { code: error.code, position: error.details.position };
    throw error;
  }
  throw new Error(`${source} was read`);
}

describe("run filters as text", () => {
  it("are read back as they were", () => {
    fc.assert(
      fc.property(filter, (value) => {
        expect(parseRunFilter(printRunFilter(value))).toEqual(value);
      }),
      { numRuns: 1000 },
    );
  });

  it("read every kind of condition", () => {
    expect(
      parseRunFilter(
        'metric.mae < 70000 and config.shuffle = true and not tag.team = "x" and status = finished and text ~ "word" and started > 2026-01-01',
      ),
    ).toStrictEqual({
      and: [
        { metric: "mae", op: "<", value: 70000 },
        { component: "configuration", path: "shuffle", op: "=", value: true },
        { not: { tag: "team", op: "=", value: "x" } },
        { status: "finished" },
        { text: "word" },
        { startedAfterMs: Date.UTC(2026, 0, 1) },
      ],
    });
    expect(parseRunFilter('min(metric."val loss") <= 1e-3 or status != lost')).toStrictEqual({
      or: [{ metric: "val loss", aggregate: "min", op: "<=", value: 0.001 }, { not: { status: "lost" } }],
    });
  });

  it("bind not before and, and and before or", () => {
    expect(parseRunFilter("not status = lost and status = failed or (status = running)")).toStrictEqual({
      or: [{ and: [{ not: { status: "lost" } }, { status: "failed" }] }, { status: "running" }],
    });
  });

  it("say where they can't be read", () => {
    expect(failure("metric.mae <")).toStrictEqual({ code: "INVALID_FILTER", position: 12 });
    expect(failure("metric.mae < 1 metric.x > 2")).toStrictEqual({ code: "INVALID_FILTER", position: 15 });
    expect(failure("status = done")).toStrictEqual({ code: "INVALID_FILTER", position: 9 });
    expect(failure('text ~ "open')).toStrictEqual({ code: "INVALID_FILTER", position: 7 });
    expect(failure("(status = lost")).toStrictEqual({ code: "INVALID_FILTER", position: 14 });
    expect(failure("! status")).toStrictEqual({ code: "INVALID_FILTER", position: 0 });
    expect(failure("started = 2026-01-01")).toStrictEqual({ code: "INVALID_FILTER", position: 10 });
    expect(failure("")).toStrictEqual({ code: "INVALID_FILTER", position: 0 });
    expect(failure(`${"(".repeat(200)}status = lost`).code).toBe("INVALID_FILTER");
  });

  it("never fail in another way", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc
            .array(
              fc.constantFrom("not", "(", ")", "metric.a", "<", "1", "and", '"', "status", "=", "~", "text", "min"),
              { maxLength: 9 },
            )
            .map((words) => words.join(" ")),
        ),
        (source) => {
          try {
            parseRunFilter(source);
          } catch (error) {
            expect(isDeepwrightError(error) && error.code).toBe("INVALID_FILTER");
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
