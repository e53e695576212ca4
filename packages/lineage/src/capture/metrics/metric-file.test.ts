import { appendFileSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { MetricFile } from "./metric-file.js";

const folder = mkdtempSync(join(tmpdir(), "deepwright-metric-file-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const earlier = new Date(Date.UTC(2026, 0, 1));
let files = 0;

/** A file as an earlier run left it some time ago; `null`: none. */
function fileOf(content: string | null): string {
  files += 1;
  const path = join(folder, `metrics-${files}.csv`);
  if (content !== null) {
    writeFileSync(path, content);
    utimesSync(path, earlier, earlier);
  }
  return path;
}

function follow(path: string): { readonly file: MetricFile; readonly values: (number | undefined)[] } {
  const values: (number | undefined)[] = [];
  return { file: new MetricFile(path, (metrics) => void values.push(metrics.values.loss)), values };
}

const rows = (...values: readonly number[]): string => values.map((value, step) => `${step},${value}\n`).join("");
const table = (...values: readonly number[]): string => `step,loss\n${rows(...values)}`;

describe("a file of metrics that an earlier run left", () => {
  it("gives nothing while nobody writes it", () => {
    const { file, values } = follow(fileOf(table(3, 2, 1)));
    file.poll();
    file.poll(true);
    expect(values).toEqual([]);
  });

  it("is read from its start when exactly the same is written again", () => {
    const path = fileOf(table(3, 2, 1));
    const { file, values } = follow(path);
    writeFileSync(path, table(3, 2, 1));
    file.poll();
    file.poll(true);
    expect(values).toEqual([3, 2, 1]);
  });

  it("is read from its start when another file with the same content takes its place, at the same time even", () => {
    const path = fileOf(table(3, 2, 1));
    const { file, values } = follow(path);
    writeFileSync(`${path}.new`, table(3, 2, 1));
    utimesSync(`${path}.new`, earlier, earlier);
    renameSync(`${path}.new`, path);
    file.poll(true);
    expect(values).toEqual([3, 2, 1]);
  });

  it("is read from its start when a longer one that begins alike takes its place", () => {
    const path = fileOf(table(3, 2));
    const { file, values } = follow(path);
    writeFileSync(`${path}.new`, table(3, 2, 1));
    renameSync(`${path}.new`, path);
    file.poll(true);
    expect(values).toEqual([3, 2, 1]);
  });

  it("is read from where it ended when it grows, each line once, whatever its time says", () => {
    const path = fileOf(table(3, 2));
    const { file, values } = follow(path);
    for (const value of [1, 0.5, 0.25]) {
      appendFileSync(path, `9,${value}\n`);
      file.poll();
      utimesSync(path, new Date(earlier.getTime() + 1_000 * value), new Date(earlier.getTime() + 1_000 * value));
      file.poll();
    }
    file.poll(true);
    expect(values).toEqual([1, 0.5, 0.25]);
  });

  it("gives every row of a new run once, whatever stood there and whenever it is looked at", () => {
    const losses = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 6 });
    fc.assert(
      fc.property(
        fc.option(losses),
        losses,
        fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
        (old, fresh, looks) => {
          const path = fileOf(old === null ? null : table(...old));
          const { file, values } = follow(path);
          writeFileSync(path, "");
          // A file that is emptied and filled to its old length between two looks begins like the old one.
          file.poll();
          writeFileSync(path, "step,loss\n");
          for (const [step, loss] of fresh.entries()) {
            appendFileSync(path, `${step},${loss}\n`);
            if (looks[step]) file.poll();
          }
          file.poll(true);
          expect(values).toEqual(fresh);
        },
      ),
      { numRuns: 60 },
    );
  });
});
