import { createHmac, hkdfSync } from "node:crypto";
import { DeepwrightError } from "@deepwright/core";

/** Gives every identifier a stable name that says nothing to who has no key. */
export type Pseudonymizer = (identifier: string) => string;

const shortestSecret = 32;

/**
 * Keyed pseudonyms, one key a purpose: within a purpose equal identifiers have equal pseudonyms, so that tables join;
 * those of two purposes can't be joined. HMAC-SHA-256 cut to 128 bits, under a key derived by HKDF (RFC 5869).
 *
 * @param options.secret at least 32 random bytes, kept like a master key: who has it can try out identifiers
 * @param options.purpose such as `retention-study`
 * @returns 22 characters of base64url
 * @throws DeepwrightError `SECRET_TOO_SHORT`
 * @example
 * ```ts
 * const pseudonym = pseudonymizer({ secret: Buffer.alloc(32, 7), purpose: "retention" });
 * console.log(pseudonym("player 1")); // 47hIik6xLagqdCZIKOUkqQ
 * ```
 */
export function pseudonymizer(options: { readonly secret: Uint8Array; readonly purpose: string }): Pseudonymizer {
  const { secret, purpose } = options;
  if (secret.length < shortestSecret) {
    throw new DeepwrightError({
      code: "SECRET_TOO_SHORT",
      expected: `a secret of at least ${shortestSecret} bytes`,
      got: `${secret.length} bytes`,
      todo: "Make one with crypto.randomBytes(32) and keep it outside of the data.",
    });
  }
  const key = Buffer.from(hkdfSync("sha256", secret, "deepwright pseudonym", purpose, 32));
  return (identifier) => createHmac("sha256", key).update(identifier).digest().subarray(0, 16).toString("base64url");
}
