/** What the version numbers of two versions of a contract should say. */
export interface VersionAdvice {
  readonly before: string;
  readonly after: string;
  /** The least version that says what changed; `null` where the version before is not semantic. */
  readonly needed: string | null;
  /** Whether the version after says enough; `null` where one of the two is not semantic. */
  readonly sufficient: boolean | null;
  readonly sentence: string;
}

type Parts = readonly [major: number, minor: number, patch: number];

/** @see Semantic Versioning 2.0.0, items 4 and 6 to 8 and 11; before 1.0.0 a minor version says what a major one says later */
export function nextVersion(before: string, after: string, level: "major" | "minor" | "patch" | null): VersionAdvice {
  const [was, is] = [partsOf(before), partsOf(after)];
  if (was === null) {
    return { before, after, needed: null, sufficient: null, sentence: `${before} is no semantic version.` };
  }
  const needed = level === null ? was : raised(was, level);
  const text = needed.join(".");
  if (is === null) {
    return {
      before,
      after,
      needed: text,
      sufficient: null,
      sentence: `${after} is no semantic version; it should be ${text}.`,
    };
  }
  const sufficient = compare(is, needed) >= 0;
  const sentence = sufficient
    ? `Version ${after} says so.`
    : `Version ${after} says too little: at least ${text} is needed.`;
  return { before, after, needed: text, sufficient, sentence };
}

function raised([major, minor, patch]: Parts, level: "major" | "minor" | "patch"): Parts {
  if (level === "patch") return [major, minor, patch + 1];
  if (level === "minor" || major === 0) return [major, minor + 1, 0];
  return [major + 1, 0, 0];
}

function compare(left: Parts, right: Parts): number {
  for (const index of [0, 1, 2] as const) if (left[index] !== right[index]) return left[index] - right[index];
  return 0;
}

/** Without what stands behind `-` and `+`; a missing minor or patch version is 0. */
function partsOf(version: string): Parts | null {
  const match = /^v?(0|[1-9]\d{0,8})(?:\.(0|[1-9]\d{0,8})(?:\.(0|[1-9]\d{0,8})(?:[-+][0-9A-Za-z.+-]*)?)?)?$/.exec(
    version.trim(),
  );
  return match === null ? null : [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)];
}
