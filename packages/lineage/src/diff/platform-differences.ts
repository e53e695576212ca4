import { splitPath } from "@deepwright/core";
import type { Difference, LeafDifference } from "../contract/index.js";
import { changeText, makeDifference } from "./difference.js";
import { isSeed } from "./seeds.js";
import { versionDistance } from "./version-distance.js";

/** The differences of the platform component: packages, environment variables, and the rest. */
export function platformDifferences(leaves: readonly LeafDifference[]): Difference[] {
  return leaves.map((leaf) => {
    const segments = splitPath(leaf.path);
    const [section, ...rest] = segments;
    const change = changeText(leaf.before, leaf.after);
    const base = { component: "platform" as const, path: leaf.path, before: leaf.before, after: leaf.after };
    if (section === "packages") {
      const distance = versionDistance(leaf.before, leaf.after);
      const note = distance === "other" || distance === "added" || distance === "removed" ? "" : ` (${distance})`;
      const name = rest.slice(1).join("/");
      return makeDifference({
        ...base,
        id: `package:${leaf.path}`,
        kind: "package",
        title: `${name} ${change}${note}`,
      });
    }
    if (section === "environment") {
      return makeDifference({
        ...base,
        id: `environment:${leaf.path}`,
        kind: "environment",
        title: `${rest.join("/")}: ${change} (environment)`,
        seed: isSeed(segments, leaf.before, leaf.after),
      });
    }
    return makeDifference({
      ...base,
      id: `platform:${leaf.path}`,
      kind: "platform",
      title: `${segments.join(" ")}: ${change}`,
    });
  });
}

/** The differences of the hardware component. */
export function hardwareDifferences(leaves: readonly LeafDifference[]): Difference[] {
  return leaves.map((leaf) =>
    makeDifference({
      id: `hardware:${leaf.path}`,
      kind: "hardware",
      component: "hardware",
      path: leaf.path,
      title: `${splitPath(leaf.path).join(" ")}: ${changeText(leaf.before, leaf.after)}`,
      before: leaf.before,
      after: leaf.after,
    }),
  );
}
