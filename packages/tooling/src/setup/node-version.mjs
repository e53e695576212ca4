import { Failure } from "./failure.mjs";

/**
 * @param {string} version such as `20.19.0`
 * @throws {Failure} below Node 20.19
 */
export function requireNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Failure(
    `Expected Node 20.19 or newer, got ${version}.`,
    "Install a newer Node from https://nodejs.org and start again.",
  );
}
