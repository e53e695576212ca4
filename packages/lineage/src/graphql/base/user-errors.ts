import { isDeepwrightError, type SerializedError } from "@deepwright/core";

/** Failures that the caller can mend; others are thrown on and become errors of the whole response. */
const expectedKinds: ReadonlySet<string> = new Set(["usage", "not-found", "conflict"]);

/**
 * Runs a mutation and puts an expected failure into its payload's `userErrors`. Defects and an unreachable store are
 * thrown on.
 */
export async function withUserErrors<Payload extends object>(
  work: () => Promise<Payload>,
): Promise<(Payload | object) & { readonly userErrors: readonly SerializedError[] }> {
  try {
    return { ...(await work()), userErrors: [] };
  } catch (error) {
    if (isDeepwrightError(error) && expectedKinds.has(error.kind)) return { userErrors: [error.toJSON()] };
    throw error;
  }
}
