import { runCommand } from "../setup/command.mjs";
import { finishedPackages } from "../setup/workspace.mjs";
import { commandGate } from "./gate.mjs";

/** @type {import("./gate.mjs").Gate} */
export const formatAndLint = {
  name: "format and lint",
  async run() {
    const paths = [
      "package.json",
      "turbo.json",
      "biome.json",
      ".changeset",
      ...finishedPackages().map(({ path }) => path),
    ];
    return commandGate(await runCommand("biome", ["ci", ...paths, "--colors=off"]));
  },
};
