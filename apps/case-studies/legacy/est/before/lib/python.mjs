import { spawnSync } from "node:child_process";

export async function runPython(script, argv) {
  const result = spawnSync("python3", [script, ...argv], { stdio: ["ignore", "inherit", "inherit"] });
  if (result.error?.code === "ENOENT") {
    const { runEmbedded } = await import("./pyodide.mjs");
    await runEmbedded(script, argv);
    return;
  }
  if (result.status !== 0) throw new Error(`${script} ended with ${result.status ?? result.signal}`);
}
