import { checkImports } from "../imports/check.mjs";
import { root, workspacePackages } from "../setup/workspace.mjs";

/** @type {import("./gate.mjs").Gate} */
export const imports = {
  name: "import rules",
  async run() {
    const { moduleCount, problems: all } = await checkImports(root);
    const skipped = workspacePackages().filter(({ inConstruction }) => inConstruction !== undefined);
    // A problem begins with its rule and the path of the module that has it.
    const problems = all.filter((problem) => !skipped.some(({ path }) => problem.includes(`: ${path}/`)));
    const notes = [`${moduleCount} modules seen`];
    return { passed: problems.length > 0 ? 0 : 1, failed: problems.length > 0 ? 1 : 0, notes, failures: problems };
  },
};
