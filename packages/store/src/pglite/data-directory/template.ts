import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";

/** An initialised data directory, made by `build/make-template.mjs` with the PGlite that this package depends on. */
const packaged = new URL(
  import.meta.url.endsWith(".ts") ? "../../../dist/template.tar.gz" : "../../template.tar.gz",
  import.meta.url,
);
const block = 512;

/**
 * Unpacks the template, which saves the seconds that initdb takes.
 *
 * @returns false in a build without a template, and with one that is damaged, as a broken download leaves it: initdb is
 *   slower and does the same; nothing was written then
 */
export function unpackTemplate(target: string, template: URL = packaged): boolean {
  const archive = readArchive(template);
  if (archive === null) return false;
  mkdirSync(target, { recursive: true, mode: 0o700 });
  for (let offset = 0; offset + block <= archive.length && archive[offset] !== 0; ) {
    const field = (start: number, length: number): string =>
      archive.toString("latin1", offset + start, offset + start + length).replace(/\0.*$/s, "");
    // POSIX.1-1988 ustar: name, size in octal, type, prefix.
    const path = join(target, field(345, 155), field(0, 100));
    const size = Number.parseInt(field(124, 12), 8) || 0;
    if (field(156, 1) === "5") mkdirSync(path, { recursive: true, mode: 0o700 });
    else {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(path, archive.subarray(offset + block, offset + block + size), { mode: 0o600 });
    }
    offset += block + Math.ceil(size / block) * block;
  }
  return true;
}

function readArchive(template: URL): Buffer | null {
  if (!existsSync(template)) return null;
  const compressed = readFileSync(template);
  try {
    // Checks length and CRC-32 of the content too.
    return gunzipSync(compressed);
  } catch {
    return null;
  }
}
