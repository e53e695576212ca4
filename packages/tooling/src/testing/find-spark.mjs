import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const oldestJava = 17;
/** @type {{ spark: import("./index.d.mts").SparkInstallation | null, reason: string | null } | undefined} */
let found;

/** @returns {{ spark: import("./index.d.mts").SparkInstallation | null, reason: string | null }} */
export function findSpark() {
  found ??= find();
  return found;
}

/** @returns {{ spark: import("./index.d.mts").SparkInstallation | null, reason: string | null }} */
function find() {
  const home = sparkHome();
  if (home === null) return { spark: null, reason: "no pyspark" };
  const java = spawnSync(javaProgram(), ["-version"], { encoding: "utf8", timeout: 60_000 });
  // `openjdk version "17.0.15"` on the error stream.
  const version = Number(/version "(\d+)/.exec(java.stderr ?? "")?.[1] ?? 0);
  if (version < oldestJava) return { spark: null, reason: `no Java ${oldestJava}` };
  const jar = readdirSync(join(home, "jars")).find((name) => /^spark-connect_.*\.jar$/.test(name));
  return jar === undefined
    ? { spark: null, reason: "no Spark Connect in pyspark" }
    : { spark: { home, connectJar: join(home, "jars", jar) }, reason: null };
}

/** `SPARK_HOME`, or the wheel that `.ci/run` puts into its cache. */
function sparkHome() {
  const { SPARK_HOME, XDG_CACHE_HOME } = process.env;
  if (SPARK_HOME && existsSync(join(SPARK_HOME, "jars"))) return SPARK_HOME;
  const environment = join(XDG_CACHE_HOME || join(homedir(), ".cache"), "deepwright", "spark", "lib");
  const versions = existsSync(environment) ? readdirSync(environment) : [];
  const homes = versions.map((version) => join(environment, version, "site-packages", "pyspark"));
  return homes.find((home) => existsSync(join(home, "jars"))) ?? null;
}

function javaProgram() {
  const { JAVA_HOME } = process.env;
  return JAVA_HOME ? join(JAVA_HOME, "bin", "java") : "java";
}
