import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEngine } from "@deepwright/engines";
import { findSpark, startSpark } from "@deepwright/tooling/testing";
import { it } from "vitest";
import { checkDiffs } from "../comparison/diff.test.support.js";
import { checkDrift } from "../comparison/drift.test.support.js";
import { checkSkews, plantedSkews } from "../comparison/skew.test.support.js";
import { checkCombinations } from "../edge-cases/edge-cases.test.support.js";
import {
  checkHistories,
  checkNearDuplicates,
  checkPlantedSplits,
  checkPlantedTargets,
  checkTargetPower,
} from "../leakage/leakage.test.support.js";
import { filesOf, tablesOf } from "./write-table.test.support.js";

const { reason } = findSpark();

it.skipIf(reason !== null)(
  `comparisons, leakage and edge cases on spark are those of the definitions${reason === null ? "" : ` (skipped: ${reason})`}`,
  { timeout: 600_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "deepwright-two-data-sets-"));
    const server = await startSpark();
    const spark = await openEngine({ kind: "spark", uri: server.uri });
    const duckdb = await openEngine({ kind: "duckdb" });
    try {
      const write = filesOf(duckdb, folder);
      const [onSpark, onDuckdb] = [
        { engine: spark, write },
        { engine: duckdb, write: tablesOf(duckdb) },
      ];
      await checkDiffs({ before: onSpark, after: onSpark }, 4);
      await checkDiffs({ before: onSpark, after: onDuckdb }, 3);
      await checkDrift(spark, write, 2);
      await checkSkews(spark, write, plantedSkews.slice(0, 3));
      await checkTargetPower(spark, write, 2);
      await checkPlantedTargets(spark, write);
      await checkPlantedSplits(spark, write);
      await checkHistories(spark, write, 2);
      await checkNearDuplicates(spark, write, 100);
      await checkCombinations(spark, write, 3);
    } finally {
      await Promise.all([spark.close(), duckdb.close()]);
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
