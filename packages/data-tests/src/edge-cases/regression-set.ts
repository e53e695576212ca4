import { open, readFile } from "node:fs/promises";
import { canonicalJson, DeepwrightError, sha256 } from "@deepwright/core";
import type { CellValue } from "@deepwright/engines";
import { z } from "zod";
import { cellSchema } from "./cell.js";
import type { EdgeCase } from "./rare-combinations.js";

const combinationSchema = z.strictObject({
  cells: z.record(z.string(), cellSchema),
  /** Rows of the data set in which it was found, and its probability to be missing from the sample that was judged. */
  rowCount: z.number(),
  missProbability: z.number(),
});

const caseSchema = z.strictObject({
  /** SHA-256 of the row, so that a row is kept once. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  row: z.record(z.string(), z.json()),
  covers: z.array(combinationSchema).min(1),
});
export type RegressionCase = z.output<typeof caseSchema>;

export interface Growth {
  readonly added: number;
  /** Edge cases whose row, or whose combinations all, the file holds already. */
  readonly known: number;
  readonly total: number;
}

/**
 * Edge cases that are kept: one JSON object a line, in the order in which they came. A last line that a crash cut short is left out; a case
 * that stands twice counts once.
 *
 * @param path an absent file is an empty set
 * @throws DeepwrightError `REGRESSION_SET_INVALID` that names the line
 */
export async function readRegressionSet(path: string): Promise<readonly RegressionCase[]> {
  return (await readCases(path)).cases;
}

/**
 * Adds edge cases to a file that only grows: rows that are not in it and that hold a combination that none of its rows was kept for. New
 * cases are written at once, sorted by hash, so the same data gives the same file.
 *
 * @example
 * ```ts
 * const { edgeCases } = await rareCombinations(engine, all, { sampleSize: 10_000 });
 * const { added, total } = await growRegressionSet("edge-cases.jsonl", edgeCases);
 * ```
 * @throws DeepwrightError `REGRESSION_SET_INVALID`
 */
export async function growRegressionSet(path: string, edgeCases: readonly EdgeCase[]): Promise<Growth> {
  const { cases, validBytes } = await readCases(path);
  const hashes = new Set(cases.map(({ hash }) => hash));
  const covered = new Set(cases.flatMap(({ covers }) => covers.map(combinationKey)));
  const added: RegressionCase[] = [];
  const offered = edgeCases
    .map(({ row, covers }) => ({ row: plainRow(row), covers }))
    .map((each) => ({ ...each, hash: hashOf(each.row) }))
    .sort((left, right) => (left.hash < right.hash ? -1 : 1));
  for (const { hash, row, covers } of offered) {
    const isNew = covers.some((combination) => !covered.has(combinationKey(combination)));
    if (hashes.has(hash) || !isNew) continue;
    hashes.add(hash);
    for (const combination of covers) covered.add(combinationKey(combination));
    added.push({
      hash,
      row,
      covers: covers.map(({ cells, rowCount, missProbability }) => ({ cells, rowCount, missProbability })),
    });
  }
  if (added.length > 0) {
    const file = await open(path, "a+");
    try {
      // What a crash left of a line would spoil the first new one.
      if ((await file.stat()).size > validBytes) await file.truncate(validBytes);
      await file.appendFile(added.map((each) => `${canonicalJson(each)}\n`).join(""));
      await file.sync();
    } finally {
      await file.close();
    }
  }
  return { added: added.length, known: edgeCases.length - added.length, total: cases.length + added.length };
}

async function readCases(path: string): Promise<{ readonly cases: RegressionCase[]; readonly validBytes: number }> {
  const content = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const valid = content.slice(0, content.lastIndexOf("\n") + 1);
  const cases = new Map<string, RegressionCase>();
  valid.split("\n").forEach((line, index) => {
    if (line === "") return;
    const found = parseCase(line);
    if (found === null) throw invalid(path, index + 1, "something else");
    if (hashOf(found.row) !== found.hash) throw invalid(path, index + 1, "a row that is not the one of its hash");
    cases.set(found.hash, found);
  });
  return { cases: [...cases.values()], validBytes: Buffer.byteLength(valid) };
}

function parseCase(line: string): RegressionCase | null {
  try {
    return caseSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

function invalid(path: string, line: number, got: string): DeepwrightError {
  return new DeepwrightError({
    code: "REGRESSION_SET_INVALID",
    expected: "a regression set as it was written",
    got: `${got} in line ${line} of ${path}`,
    todo: "Take the line out, or the file from version control.",
    details: { path, line },
  });
}

export const combinationKey = ({ cells }: { readonly cells: RegressionCase["covers"][number]["cells"] }): string =>
  canonicalJson(cells);

const hashOf = (row: RegressionCase["row"]): string => sha256(canonicalJson(row));

type Plain = RegressionCase["row"][string];

const plainRow = (row: Readonly<Record<string, CellValue>>): Record<string, Plain> =>
  Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, plainCell(cell)]));

/** JSON has no bigints, bytes, NaN and infinities: they are kept as text. */
function plainCell(cell: CellValue): Plain {
  if (typeof cell === "bigint") return String(cell);
  if (typeof cell === "number") return Number.isFinite(cell) ? cell + 0 : String(cell);
  if (cell instanceof Uint8Array) return Buffer.from(cell).toString("hex");
  if (Array.isArray(cell)) return (cell as readonly CellValue[]).map(plainCell);
  return typeof cell === "object" && cell !== null ? plainRow(cell as Readonly<Record<string, CellValue>>) : cell;
}
