import type { CommandEntry } from "../command.js";

/** All commands, in the order in which help lists them. Each is loaded when it is asked for. */
export const commandEntries: readonly CommandEntry[] = [
  { name: "run", summary: "run a command and record it", load: () => import("./run.js") },
  { name: "runs", summary: "list recorded runs", load: () => import("./runs.js") },
  { name: "show", summary: "show one run", load: () => import("./show.js") },
  { name: "diff", summary: "say what differs between two runs", load: () => import("./diff.js") },
  { name: "why", summary: "say why a run got worse, and prove it", load: () => import("./why.js") },
  { name: "test", summary: "test data by suites of expectations", load: () => import("./test.js") },
  {
    name: "contract",
    summary: "check, import, export and compare data contracts",
    load: () => import("./contract.js"),
  },
  { name: "projects", summary: "list projects", load: () => import("./projects.js") },
  { name: "tag", summary: "set or remove tags of a run", load: () => import("./tag.js") },
  { name: "note", summary: "show or write the note of a run", load: () => import("./note.js") },
  { name: "archive", summary: "hide a run from lists, or bring it back", load: () => import("./archive.js") },
  {
    name: "configuration",
    summary: "infer and check a schema, list configuration debt",
    load: () => import("./configuration.js"),
  },
  { name: "score", summary: "the ML Test Score of a project, and what is missing", load: () => import("./score.js") },
  { name: "impact", summary: "say what to test again if something changes", load: () => import("./impact.js") },
  {
    name: "features",
    summary: "list features, who uses them and which nobody does",
    load: () => import("./features.js"),
  },
  { name: "models", summary: "list models with versions, aliases and gates", load: () => import("./models.js") },
  {
    name: "deliver",
    summary: "bring recorded runs from the local spool to the store",
    load: () => import("./deliver.js"),
  },
  { name: "completion", summary: "print completion for bash, zsh or fish", load: () => import("./completion.js") },
];
