import { splitPath } from "@deepwright/core";
import type { Difference, Evidence } from "../../contract/index.js";
import { fileOf } from "../../diff/difference.js";
import { versionDistance } from "../../diff/index.js";

/**
 * How often differences of a kind cause a regression, before anything is known of the case: log-odds, from experience
 * with training code, where what was changed on purpose (flags, values, lines) breaks more than what came along
 * (patch releases, variables, machines). Measured evidence outweighs every one of them.
 */
const byKind: Readonly<Record<Difference["kind"], number>> = {
  argument: 0.5,
  configuration: 0.4,
  data: 0.4,
  "source-hunk": 0,
  "source-file": -0.3,
  package: -0.9,
  environment: -1.3,
  platform: -1.8,
  hardware: -2,
  model: -9,
};

const packageWeights = { major: 0.6, minor: 0, patch: -0.8, other: -0.4, added: -0.6, removed: -0.3 } as const;

/** Files that say what code should do and do nothing themselves. */
const testFile =
  /(^|\/)(tests?|__tests__|spec|docs?|examples?|\.github)\/|(^|\/)(test_[^/]*|[^/]*_test)\.\w+$|\.(test|spec)\.\w+$/;
const textFile =
  /\.(md|rst|txt|adoc|png|jpe?g|svg|gif|pdf|lock|gitignore|editorconfig)$|(^|\/)(LICENSE|CHANGELOG|README|\.gitignore)/i;

export function priorEvidence(difference: Difference): Evidence {
  let weight = byKind[difference.kind];
  const reasons: string[] = [];
  if (difference.kind === "package") {
    const distance = versionDistance(difference.before, difference.after);
    weight += packageWeights[distance];
    reasons.push(
      `${distance === "added" || distance === "removed" ? `a package that was ${distance}` : `a ${distance} change of version`}`,
    );
  }
  if (difference.component === "source") {
    const file = fileOf(difference.path);
    if (testFile.test(file)) {
      weight -= 2.5;
      reasons.push("tests, documentation or examples");
    } else if (textFile.test(file)) {
      weight -= 2.5;
      reasons.push("no code");
    }
  }
  if (difference.renamedFrom !== undefined) {
    weight -= 1.5;
    reasons.push("the same content under another name");
  }
  if (difference.dataVerdict === "same-content-elsewhere") {
    weight -= 2.5;
    reasons.push("the same content");
  }
  if (difference.kind === "platform" && splitPath(difference.path).at(-1) === "executable") weight -= 1;
  const kind = difference.kind.replace("-", " ");
  return { kind: "prior", sentence: `Kind: ${[kind, ...reasons].join(", ")}.`, weight };
}
