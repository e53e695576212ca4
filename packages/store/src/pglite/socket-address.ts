import { createHash } from "node:crypto";
import { lstatSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeepwrightError } from "@deepwright/core";

/** sun_path holds 108 bytes on Linux and 104 on macOS, with the NUL at its end. */
const longestPathBytes = 100;

/**
 * Where the owner of a directory serves other processes of the same user: a socket in a folder that only this user can
 * enter, in the directory itself, or under the system's temporary directory when its path is too long for a socket.
 *
 * @param directory real path of the store's directory; it exists
 */
export function socketAddress(directory: string): string {
  const name = createHash("sha256").update(directory).digest("hex").slice(0, 24);
  if (process.platform === "win32") return `\\\\.\\pipe\\deepwright-${name}`;
  const near = join(directory, "run", "socket");
  if (Buffer.byteLength(near) <= longestPathBytes) {
    mkdirSync(join(directory, "run"), { recursive: true, mode: 0o700 });
    return near;
  }
  const folder = join(tmpdir(), `deepwright-${process.getuid?.() ?? 0}-${name}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(folder);
  if (uid === process.getuid?.() && (mode & 0o077) === 0) return join(folder, "socket");
  throw new DeepwrightError({
    code: "STORE_ACCESS_DENIED",
    kind: "not-allowed",
    expected: `a folder ${JSON.stringify(folder)} that only you can enter`,
    got: "one that others can enter or own",
    todo: "Remove that folder, or choose a store directory with a shorter path.",
  });
}
