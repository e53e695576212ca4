import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Failure } from "../setup/failure.mjs";
import { startService } from "../setup/service.mjs";

const startTimeoutMs = 120_000;

/**
 * Starts a registry on loopback that keeps our packages only, in `directory`, and takes them from anybody.
 *
 * @param {string} directory
 * @returns {Promise<{ address: string, stop(): Promise<void> }>}
 */
export async function startRegistry(directory) {
  mkdirSync(directory, { recursive: true });
  const configuration = join(directory, "config.yaml");
  // YAML reads JSON.
  writeFileSync(
    configuration,
    JSON.stringify({
      storage: join(directory, "storage"),
      auth: { htpasswd: { file: join(directory, "htpasswd") } },
      packages: { "**": { access: "$all", publish: "$all" } },
      max_body_size: "500mb",
      web: { enable: false },
      log: { type: "stdout", format: "pretty", level: "error" },
    }),
  );
  const port = await freePort();
  const address = `http://127.0.0.1:${port}/`;
  const service = startService("verdaccio", ["--config", configuration, "--listen", `127.0.0.1:${port}`], {
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  service.child.stdout?.on("data", (text) => {
    output += text;
  });
  service.child.stderr?.on("data", (text) => {
    output += text;
  });
  const deadline = performance.now() + startTimeoutMs;
  while (!(await answers(address))) {
    if (performance.now() > deadline || service.child.exitCode !== null) {
      await service.stop();
      throw new Failure(`The registry on loopback did not start:\n${output}`, "Look at what it printed.");
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return { address, stop: () => service.stop() };
}

/** @param {string} address */
async function answers(address) {
  return fetch(new URL("-/ping", address)).then(
    (response) => response.ok,
    () => false,
  );
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
