import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { npmCommand, runCommand } from "./command.mjs";
import { Failure } from "./failure.mjs";
import { registrySettings } from "./registry.mjs";
import { step } from "./steps.mjs";
import { root, workspacePackages } from "./workspace.mjs";

const stampFile = join(root, "node_modules", ".deepwright-installed");

/** What decides the content of node_modules, as one hash. */
function wantedState() {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}`);
  const files = ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml"].map((name) => join(root, name));
  for (const { folder } of workspacePackages()) files.push(join(folder, "package.json"));
  for (const file of files) hash.update(`\0${readFileSync(file, "utf8")}`);
  return hash.digest("hex");
}

function isInstalled() {
  const folders = workspacePackages().filter(({ manifest }) => manifest.dependencies ?? manifest.devDependencies);
  return (
    existsSync(stampFile) &&
    readFileSync(stampFile, "utf8") === wantedState() &&
    folders.every(({ folder }) => existsSync(join(folder, "node_modules")))
  );
}

/**
 * Installs what the lockfile names, with pnpm fetched by npx; does nothing when that was done before.
 *
 * @throws {Failure} with the end of pnpm's output
 */
export async function installDependencies() {
  if (isInstalled()) return;
  await step("Install the packages that the lockfile names", async () => {
    const { environment } = await registrySettings();
    const [program, parameters] = npmCommand(["exec", "--yes", "--", "pnpm@12", "install", "--frozen-lockfile"]);
    const result = await runCommand(program, parameters, { environment: { ...environment, CI: "true" } });
    if (result.exitCode !== 0) {
      throw new Failure(
        `pnpm install ended with ${result.exitCode}:\n${result.output.trim().split("\n").slice(-25).join("\n")}`,
        "Check that npm's registry can be reached (`npm ping`), then start again.",
      );
    }
    writeFileSync(stampFile, wantedState());
  });
}
