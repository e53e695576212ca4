// A measured process: node program.js suite|floor PATH
import { runSuite } from "@deepwright/data-tests";
import { openEngine } from "@deepwright/engines";
import { suite } from "./suite.js";
import { columnNames } from "./table.js";
import { measureUsage } from "./usage.js";

const [mode = "", path = ""] = process.argv.slice(2);
const engine = await openEngine({ kind: "duckdb" });
const usage = await measureUsage(async () => {
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
