import { type ComponentMap, type Leaf, splitPath } from "@deepwright/core";
import type { Difference } from "../../contract/index.js";
import { editArguments } from "./arguments.js";
import { editConfig } from "./config-text.js";
import { addTo, type NotRevertible, type Revert } from "./plan.js";

/** What is known of the two runs, to tell what can be put back. */
export interface RevertContext {
  /** Blob ids whose content can be had. */
  readonly hasContent: (hash: string) => boolean;
  /** Whether a file (relative to the root) is part of B, as source or on disk. */
  readonly hasFile: (path: string) => boolean;
  /** Data component of A. */
  readonly dataBefore: ComponentMap;
  readonly hasObject: (hash: string) => boolean;
}

/** How a difference is put back to its state in A, or why it can't be here. */
export function revertDifference(difference: Difference, context: RevertContext): Revert | NotRevertible {
  switch (difference.kind) {
    case "source-hunk":
      return revertHunk(difference, context);
    case "source-file":
      return revertFile(difference, context);
    case "configuration":
      return revertKey(difference, context);
    case "argument":
      return revertArgument(difference);
    case "environment":
      return revertVariable(difference);
    case "package":
      return revertPackage(difference);
    case "data":
      return revertData(difference, context);
    case "platform":
      return { reason: "the system and the interpreter are those of this computer" };
    case "hardware":
      return { reason: "the hardware is that of this computer" };
    case "model":
      return { reason: "it is a result of the run" };
  }
}

/** The path without its first segment, unescaped. */
const fileOf = (path: string): string => splitPath(path)[1] ?? "";

function revertHunk({ hunk, after }: Difference, context: RevertContext): Revert | NotRevertible {
  if (!hunk || typeof after !== "string" || !context.hasContent(after)) {
    return { reason: "the content of the file was not stored" };
  }
  return (plan) => addTo(plan.hunks, hunk.file, hunk);
}

function revertFile({ path, before, renamedFrom }: Difference, context: RevertContext): Revert | NotRevertible {
  if (!path.startsWith("files/")) return { reason: "it names the state of the repository and has no effect by itself" };
  const file = fileOf(path);
  if (before === undefined) return (plan) => plan.files.set(file, null);
  if (typeof before !== "string" || !context.hasContent(before)) {
    return { reason: "the content of the file was not stored" };
  }
  return (plan) => {
    if (renamedFrom === undefined) plan.files.set(file, before);
    else plan.files.set(file, null).set(fileOf(renamedFrom), before);
  };
}

function revertKey({ path, before, renamedFrom }: Difference, context: RevertContext): Revert | NotRevertible {
  const [section, file = "", ...keys] = splitPath(path);
  if (section !== "files") return { reason: "the program sets it through the API, not in a file" };
  if (before === "[secret]") return { reason: "its value is a secret, which is not recorded" };
  if (!context.hasFile(file)) return { reason: `${file} is not part of the source` };
  const origin = renamedFrom === undefined ? undefined : splitPath(renamedFrom);
  const originFile = origin?.[1];
  if (origin && (origin[0] !== "files" || originFile === undefined || !context.hasFile(originFile))) {
    return { reason: "the place where it stood before is not part of the source" };
  }
  return (plan) => {
    addTo(plan.edits, file, (text) => editConfig(file, text, keys, origin ? undefined : before));
    if (origin && originFile !== undefined) {
      addTo(plan.edits, originFile, (text) => editConfig(originFile, text, origin.slice(2), before));
    }
  };
}

function revertArgument({ path, before, renamedFrom }: Difference): Revert {
  const segments = splitPath(path).slice(1);
  const origin = renamedFrom === undefined ? undefined : splitPath(renamedFrom).slice(1);
  return (plan) => {
    let command = editArguments(plan.command, segments, origin ? undefined : before);
    if (origin) command = editArguments(command, origin, before);
    plan.command.splice(0, plan.command.length, ...command);
  };
}

function revertVariable({ path, before }: Difference): Revert {
  const name = fileOf(path);
  return (plan) => plan.environment.set(name, before === undefined ? undefined : String(before));
}

function revertPackage({ path, before, after }: Difference): Revert | NotRevertible {
  const [, manager, name = ""] = splitPath(path);
  if (manager !== "python" && manager !== "node") return { reason: `${manager} packages can't be put back here` };
  if (typeof before !== "string") return { reason: "it was not installed before, and taking it away can break others" };
  if (before.includes(",") || String(after).includes(",")) return { reason: "it is installed in several versions" };
  return (plan) => plan.packages[manager].set(name, before);
}

function revertData({ path, before, after, dataVerdict }: Difference, context: RevertContext): Revert | NotRevertible {
  const hash = context.dataBefore[`${path}/bytes`];
  const uri: Leaf | undefined = after;
  if (before === undefined || after === undefined) return { reason: "which files are read follows from the program" };
  if (before !== after) return { reason: "it lies elsewhere, and the program decides which one is read" };
  if (typeof uri !== "string" || /^[a-z]+:/i.test(uri)) {
    return {
      reason: dataVerdict === undefined ? "it lies outside of the source" : "it is not a file below the source root",
    };
  }
  if (typeof hash !== "string" || !context.hasObject(hash)) return { reason: "no copy of the earlier data was kept" };
  return (plan) => plan.inputs.set(uri, hash);
}
