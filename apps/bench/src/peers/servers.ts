import { join } from "node:path";
import { freePort, type ServerProcess, startServer } from "../measure/server-process.js";
import { pythonProgram } from "./python.js";

/** Versions that every figure names. */
export const mlflowVersion = "3.17.2";
export const fasttrackmlVersion = "0.6.0";

/** FastTrackML (Go, MLflow's API) on its SQLite; `null` where it can't be installed. */
export async function startFasttrackml(folder: string): Promise<ServerProcess | null> {
  const program = pythonProgram("fasttrackml", "fml", ["--no-deps", `fasttrackml==${fasttrackmlVersion}`]);
  if (program === null) return null;
  const port = await freePort();
  return startServer({
    command: program,
    arguments: [
      "server",
      "--listen-address",
      `127.0.0.1:${port}`,
      "--database-uri",
      `sqlite://${join(folder, "fasttrackml.db")}`,
      "--log-level",
      "error",
    ],
    url: `http://127.0.0.1:${port}`,
    readyPath: "/health",
    workingDirectory: folder,
  });
}

/** MLflow's own server with one worker; `backend` is its database address. `null` where it can't be installed. */
export async function startMlflow(
  folder: string,
  backend = `sqlite:///${join(folder, "mlflow.db")}`,
): Promise<ServerProcess | null> {
  const program = pythonProgram("mlflow", "mlflow", [`mlflow==${mlflowVersion}`, "psycopg2-binary"]);
  if (program === null) return null;
  const port = await freePort();
  return startServer({
    command: program,
    arguments: [
      "server",
      "--backend-store-uri",
      // SQLAlchemy knows Postgres by this name, and another driver by default.
      backend.replace(/^postgres:/, "postgresql+psycopg2:"),
      "--workers",
      "1",
      "--host",
      "127.0.0.1",
      "--port",
      String(port),
      "--default-artifact-root",
      join(folder, "artifacts"),
    ],
    url: `http://127.0.0.1:${port}`,
    readyPath: "/health",
    workingDirectory: folder,
    environment: { MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false" },
  });
}
