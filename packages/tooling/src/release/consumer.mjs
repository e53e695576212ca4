import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { alignOutput, expectedOutput } from "../readme-example/expected.mjs";
import { codeBlocks, installedPackages } from "../readme-example/markdown.mjs";
import { runExample } from "../readme-example/run.mjs";
import { npmCommand, runCommand } from "../setup/command.mjs";
import { Failure } from "../setup/failure.mjs";

/**
 * A project of somebody else that installs the published packages. Third-party packages come from where npm is set to
 * get them; ours come from the registry on loopback.
 *
 * @param {string} directory an empty folder
 * @param {string} registry address on loopback
 * @param {readonly import("../setup/workspace.mjs").WorkspacePackage[]} published
 */
export async function createConsumer(directory, registry, published) {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  writeFileSync(join(directory, ".npmrc"), `@deepwright:registry=${registry}\naudit=false\nfund=false\n`);
  const ours = published.map(({ name, manifest }) =>
    // A scope can be given a registry of its own, a single name can't: it comes by the address of its tarball.
    name.startsWith("@") ? `${name}@${manifest.version}` : `${registry}${name}/-/${name}-${manifest.version}.tgz`,
  );
  const names = new Set(published.map(({ name }) => name));
  const advised = published
    .flatMap(({ folder }) => installedPackages(readme(folder)))
    .filter((name) => !names.has(name));
  const packages = [...ours, ...new Set([...advised, "@types/node@20"])];
  const result = await runCommand(...npmCommand(["install", "--no-progress", ...packages]), { cwd: directory });
  if (result.exitCode !== 0) throw new Failure(`npm install ended with ${result.exitCode}:\n${result.output}`, "");
}

/**
 * Imports every entry point of a package in a process of its own.
 *
 * @param {string} directory of the consumer
 * @param {import("../setup/workspace.mjs").WorkspacePackage} published
 * @returns {Promise<void>}
 */
export async function importEntryPoints(directory, { name, manifest }) {
  for (const entry of Object.keys(manifest.exports)) {
    const specifier = name + entry.slice(1);
    const program = `const loaded = await import(${JSON.stringify(specifier)}); if (Object.keys(loaded).length === 0) throw new Error("exports nothing");`;
    const result = await runCommand(process.execPath, ["--input-type=module", "--eval", program], { cwd: directory });
    if (result.exitCode !== 0) throw new Failure(`import "${specifier}" failed:\n${result.output}`, "");
  }
}

/**
 * Runs the first TypeScript example of a package's README and compares what it prints.
 *
 * @param {string} directory of the consumer
 * @param {import("../setup/workspace.mjs").WorkspacePackage} published
 * @returns {Promise<void>}
 */
export async function runFirstExample(directory, { name, folder }) {
  const example = codeBlocks(readme(folder)).find(({ language }) => language === "ts");
  if (!example) throw new Failure(`The README of ${name} has no TypeScript example.`, "");
  const expected = expectedOutput(example.code);
  const printed = await runExample(example.code, { folder: directory, name: name.replace(/[@/]/g, "-") });
  if (alignOutput(printed, expected).join("\n") === expected.join("\n")) return;
  throw new Failure(`Expected\n${expected.join("\n")}\ngot\n${printed.join("\n")}`, "");
}

/**
 * Starts the installed command line through npx.
 *
 * @param {string} directory of the consumer
 * @param {string} version that it must name
 * @returns {Promise<void>}
 */
export async function runCommandLine(directory, version) {
  const result = await runCommand(...npmCommand(["exec", "--no", "--", "deepwright", "--version"]), { cwd: directory });
  if (result.exitCode === 0 && result.stdout.includes(version)) return;
  throw new Failure(
    `npx deepwright --version gave ${result.exitCode} and, in place of ${version}:\n${result.output}`,
    "",
  );
}

/** @param {string} folder */
function readme(folder) {
  return readFileSync(join(folder, "README.md"), "utf8");
}
