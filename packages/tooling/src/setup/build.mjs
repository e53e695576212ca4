import { runCommand } from "./command.mjs";
import { Failure } from "./failure.mjs";
import { step } from "./steps.mjs";

/**
 * Builds packages and what they depend on; what has not changed comes from the local cache.
 *
 * @param {readonly string[]} names packages to build
 * @throws {Failure} with the compiler's output
 */
export async function buildPackages(names) {
  await step("Build", async () => {
    const filters = names.map((name) => `--filter=${name}`);
    const result = await runCommand("turbo", ["run", "build", "--output-logs=errors-only", ...filters]);
    if (result.exitCode !== 0) {
      throw new Failure(
        `The build ended with ${result.exitCode}:\n${result.output.trim()}`,
        "Correct what the compiler names.",
      );
    }
  });
}
