import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../setup/command.mjs";
import { Failure } from "../setup/failure.mjs";
import { workspacePackages } from "../setup/workspace.mjs";

const author = ["-c", "user.name=Release rehearsal", "-c", "user.email=release@example.invalid"];

/**
 * Applies the pending changesets in a copy of the repository and publishes every public package to a registry.
 *
 * @param {string} directory from `copyForRelease`
 * @param {string} registry address on loopback
 * @returns {Promise<import("../setup/workspace.mjs").WorkspacePackage[]>} the public packages with their new versions
 */
export async function versionAndPublish(directory, registry) {
  const host = registry.replace(/^http:/, "");
  writeFileSync(join(directory, ".npmrc"), `registry=${registry}\n${host}:_authToken=loopback\n`);
  writeFileSync(join(directory, ".gitignore"), "node_modules/\n");
  const environment = {
    npm_config_registry: registry,
    pnpm_config_registry: registry,
    GIT_AUTHOR_NAME: "Release rehearsal",
    GIT_AUTHOR_EMAIL: "release@example.invalid",
    GIT_COMMITTER_NAME: "Release rehearsal",
    GIT_COMMITTER_EMAIL: "release@example.invalid",
  };
  /** @param {string} program @param {string[]} parameters */
  const run = async (program, ...parameters) => {
    const result = await runCommand(program, parameters, { cwd: directory, environment });
    if (result.exitCode === 0) return;
    throw new Failure(`${program} ${parameters.join(" ")} ended with ${result.exitCode}:\n${result.output}`, "");
  };
  // Changesets reads the history of a repository and tags what it published.
  await run("git", "init", "--quiet", "--initial-branch=main");
  await run("git", "add", "--all");
  await run("git", ...author, "commit", "--quiet", "--no-verify", "--message=Before the release");
  await run("changeset", "version");
  await run("git", "add", "--all");
  await run("git", ...author, "commit", "--quiet", "--no-verify", "--allow-empty", "--message=Release");
  await run("changeset", "publish");
  return workspacePackages(directory).filter(({ isPublic }) => isPublic);
}
