import { createHash } from "node:crypto";

/** The id that git gives content: SHA-1 of `blob <length>\0` and the content. An address, not a protection. */
export function gitBlobId(content: Uint8Array): string {
  return createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
}

/** Whether content is text as git decides: no NUL in the first 8,000 bytes. */
export function isText(content: Uint8Array): boolean {
  return !content.subarray(0, 8000).includes(0);
}
