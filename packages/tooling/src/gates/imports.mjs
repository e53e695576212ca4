import { checkImports } from "../imports/check.mjs";
import { root } from "../setup/workspace.mjs";

/** @type {import("./gate.mjs").Gate} */
export const imports = {
  name: "import rules",
  async run() {
    const { moduleCount, problems } = await checkImports(root);
    const notes = [`${moduleCount} modules seen`];
    return { passed: problems.length > 0 ? 0 : 1, failed: problems.length > 0 ? 1 : 0, notes, failures: problems };
  },
};
