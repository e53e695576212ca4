import { type ComponentMap, sha256, splitPath } from "@deepwright/core";
import { isSeed } from "../diff/index.js";
import { editArguments } from "./revert/arguments.js";
import { editConfig } from "./revert/config-text.js";
import { addTo, type RunPlan } from "./revert/plan.js";

/** Sets every recognised seed of a run. */
export type SeedKnob = (plan: RunPlan, seed: number) => void;

/**
 * The seeds that a run was given by argument, config file or environment variable. Empty for one that has none: its
 * repeats are plain ones.
 *
 * @param hasFile whether a config file is part of the run's source
 */
export function findSeeds(
  configuration: ComponentMap,
  platform: ComponentMap,
  hasFile: (path: string) => boolean,
): SeedKnob[] {
  const knobs: SeedKnob[] = [];
  for (const [path, value] of Object.entries(configuration)) {
    const [section, first = "", ...rest] = splitPath(path);
    if (value === null || value === "" || !isSeed(splitPath(path), value, value)) continue;
    if (section === "arguments") {
      knobs.push((plan, seed) => {
        const command = editArguments(plan.command, [first, ...rest], seed);
        plan.command.splice(0, plan.command.length, ...command);
      });
    } else if (section === "files" && hasFile(first)) {
      knobs.push((plan, seed) => addTo(plan.edits, first, (text) => editConfig(first, text, rest, seed)));
    }
  }
  for (const [path, value] of Object.entries(platform)) {
    const [section, name = ""] = splitPath(path);
    if (section !== "environment" || !isSeed([name], value, value)) continue;
    knobs.push((plan, seed) => plan.environment.set(name, String(seed)));
  }
  return knobs;
}

/** The seed of a re-run: fixed by what is run, so that a proof that goes on draws the same. 1 .. 2^31 - 1. */
export function seedOf(proof: string, set: string, replicate: number): number {
  return (Number.parseInt(sha256(JSON.stringify([proof, set, replicate])).slice(0, 8), 16) % 0x7ffffffe) + 1;
}
