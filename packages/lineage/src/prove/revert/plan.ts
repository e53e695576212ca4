import type { SourceHunk } from "../../contract/index.js";

/** What one re-run does otherwise than B did. Paths are relative to the source root, with `/`. */
export interface RunPlan {
  readonly command: string[];
  readonly environment: Map<string, string | undefined>;
  /** Hunks to take back, by file. */
  readonly hunks: Map<string, SourceHunk[]>;
  /** Git blob id of the content that a file gets back; `null`: the file goes. */
  readonly files: Map<string, string | null>;
  /** Edits of the text of config files, applied in this order after the hunks. */
  readonly edits: Map<string, ((text: string) => Promise<string>)[]>;
  /** SHA-256 of the kept copy that an input gets back. */
  readonly inputs: Map<string, string>;
  /** Versions by name of the package. */
  readonly packages: { readonly python: Map<string, string>; readonly node: Map<string, string> };
}

export function emptyPlan(command: readonly string[]): RunPlan {
  return {
    command: [...command],
    environment: new Map(),
    hunks: new Map(),
    files: new Map(),
    edits: new Map(),
    inputs: new Map(),
    packages: { python: new Map(), node: new Map() },
  };
}

/** Changes the plan so that a difference is back at its state in A. */
export type Revert = (plan: RunPlan) => void;

/** A difference that stays: the reason as a clause. */
export interface NotRevertible {
  readonly reason: string;
}

/** Appends to the list of a key. */
export function addTo<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
