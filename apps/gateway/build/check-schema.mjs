// Checks that schema.graphql is what the slices say, and that nothing breaks for clients against an earlier version.
//   node build/check-schema.mjs            compare with the file, and with the version of git's HEAD
//   node build/check-schema.mjs --write    write the file
//   SCHEMA_BASE=v1.2.0 node build/check-schema.mjs    compare with the version of another commit
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { CriticalityLevel, diff } from "@graphql-inspector/core";
import { buildSchema } from "graphql";
import { printGatewaySchema } from "../dist/schema/print.js";

const file = new URL("../schema.graphql", import.meta.url);
const printed = printGatewaySchema();

function committed(base) {
  try {
    const path = "apps/gateway/schema.graphql";
    const cwd = new URL("../../..", import.meta.url);
    return execFileSync("git", ["show", `${base}:${path}`], {
      cwd,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    // No git, or a commit from before the schema: there is nothing that could break.
    return undefined;
  }
}

if (process.argv.includes("--write")) writeFileSync(file, printed);
let failed = false;
if (readFileSync(file, "utf8") !== printed) {
  console.error("schema.graphql is not what the slices say. Run: node build/check-schema.mjs --write");
  failed = true;
}
const before = committed(process.env.SCHEMA_BASE ?? "HEAD");
if (before !== undefined) {
  const changes = await diff(buildSchema(before), buildSchema(printed));
  for (const change of changes) {
    const breaking = change.criticality.level === CriticalityLevel.Breaking;
    console.log(`${change.criticality.level}: ${change.message}`);
    failed ||= breaking;
  }
}
console.log(failed ? "The schema check failed." : "The schema is up to date and breaks nothing.");
process.exitCode = failed ? 1 : 0;
