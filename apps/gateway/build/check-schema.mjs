// Checks that schema.graphql is what the slices say, and that nothing breaks for clients against an earlier version.
//   node build/check-schema.mjs            compare with the file, and with the version of git's HEAD
//   node build/check-schema.mjs --write    write the file
//   SCHEMA_BASE=v1.2.0 node build/check-schema.mjs    compare with the version of another commit
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { printGatewaySchema } from "../dist/schema/print.js";
import { normalized, schemaChanges } from "./schema-changes.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const file = fileURLToPath(new URL("../schema.graphql", import.meta.url));
const printed = printGatewaySchema();

/** The schema of a commit; `undefined` without git, and in a commit from before the schema. */
function committed(base) {
  try {
    const stdio = ["ignore", "pipe", "ignore"];
    return execFileSync("git", ["show", `${base}:apps/gateway/schema.graphql`], { cwd: root, encoding: "utf8", stdio });
  } catch {
    return undefined;
  }
}

function write() {
  writeFileSync(file, printed);
  // In the format that the gate of the repository asks for.
  const biome = createRequire(`${root}/package.json`).resolve("@biomejs/biome/bin/biome");
  execFileSync(process.execPath, [biome, "format", "--write", file], { cwd: root, stdio: "ignore" });
}

if (process.argv.includes("--write")) write();
let failed = false;
if (normalized(readFileSync(file, "utf8")) !== normalized(printed)) {
  console.error("schema.graphql is not what the slices say. Run: node build/check-schema.mjs --write");
  failed = true;
}
const base = process.env.SCHEMA_BASE || "HEAD";
const before = committed(base);
if (before !== undefined) {
  for (const { message, level, breaks } of await schemaChanges(before, printed)) {
    console.log(`${level}: ${message}`);
    failed ||= breaks;
  }
} else if (process.env.SCHEMA_BASE) {
  console.error(
    `Expected apps/gateway/schema.graphql in the commit ${base}, got none. Fetch the commit, or name another.`,
  );
  failed = true;
}
console.log(failed ? "The schema check failed." : "The schema is up to date and breaks nothing.");
process.exitCode = failed ? 1 : 0;
