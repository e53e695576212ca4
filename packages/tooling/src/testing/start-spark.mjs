import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findSpark } from "./find-spark.mjs";
import { freePort } from "./free-port.mjs";

const startLimitMs = 180_000;

/**
 * @param {import("./index.d.mts").SparkServerOptions} [options]
 * @returns {Promise<import("./index.d.mts").SparkServer>}
 */
export async function startSpark({ workers = 0, settings = {} } = {}) {
  const { spark, reason } = findSpark();
  if (spark === null) throw new Error(`Spark can't be started: ${reason}.`);
  const folder = mkdtempSync(join(tmpdir(), "deepwright-spark-"));
  /** @type {Started[]} */
  const processes = [];
  const endWithUs = () => {
    for (const { child } of processes) child.kill("SIGKILL");
  };
  process.once("exit", endWithUs);
  const stop = async () => {
    for (const started of processes.splice(0).reverse()) await end(started);
    process.off("exit", endWithUs);
    rmSync(folder, { recursive: true, force: true });
  };
  /** @param {readonly string[]} options @param {RegExp} ready */
  const launch = async (options, ready) => {
    const started = start(spark, options, folder);
    processes.push(started);
    await until(started, ready);
    return started;
  };
  try {
    let master = "local[2]";
    if (workers > 0) {
      const port = await freePort();
      master = `spark://127.0.0.1:${port}`;
      const host = ["--host", "127.0.0.1", "--webui-port", "0"];
      await launch(
        ["org.apache.spark.deploy.master.Master", ...host, "--port", String(port)],
        /I have been elected leader/,
      );
      for (let worker = 0; worker < workers; worker++) {
        const limits = ["--cores", "1", "--memory", "1g", "--work-dir", join(folder, `worker-${worker}`)];
        await launch(
          ["org.apache.spark.deploy.worker.Worker", ...host, ...limits, master],
          /Successfully registered with master/,
        );
      }
    }
    const port = await freePort();
    const all = {
      "spark.connect.grpc.binding.address": "127.0.0.1",
      "spark.connect.grpc.binding.port": port,
      "spark.driver.bindAddress": "127.0.0.1",
      "spark.driver.host": "127.0.0.1",
      "spark.ui.enabled": false,
      "spark.sql.catalogImplementation": "in-memory",
      "spark.sql.warehouse.dir": join(folder, "warehouse"),
      "spark.sql.shuffle.partitions": 2,
      "spark.local.dir": folder,
      ...settings,
    };
    const server = await launch(
      [
        "org.apache.spark.deploy.SparkSubmit",
        ...["--master", master, "--driver-memory", "1g"],
        // Tests run each statement a few times only, for which the second compiler's work does not pay.
        ...["--driver-java-options", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"],
        ...["--class", "org.apache.spark.sql.connect.service.SparkConnectServer"],
        ...Object.entries(all).flatMap(([name, value]) => ["--conf", `${name}=${value}`]),
        spark.connectJar,
      ],
      /Spark Connect server started/,
    );
    return { uri: `sc://127.0.0.1:${port}`, port, processId: server.child.pid ?? 0, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * @typedef {object} Started
 * @property {import("node:child_process").ChildProcess} child
 * @property {Promise<unknown>} exit
 * @property {() => string} output
 */

/**
 * `spark-class` replaces itself by Java, so that the process id is the server's own.
 *
 * @param {import("./index.d.mts").SparkInstallation} spark
 * @param {readonly string[]} options
 * @param {string} folder
 * @returns {Started}
 */
function start(spark, options, folder) {
  const child = spawn(join(spark.home, "bin", "spark-class"), options, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      SPARK_HOME: spark.home,
      SPARK_LOCAL_IP: "127.0.0.1",
      SPARK_LOCAL_DIRS: folder,
      TZ: "Asia/Kolkata",
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (data) => {
      output = (output + data).slice(-20_000);
    });
  }
  const exit = new Promise((resolve) => {
    child.once("error", resolve);
    child.once("exit", resolve);
  });
  return { child, exit, output: () => output };
}

/**
 * @param {Started} started
 * @param {RegExp} ready
 */
async function until(started, ready) {
  const limit = AbortSignal.timeout(startLimitMs);
  await new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`Spark did not start:\n${started.output()}`));
    const look = () => {
      if (ready.test(started.output())) resolve(undefined);
    };
    started.child.stdout?.on("data", look);
    started.child.stderr?.on("data", look);
    limit.addEventListener("abort", fail, { once: true });
    started.exit.then(fail);
  });
}

/** @param {Started} started */
async function end({ child, exit }) {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill("SIGKILL");
    await exit;
  }
}
