import { runCommand } from "../setup/command.mjs";
import { finishedPackages } from "../setup/workspace.mjs";
import { commandGate } from "./gate.mjs";

/** @type {import("./gate.mjs").Gate} */
export const unused = {
  name: "unused files, exports and dependencies",
  async run() {
    const workspaces = finishedPackages().flatMap(({ path }) => ["--workspace", path]);
    return commandGate(await runCommand("knip", ["--no-progress", "--no-config-hints", ...workspaces]));
  },
};
