// Machines without python3 run the same script on Python compiled to WebAssembly.
import { readFileSync } from "node:fs";
import { loadPyodide } from "pyodide";

export async function runEmbedded(script, argv) {
  const python = await loadPyodide();
  python.FS.mkdirTree("/project");
  python.FS.mount(python.FS.filesystems.NODEFS, { root: process.cwd() }, "/project");
  python.globals.set("arguments", python.toPy([script, ...argv]));
  python.runPython('import os, sys\nos.chdir("/project")\nsys.argv = list(arguments)');
  python.runPython(readFileSync(script, "utf8"), { globals: python.toPy({ __name__: "__main__" }) });
}
