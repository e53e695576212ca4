import { execFileSync, spawnSync } from "node:child_process";
import { DeepwrightError } from "@deepwright/core";
import type { ProjectHistory } from "./history.js";

/** The same date for the same content: commits of two calls then have the same hash. */
const committedAt = "2015-06-12T09:00:00Z";

/** Git as it is without the settings of whoever calls: no hooks, no signing, no variables of an outer git. */
function git(root: string, ...words: readonly string[]): string {
  const outer = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  const environment = {
    ...Object.fromEntries(outer),
    GIT_AUTHOR_DATE: committedAt,
    GIT_COMMITTER_DATE: committedAt,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
  };
  const settings = ["user.name=credit risk models", "user.email=models@bank.example", "core.hooksPath=/dev/null"];
  try {
    return execFileSync("git", [...settings.flatMap((setting) => ["-c", setting]), ...words], {
      cwd: root,
      env: environment,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    throw new DeepwrightError({
      code: "GIT_FAILED",
      kind: "unavailable",
      expected: `git ${words[0]} to work in ${root}`,
      got: error instanceof Error ? error.message.split("\n").slice(0, 2).join(" ") : String(error),
      todo: "Install git and see that the folder can be written to.",
      cause: error,
    });
  }
}

/** Whether git can be run at all. */
export const hasGit = (): boolean => spawnSync("git", ["--version"], { stdio: "ignore" }).status === 0;

/** The versions of the project as commits of a repository. @throws DeepwrightError `GIT_FAILED` */
export function gitHistory(root: string): ProjectHistory {
  git(root, "init", "--quiet", "--initial-branch=main");
  return {
    commit(message) {
      git(root, "add", "--all");
      git(root, "commit", "--quiet", "--allow-empty", "--message", message);
      const patch = git(root, "show", "--unified=0", "--format=", "HEAD").split("\n");
      const count = (start: string): number => patch.filter((line) => line.startsWith(start)).length;
      return { hunks: count("@@ "), files: count("diff --git ") };
    },
  };
}
