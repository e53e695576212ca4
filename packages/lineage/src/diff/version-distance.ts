import type { Leaf } from "@deepwright/core";

/** The first part of a version that differs. `other`: not comparable as versions, or differs beyond the third number. */
export type VersionDistance = "major" | "minor" | "patch" | "other" | "added" | "removed";

const releaseOf = (version: string): readonly number[] | null => {
  const match = /^[v=]?(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version);
  return match ? [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)] : null;
};

/**
 * How far two versions are apart, by semantic versioning and what PEP 440 shares with it. Below 1.0 the minor number
 * counts as the major one (semver.org, section 4).
 *
 * @example
 * ```ts
 * console.log(versionDistance("1.26.4", "2.0.0"), versionDistance("0.4.1", "0.5.0")); // major major
 * ```
 */
export function versionDistance(before: Leaf | undefined, after: Leaf | undefined): VersionDistance {
  if (before === undefined) return "added";
  if (after === undefined) return "removed";
  const left = releaseOf(String(before));
  const right = releaseOf(String(after));
  if (!left || !right) return "other";
  if (left[0] !== right[0]) return "major";
  if (left[1] !== right[1]) return left[0] === 0 ? "major" : "minor";
  return left[2] !== right[2] ? "patch" : "other";
}
