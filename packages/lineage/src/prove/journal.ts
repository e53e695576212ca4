import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseJson, type RunId, sha256, stringifyJson } from "@deepwright/core";
import { z } from "zod";
import type { Outcome } from "./oracle.js";

const entrySchema = z.object({
  set: z.string(),
  replicate: z.number().int(),
  outcome: z.number().or(z.literal(Infinity)).or(z.literal(-Infinity)).nullable(),
  runId: z.string().nullable(),
});

export interface JournalEntry {
  readonly outcome: Outcome;
  /** `null` when nothing could be run. */
  readonly runId: RunId | null;
}

/** Keeps the outcomes of finished re-runs on disk, so that a proof that was ended goes on where it was. */
export class Journal {
  private readonly entries = new Map<string, JournalEntry>();
  private readonly file: string;

  /** @param directory made if it is missing; one for each pair of runs and set of units */
  constructor(directory: string) {
    mkdirSync(directory, { recursive: true });
    this.file = join(directory, "journal.jsonl");
    for (const line of readLines(this.file)) {
      const entry = parseEntry(line);
      if (entry) this.entries.set(keyOf(entry.set, entry.replicate), { ...entry, runId: entry.runId as RunId | null });
    }
  }

  get(set: string, replicate: number): JournalEntry | undefined {
    return this.entries.get(keyOf(set, replicate));
  }

  /** Appends one line at once; a line that a kill cuts short is passed over when the journal is read. */
  add(set: string, replicate: number, entry: JournalEntry): void {
    this.entries.set(keyOf(set, replicate), entry);
    appendFileSync(this.file, `${stringifyJson({ set, replicate, ...entry })}\n`);
  }
}

/** Name of the folder of a proof: equal when the same runs, metric and units are asked for again. */
export const proofName = (parts: readonly string[]): string => sha256(JSON.stringify(parts)).slice(0, 16);

const keyOf = (set: string, replicate: number): string => `${set}#${replicate}`;

function readLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch {
    return [];
  }
}

function parseEntry(line: string): z.infer<typeof entrySchema> | undefined {
  if (line === "") return undefined;
  try {
    return entrySchema.parse(parseJson(line));
  } catch {
    return undefined;
  }
}
