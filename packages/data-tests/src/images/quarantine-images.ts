import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { QuarantinedRows } from "../reports/test-report.js";
import { quarantineName } from "../suite/quarantine-name.js";
import type { JudgedImages } from "./run-image-suite.js";

/**
 * Writes lists of good and bad images as JSON Lines; bad ones, which break a failed expectation of severity `error`, with the reasons.
 * No image is moved.
 *
 * @param place a folder, made where it is absent
 */
export async function quarantineImages(
  { result, scanned, failingPaths }: JudgedImages,
  place: string,
): Promise<QuarantinedRows> {
  const base = join(place, quarantineName(result.suite, result.startedAtMs));
  const [good, bad] = [`${base}.good.jsonl`, `${base}.bad.jsonl`];
  const reasons = new Map<string, string[]>();
  const undivided: string[] = [];
  for (const [index, { passed, severity, id }] of result.results.entries()) {
    if (passed || severity !== "error") continue;
    const paths = failingPaths[index];
    if (paths == null) undivided.push(id);
    for (const path of new Set(paths ?? [])) reasons.set(path, [...(reasons.get(path) ?? []), id]);
  }
  const goodPaths = scanned.images.map(({ path }) => path).filter((path) => !reasons.has(path));
  const lines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  await mkdir(place, { recursive: true });
  await writeFile(good, lines(goodPaths.map((path) => ({ path }))), { flag: "wx" });
  await writeFile(
    bad,
    lines([...reasons].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, ids]) => ({ path, reasons: ids }))),
    {
      flag: "wx",
    },
  );
  return { good, bad, goodCount: goodPaths.length, badCount: reasons.size, undivided };
}
