import { createCipheriv, createDecipheriv, randomFillSync } from "node:crypto";
import { DeepwrightError } from "@deepwright/core";

/** Version of the layout: version byte, nonce, ciphertext, tag. */
const layout = 1;
const nonceBytes = 12;
const tagBytes = 16;
const overhead = 1 + nonceBytes + tagBytes;

/** Nonces in stock: one call of the generator for many fields. */
const pool = Buffer.allocUnsafe(nonceBytes * 1024);
let poolUsed = pool.length;

function takeNonce(): Buffer {
  if (poolUsed === pool.length) {
    randomFillSync(pool);
    poolUsed = 0;
  }
  const nonce = Buffer.from(pool.subarray(poolUsed, poolUsed + nonceBytes));
  poolUsed += nonceBytes;
  return nonce;
}

/**
 * AES-256-GCM with a random nonce of 96 bits (NIST SP 800-38D: at most 2^32 messages a key).
 *
 * @param key 32 bytes
 * @param context what the ciphertext belongs to; it opens nowhere else
 */
export function seal(key: Uint8Array, plain: Uint8Array, context: string): Uint8Array {
  const nonce = takeNonce();
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(Buffer.from(context));
  const body = cipher.update(plain);
  cipher.final();
  return Buffer.concat([Buffer.of(layout), nonce, body, cipher.getAuthTag()]);
}

/** @throws DeepwrightError `CIPHERTEXT_REFUSED` when it was changed, or was sealed by another key or for another context */
export function open(key: Uint8Array, sealed: Uint8Array, context: string): Uint8Array {
  if (sealed.length < overhead || sealed[0] !== layout) throw refused("bytes of another layout");
  const tag = sealed.subarray(sealed.length - tagBytes);
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(1, 1 + nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(tag);
  const plain = decipher.update(sealed.subarray(1 + nonceBytes, sealed.length - tagBytes));
  try {
    decipher.final();
  } catch {
    throw refused("one that was changed, or belongs to another key, person or field");
  }
  return plain;
}

function refused(got: string): DeepwrightError {
  return new DeepwrightError({
    code: "CIPHERTEXT_REFUSED",
    kind: "not-allowed",
    expected: "a ciphertext as it was sealed, with its own key and field",
    got,
    todo: "Restore the value from a backup; what can't be authenticated is never shown.",
  });
}
