import type { RunId } from "@deepwright/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Difference, WhyReport } from "../contract/index.js";
import { diffRuns } from "../diff/index.js";
import { explainRegression } from "../why/index.js";
import { memoryRuns } from "../why/testing/memory-runs.js";
import { metricPoints, renderDiff, renderWhy, whyHtml } from "./index.js";

function example() {
  const { service, add } = memoryRuns();
  const run = (shuffle: boolean, seed: number, mape: number, text: string) =>
    add({
      configuration: { "files/config.yaml/shuffle": shuffle, "files/config.yaml/seed": seed, "api/same": 1 },
      files: { "train.py": `def main(config):\n    order(config["shuffle"])\n${text}` },
      metrics: { mape },
    });
  const before = run(false, 1, 14.8, "    fit()\n");
  run(false, 2, 14.9, "    fit()\n");
  const after = run(true, 3, 23.7, "    fit()  # now\n");
  return { service, before, after };
}

describe("renderDiff", () => {
  it("prints by component only what differs", async () => {
    const { service, before, after } = example();
    const diff = await diffRuns(service, before, after);
    expect(renderDiff(diff)).toBe(`source
  train.py:3 in def main(config): [cosmetic]
    -     fit()
    +     fit()  # now

configuration
  seed: 1 -> 3 (config.yaml) [seed]
  shuffle: false -> true (config.yaml)

1 other thing is equal`);
    expect(renderDiff(diff, { color: true })).toContain("\u001b[32m+     fit()  # now\u001b[39m");
  });

  it("shows control characters of recorded text instead of sending them to the terminal", async () => {
    const { service, add } = memoryRuns();
    const before = add({ configuration: { "api/\u001b[2J": "a\u0007" } });
    const diff = await diffRuns(service, before, add({}));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
    expect(renderDiff(diff)).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });
});

describe("renderWhy", () => {
  it("says the answer first, the evidence below", async () => {
    const { service, after } = example();
    const report = await explainRegression(service, { runId: after });
    const text = renderWhy(report);
    expect(text.startsWith("The likeliest cause is shuffle: false -> true (config.yaml)")).toBe(true);
    expect(text).toContain("+ shuffle is read at train.py:2.");
    expect(text).toContain("Left out: 1 cosmetic change, 1 seed, which can't be causes");
    expect(text).toContain("1 other thing is equal");
  });
});

describe("whyHtml", () => {
  it("is one file with a plot, and loads nothing", async () => {
    const { service, after } = example();
    const report = await explainRegression(service, { runId: after });
    const html = whyHtml(report, await metricPoints(service, report));
    expect(html).toContain("<svg");
    expect(html.match(/<circle/g)).toHaveLength(3);
    expect(html).toContain("prefers-color-scheme:dark");
    expect(html).not.toMatch(/<script|src=|href=|url\(|@import/);
  });

  it("escapes all text of the runs and stays below 300 KB", async () => {
    const { service, after } = example();
    const base = await explainRegression(service, { runId: after });
    const nasty = fc.string({
      unit: fc.constantFrom("<script>", '"', "'", "&", "a", "\n", "</pre>", "é", "<img src=x>"),
      maxLength: 400,
    });
    await fc.assert(
      fc.property(nasty, fc.integer({ min: 1, max: 300 }), (text, count) => {
        const difference: Difference = {
          id: text,
          kind: "source-hunk",
          component: "source",
          path: text,
          title: text,
          before: text,
          after: text,
          hunk: {
            file: text,
            beforeStart: 1,
            beforeLines: Array.from({ length: 50 }, () => text.repeat(5)),
            afterStart: 1,
            afterLines: Array.from({ length: 50 }, () => text.repeat(5)),
            context: text,
            cosmetic: false,
          },
          consequence: false,
          seed: false,
        };
        const evidence = Array.from({ length: 20 }, () => ({
          kind: "reach" as const,
          sentence: text.repeat(9),
          weight: 1,
        }));
        const id = text as RunId;
        const report: WhyReport = {
          ...base,
          runId: id,
          baselineReason: text,
          sentence: text,
          causes: Array.from({ length: count }, () => ({ difference, score: 1 / count, evidence })),
          excluded: Array.from({ length: count }, () => ({ difference, reason: text })),
          proof: {
            verdict: "proven",
            causes: [difference],
            restored: { estimate: 1, low: Number.NEGATIVE_INFINITY, high: 2 },
            errorRate: 0.05,
            runsUsed: 3,
            differenceCount: count,
            notRevertible: Array.from({ length: count }, () => ({ difference, reason: text })),
            steps: Array.from({ length: count }, () => ({
              reverted: [text],
              runIds: [id],
              values: [1, Number.NaN],
              decision: "restored" as const,
            })),
            sentence: text,
          },
        };
        const points = Array.from({ length: count * 2 }, (_, index) => ({
          runId: text,
          name: text,
          startedAtMs: index,
          value: index % 7 === 0 ? Number.NaN : index,
        }));
        const html = whyHtml(report, points);
        expect(Buffer.byteLength(html)).toBeLessThan(300_000);
        expect(html).not.toMatch(/<script|<img|<\/pre><\/pre>/);
        expect(renderWhy(report).length).toBeLessThan(100_000);
      }),
      { numRuns: 60 },
    );
  });
});
