import type { CommandEntry } from "../command.js";

/** All commands, in the order in which help lists them. Each is loaded when it is asked for. */
export const commandEntries: readonly CommandEntry[] = [
  { name: "run", summary: "run a command and record it", load: () => import("./run.js") },
  { name: "runs", summary: "list recorded runs", load: () => import("./runs.js") },
  { name: "show", summary: "show one run", load: () => import("./show.js") },
  { name: "diff", summary: "say what differs between two runs", load: () => import("./diff.js") },
  { name: "why", summary: "say why a run got worse, and prove it", load: () => import("./why.js") },
  {
    name: "deliver",
    summary: "bring recorded runs from the local spool to the store",
    load: () => import("./deliver.js"),
  },
  { name: "completion", summary: "print completion for bash, zsh or fish", load: () => import("./completion.js") },
];
