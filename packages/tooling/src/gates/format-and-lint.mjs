import { runCommand } from "../setup/command.mjs";
import { commandGate } from "./gate.mjs";

/** @type {import("./gate.mjs").Gate} */
export const formatAndLint = {
  name: "format and lint",
  run: async () => commandGate(await runCommand("biome", ["ci", ".", "--colors=off"])),
};
