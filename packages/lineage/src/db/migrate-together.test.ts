import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId } from "@deepwright/core";
import { findPostgres, startPostgres } from "@deepwright/tooling/testing";
import { afterAll, describe, expect, it } from "vitest";
import { openLineage } from "../open-lineage.js";
import { runStart } from "../runs/lineages.test.support.js";
import { lineageMigrations } from "./migrations/index.js";

const folder = mkdtempSync(join(tmpdir(), "deepwright-together-"));
const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** Loads everything, waits for the word, then opens the store and records a run. */
const program = join(folder, "recorder.mjs");
writeFileSync(
  program,
  `import { openLineage } from ${JSON.stringify(new URL("../../dist/index.js", import.meta.url).href)};
  await import(${JSON.stringify(import.meta.resolve("@deepwright/store"))});
  process.on("message", async ({ uri, batch }) => {
    try {
      const lineage = await openLineage(uri);
      await lineage.runs.ingest(batch);
      process.send({ done: true }, () => undefined);
      process.once("message", async () => { await lineage.close(); process.exit(0); });
    } catch (error) {
      process.send({ failed: error.code + ": " + error.message });
    }
  });
  process.send("ready");`,
);

const databases = [
  {
    name: "a fresh directory",
    available: true,
    make: async () => ({ uri: `file:${join(folder, "store")}`, stop: async () => undefined }),
  },
  {
    name: findPostgres() === null ? "a fresh Postgres (skipped: no server is installed)" : "a fresh Postgres",
    available: findPostgres() !== null,
    make: startPostgres,
  },
] as const;

describe.each(databases)("two processes that open $name at once", ({ available, make }) => {
  it.skipIf(!available)(
    "make its tables once, and both record into them",
    async () => {
      const { uri, stop } = await make();
      try {
        const started = [0, 1].map(() => fork(program));
        for (const child of started) children.add(child);
        await Promise.all(started.map((child) => once(child, "message")));
        const runs = started.map(() => runStart({ project: "together" }));
        const answers = started.map((child) => once(child, "message"));
        started.forEach((child, index) => {
          child.send({ uri, batch: { sourceId: newId(), firstSequence: 1, events: [runs[index]] } });
        });
        expect((await Promise.all(answers)).map(([answer]) => answer)).toEqual([{ done: true }, { done: true }]);
        const ends = started.map((child) => once(child, "exit"));
        for (const child of started) child.send("end");
        expect((await Promise.all(ends)).map(([code]) => code)).toEqual([0, 0]);
        const lineage = await openLineage(uri);
        try {
          expect(await lineage.runs.countRuns({ project: "together" })).toBe(2);
          if (lineage.store.kind === "http") throw new Error("not a database");
          const applied = await lineage.store.query<{ name: string }>(
            "select name from deepwright_migration where package = 'lineage' order by name",
          );
          expect(applied.map(({ name }) => name)).toEqual(lineageMigrations.migrations.map(({ name }) => name));
        } finally {
          await lineage.close();
        }
      } finally {
        await stop();
      }
    },
    120_000,
  );
});
