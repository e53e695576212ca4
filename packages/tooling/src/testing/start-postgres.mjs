import { spawn } from "node:child_process";
import { chownSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findPostgres } from "./find-postgres.mjs";
import { freePort } from "./free-port.mjs";

/**
 * @param {import("./index.d.mts").PostgresOptions} [options]
 * @returns {Promise<import("./index.d.mts").PostgresServer>}
 */
export async function startPostgres({ durable = false } = {}) {
  const programs = findPostgres();
  if (programs === null) throw new Error("No initdb and postgres found.");
  const folder = mkdtempSync(join(tmpdir(), "deepwright-postgres-"));
  const user = serverUser();
  if (user !== null) chownSync(folder, user.uid, user.gid);
  try {
    const initialize = ["-D", folder, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"];
    await ended(start(join(programs, "initdb"), initialize, folder, user));
    const port = await freePort();
    const settings = [
      "listen_addresses=127.0.0.1",
      "unix_socket_directories=",
      ...(durable ? [] : ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]),
    ];
    const parameters = ["-D", folder, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])];
    const launch = () => start(join(programs, "postgres"), parameters, folder, user);
    let server = launch();
    const endWithUs = () => server.child.kill("SIGQUIT");
    process.once("exit", endWithUs);
    await ready(server);
    return {
      uri: `postgres://postgres@127.0.0.1:${port}/postgres`,
      port,
      get processId() {
        return server.child.pid ?? 0;
      },
      async kill() {
        server.child.kill("SIGKILL");
        await server.exit;
      },
      async restart() {
        // Sessions of a killed server notice it within seconds; until they are gone their memory keeps out the next one.
        const deadline = performance.now() + 60_000;
        for (;;) {
          server = launch();
          try {
            return await ready(server);
          } catch (error) {
            if (performance.now() > deadline) throw error;
            await sleep(50);
          }
        }
      },
      async stop() {
        process.off("exit", endWithUs);
        // "Fast shutdown": sessions are ended, then the server.
        if (server.child.exitCode === null && server.child.signalCode === null) {
          server.child.kill("SIGINT");
          await server.exit;
        }
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Postgres refuses to run as root.
 *
 * @returns {{ uid: number, gid: number } | null} whom to run it as; `null` for ourselves
 */
function serverUser() {
  if (process.getuid?.() !== 0) return null;
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const user = ["postgres", "nobody"].flatMap((name) => users.filter(([candidate]) => candidate === name))[0];
  if (user === undefined) throw new Error("Postgres can't run as root, and there is no user postgres or nobody.");
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

/**
 * @typedef {object} Started
 * @property {import("node:child_process").ChildProcess} child
 * @property {Promise<number | null>} exit
 * @property {() => string} output
 */

/**
 * @param {string} program
 * @param {readonly string[]} options
 * @param {string} folder
 * @param {{ uid: number, gid: number } | null} user
 * @returns {Started}
 */
function start(program, options, folder, user) {
  const child = spawn(program, options, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, LC_ALL: "C" },
    ...(user ?? {}),
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (data) => {
      output = (output + data).slice(-10_000);
    });
  }
  /** @type {Promise<number | null>} */
  const exit = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code));
  });
  exit.catch(() => undefined);
  return { child, exit, output: () => output };
}

/** @param {Started} started */
async function ended(started) {
  const code = await started.exit;
  if (code !== 0) throw new Error(`${started.child.spawnfile} ended with ${code}:\n${started.output()}`);
}

/** @param {Started} server */
async function ready(server) {
  const failed = server.exit.then((code) => {
    throw new Error(`postgres ended with ${code}:\n${server.output()}`);
  });
  /** @type {Promise<void>} */
  const accepting = new Promise((resolve) => {
    server.child.stderr?.on("data", () => {
      if (server.output().includes("ready to accept connections")) resolve();
    });
  });
  await Promise.race([accepting, failed]);
  failed.catch(() => undefined);
}
