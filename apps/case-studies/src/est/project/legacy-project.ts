import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DeepwrightError } from "@deepwright/core";
import { type EstForm, forms, harmlessEdits, smallEdits } from "./form.js";
import type { ProjectHistory, VersionSize } from "./history.js";
import { fillShelf, installPackages, type PackageShelf } from "./packages.js";
import { plainHistory } from "./plain-history.js";
import { gitHistory } from "./repository.js";

const legacy = fileURLToPath(new URL("../../../legacy/est/", import.meta.url));

/** `harmless` is the refactoring without the flipped flag. */
export type ProjectVersion = "before" | "after" | "harmless";

export interface LegacyProjectOptions {
  readonly root: string;
  /** Where versions of packages are kept for re-runs. */
  readonly shelf: string;
  readonly form: EstForm;
  readonly small: boolean;
  /** Keep the versions as commits of a git repository, else as a tree without commits. */
  readonly git: boolean;
}

/** The valuation pipeline as a project of its own, made from `legacy/est`. */
export class LegacyProject {
  private constructor(
    private readonly options: LegacyProjectOptions,
    readonly shelf: PackageShelf,
    private readonly history: ProjectHistory,
  ) {}

  /** Makes the project, with nothing in it yet. @throws DeepwrightError `GIT_FAILED`, `PIPELINE_NOT_AS_EXPECTED` */
  static async create(options: LegacyProjectOptions): Promise<LegacyProject> {
    await mkdir(options.root, { recursive: true });
    const history = options.git ? gitHistory(options.root) : plainHistory(options.root);
    return new LegacyProject(options, await fillShelf(options.shelf), history);
  }

  get root(): string {
    return this.options.root;
  }

  /** Puts a version into the work tree and commits it. Data and packages, which git ignores, are kept. */
  async commit(version: ProjectVersion, message: string): Promise<VersionSize> {
    const { root } = this.options;
    for (const folder of ["lib", "model", "sql", "steps"])
      await rm(join(root, folder), { recursive: true, force: true });
    await cp(join(legacy, "before"), root, { recursive: true });
    if (version !== "before") await cp(join(legacy, "after"), root, { recursive: true });
    await this.#configure(version);
    await installPackages(root, this.shelf, version === "before" ? this.shelf.before : this.shelf.after);
    return this.history.commit(message);
  }

  async #configure(version: ProjectVersion): Promise<void> {
    const { root, form, small } = this.options;
    const file = join(root, "pipeline.toml");
    let text = await readFile(file, "utf8");
    const edits = [
      ...forms[form].edits,
      ...(small ? smallEdits : []),
      ...(version === "harmless" ? harmlessEdits : []),
    ];
    for (const { from, to } of edits) {
      if (!text.includes(from)) throw unexpected(from);
      text = text.replace(from, to);
    }
    await writeFile(file, text);
  }
}

function unexpected(from: string): DeepwrightError {
  return new DeepwrightError({
    code: "PIPELINE_NOT_AS_EXPECTED",
    kind: "internal",
    expected: `${JSON.stringify(from)} in legacy/est/*/pipeline.toml`,
    got: "a file without it",
    todo: "Change the edits of the form together with the file.",
  });
}
