import { existsSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "./failure.mjs";
import { root } from "./workspace.mjs";

/** Programs of the apps that the root commands start. */
export const programs = {
  gateway: { packageName: "@deepwright/gateway", path: "apps/gateway/dist/bin.js" },
  cases: { packageName: "@deepwright/case-studies", path: "apps/case-studies/dist/bin.js" },
};

/**
 * The built program of an app.
 *
 * @param {keyof typeof programs} name
 * @returns {string} absolute path
 * @throws {Failure} when this version of the repository has none
 */
export function builtProgram(name) {
  const { packageName, path } = programs[name];
  const file = join(root, path);
  if (existsSync(file)) return file;
  throw new Failure(`${packageName} built no ${path}.`, "Take a version of the repository that has it.");
}
