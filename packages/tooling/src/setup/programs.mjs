import { existsSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "./failure.mjs";
import { root } from "./workspace.mjs";

/** Programs of the apps that the root commands start. */
const programs = {
  gateway: { packageName: "@deepwright/gateway", source: "apps/gateway/src/bin.ts", built: "apps/gateway/dist/bin.js" },
  cases: {
    packageName: "@deepwright/case-studies",
    source: "apps/case-studies/src/bin.ts",
    built: "apps/case-studies/dist/bin.js",
  },
};

/** @typedef {keyof typeof programs} ProgramName */

/**
 * Whether this version of the repository has a program.
 *
 * @param {ProgramName} name
 */
export function hasProgram(name) {
  return existsSync(join(root, programs[name].source));
}

/**
 * The package to build for a program.
 *
 * @param {ProgramName} name
 * @returns {string}
 * @throws {Failure} when this version of the repository has no such program
 */
export function programPackage(name) {
  const { packageName, source } = programs[name];
  if (hasProgram(name)) return packageName;
  throw new Failure(`Expected ${source}, got none: ${packageName} has no program yet.`, "Take a version that has it.");
}

/**
 * The file to run, once the package is built.
 *
 * @param {ProgramName} name
 */
export function builtProgram(name) {
  return join(root, programs[name].built);
}
