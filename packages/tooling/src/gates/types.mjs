import { runCommand } from "../setup/command.mjs";
import { commandGate } from "./gate.mjs";

/**
 * Compiles every package with its tests.
 *
 * @type {import("./gate.mjs").Gate}
 */
export const types = {
  name: "types and build",
  run: async () => commandGate(await runCommand("turbo", ["run", "build", "--continue", "--output-logs=errors-only"])),
};
