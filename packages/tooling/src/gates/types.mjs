import { runCommand } from "../setup/command.mjs";
import { finishedPackages } from "../setup/workspace.mjs";
import { commandGate } from "./gate.mjs";

/**
 * Compiles every package with its tests.
 *
 * @type {import("./gate.mjs").Gate}
 */
export const types = {
  name: "types and build",
  async run() {
    const filters = finishedPackages().map(({ name }) => `--filter=${name}`);
    return commandGate(
      await runCommand("turbo", ["run", "build", "--continue", "--output-logs=errors-only", ...filters]),
    );
  },
};
