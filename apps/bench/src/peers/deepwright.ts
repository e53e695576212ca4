import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { freePort, type ServerProcess, startServer } from "../measure/server-process.js";

/** Our gateway as a user starts it: a process of its own on the embedded database, or on the given store. */
export async function startGatewayProcess(
  folder: string,
  store = `file:${join(folder, "store")}`,
  usedPort?: number,
): Promise<ServerProcess> {
  const entry = createRequire(import.meta.url).resolve("@deepwright/gateway");
  const port = usedPort ?? (await freePort());
  return startServer({
    command: process.execPath,
    arguments: [join(dirname(entry), "bin.js"), "--store", store, "--port", String(port)],
    url: `http://127.0.0.1:${port}`,
    readyPath: "/ready",
    workingDirectory: folder,
  });
}
