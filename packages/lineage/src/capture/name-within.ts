import { basename, dirname, relative, sep } from "node:path";
import type { CaptureContext } from "./context.js";

type Place = Pick<CaptureContext, "root" | "workingDirectory">;

/** The path below the root or the working directory with `/`; `null` outside of both. */
export function pathWithin(place: Place, path: string): string | null {
  for (const folder of [place.root, place.workingDirectory]) {
    const inside = relative(folder, path);
    if (inside !== "" && inside !== ".." && !inside.startsWith(`..${sep}`) && !inside.startsWith(sep)) {
      return inside.split(sep).join("/");
    }
  }
  return null;
}

/**
 * The name that a file has in every run: its path below the root; outside of it the last two parts of its path, so that the same
 * file on another computer or in another worktree has the same name.
 */
export function nameWithin(place: Place, path: string): string {
  const inside = pathWithin(place, path);
  if (inside !== null) return inside;
  const folder = basename(dirname(path));
  return folder === "" ? basename(path) : `${folder}/${basename(path)}`;
}
