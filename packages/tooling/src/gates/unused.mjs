import { runCommand } from "../setup/command.mjs";
import { commandGate } from "./gate.mjs";

/** @type {import("./gate.mjs").Gate} */
export const unused = {
  name: "unused files, exports and dependencies",
  run: async () => commandGate(await runCommand("knip", ["--no-progress", "--no-config-hints"])),
};
