// A measured process: node program.js suite|floor PATH, or new-days|whole FOLDER STATES
import { folderPartitions, openFolderStateStore, runSuite, updateHistory } from "@deepwright/data-tests";
import { openEngine } from "@deepwright/engines";
import { suite } from "./suite.js";
import { columnNames } from "./table.js";
import { measureUsage } from "./usage.js";

const [mode = "", path = "", states = ""] = process.argv.slice(2);
const engine = await openEngine({ kind: "duckdb" });
const usage = await measureUsage(async () => {
  if (mode === "new-days" || mode === "whole") {
    const whole = { name: "all", source: { kind: "file", path: `${path}/**/*.parquet` }, content: null } as const;
    const partitions = mode === "whole" ? [whole] : await folderPartitions(path);
    const { scanned } = await updateHistory(engine, await openFolderStateStore(states), partitions);
    return { passed: scanned.length === 1, checks: 0 };
  }
  if (mode === "floor") {
    await engine.query(`SELECT ${columnNames.map((name) => `min("${name}")`).join(", ")} FROM read_parquet('${path}')`);
    return { passed: true, checks: 0 };
  }
  const { passed, results } = await runSuite(engine, { kind: "file", path }, suite);
  for (const result of results) if (!result.passed) process.stderr.write(`${result.sentence}\n`);
  return { passed, checks: results.length };
});
await engine.close();
process.stdout.write(`${JSON.stringify(usage)}\n`);
