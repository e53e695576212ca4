import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";
import type { ArrayVariable } from "../array-file.js";
import { arrayFileInvalid, arrayTooLarge, arrayUnsupported } from "../errors.js";
import { memorySource } from "./byte-source.js";
import { openNpyAt } from "./npy.js";
import { RandomAccessFile } from "./random-access-file.js";

interface Member {
  readonly name: string;
  readonly method: number;
  readonly compressed: number;
  readonly size: number;
  /** Byte of the local header. */
  readonly header: number;
}

const inflate = promisify(inflateRaw);
const endLength = 22;
const longestComment = 65_535;
const wide = 0xffffffff;

/**
 * The arrays of a `.npz` file. Those of `numpy.savez` are read where they lie; those of `numpy.savez_compressed` are unpacked into memory,
 * each within the limit.
 *
 * Source: PKWARE, "APPNOTE.TXT - .ZIP File Format Specification", 4.3.7, 4.3.12, 4.3.16, 4.5.3.
 *
 * @param limit bytes that one compressed array may hold
 * @throws DeepwrightError `ARRAY_FILE_INVALID`, `ARRAY_TOO_LARGE`, `ARRAY_FORMAT_UNSUPPORTED`
 */
export async function openNpz(
  path: string,
  limit: number,
): Promise<{ readonly variables: readonly ArrayVariable[]; close(): Promise<void> }> {
  const file = await RandomAccessFile.open(path);
  try {
    const variables: ArrayVariable[] = [];
    for (const member of await members(file)) {
      if (/(^|[\\/])\.\.([\\/]|$)|^[\\/]/.test(member.name)) {
        throw arrayFileInvalid(path, "members with plain names", JSON.stringify(member.name));
      }
      variables.push(await openMember(file, member, limit));
    }
    return { variables, close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openMember(file: RandomAccessFile, member: Member, limit: number): Promise<ArrayVariable> {
  const local = Buffer.from(await file.read(member.header, 30, "a local header"));
  if (local.readUInt32LE(0) !== 0x04034b50) throw arrayFileInvalid(file.path, "a local header", "other bytes");
  const start = member.header + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  const name = member.name.replace(/\.npy$/i, "");
  if (member.method === 0) return openNpyAt(file, start, member.size, name);
  if (member.method !== 8) {
    throw arrayUnsupported(file.path, `compression ${member.method}`, "Save it with numpy.savez or savez_compressed.");
  }
  if (member.size > limit || member.compressed > limit) {
    throw arrayTooLarge(file.path, `the compressed array ${JSON.stringify(name)}`, member.size, limit);
  }
  const packed = await file.read(start, member.compressed, `the array ${name}`);
  // The limit also stops a member that is larger than it says.
  const bytes = await inflate(packed, { maxOutputLength: Math.max(1, member.size) }).catch((cause: unknown) => {
    throw arrayFileInvalid(file.path, `${member.size} bytes of the array ${name}`, "damaged or other data", cause);
  });
  return openNpyAt(memorySource(file.path, bytes), 0, bytes.length, name);
}

async function members(file: RandomAccessFile): Promise<Member[]> {
  const tailLength = Math.min(file.size, endLength + longestComment);
  const tail = Buffer.from(await file.read(file.size - tailLength, tailLength, "the end of a ZIP file"));
  const at = tail.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  if (at < 0 || at + endLength > tail.length) throw arrayFileInvalid(file.path, "the directory of a ZIP file", "none");
  const count = tail.readUInt16LE(at + 10);
  const length = tail.readUInt32LE(at + 12);
  const offset = tail.readUInt32LE(at + 16);
  if (count === 0xffff || offset === wide) {
    throw arrayUnsupported(file.path, "a ZIP64 directory", "Save fewer arrays in one file.");
  }
  const directory = Buffer.from(await file.read(offset, length, "the directory of the ZIP file"));
  const found: Member[] = [];
  let place = 0;
  for (let index = 0; index < count; index++) {
    if (place + 46 > directory.length || directory.readUInt32LE(place) !== 0x02014b50) {
      throw arrayFileInvalid(file.path, `entry ${index + 1} of the ZIP file's directory`, "other bytes");
    }
    const nameLength = directory.readUInt16LE(place + 28);
    const extraLength = directory.readUInt16LE(place + 30);
    const name = directory.toString("utf8", place + 46, place + 46 + nameLength);
    const extra = directory.subarray(place + 46 + nameLength, place + 46 + nameLength + extraLength);
    const sizes = {
      size: directory.readUInt32LE(place + 24),
      compressed: directory.readUInt32LE(place + 20),
      header: directory.readUInt32LE(place + 42),
    };
    found.push({ name, method: directory.readUInt16LE(place + 10), ...wideSizes(sizes, extra, file.path) });
    place += 46 + nameLength + extraLength + directory.readUInt16LE(place + 32);
  }
  return found.filter(({ name }) => !name.endsWith("/"));
}

/** NumPy writes sizes as ZIP64 whatever they are. */
function wideSizes<Sizes extends Record<"size" | "compressed" | "header", number>>(
  sizes: Sizes,
  extra: Buffer,
  path: string,
): Sizes {
  const result = { ...sizes };
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let place = at + 4;
    for (const field of ["size", "compressed", "header"] as const) {
      if (sizes[field] !== wide) continue;
      if (place + 8 > extra.length) throw arrayFileInvalid(path, "sizes of a ZIP64 member", "too few bytes");
      result[field] = Number(extra.readBigUInt64LE(place)) as Sizes[typeof field];
      place += 8;
    }
  }
  return result;
}
