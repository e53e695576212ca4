import { inflateRawSync } from "node:zlib";
import { RandomAccessFile } from "./random-access-file.js";

export interface ZipEntry {
  readonly name: string;
  /** Uncompressed content. */
  read(): Buffer;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const maximumEndBytes = 65_557;

/**
 * Entries of a ZIP archive, stored or deflated, up to 4 GiB (PKWARE APPNOTE 4.3). Used for `.keras` files.
 *
 * @throws RangeError when the file is no such archive
 */
export function withZip<T>(path: string, work: (entries: readonly ZipEntry[]) => T): T {
  const file = new RandomAccessFile(path);
  try {
    return work(listEntries(file));
  } finally {
    file.close();
  }
}

function listEntries(file: RandomAccessFile): ZipEntry[] {
  const tailStart = Math.max(0, file.sizeBytes - maximumEndBytes);
  const tail = file.read(tailStart, file.sizeBytes - tailStart);
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== endSignature) end -= 1;
  if (end < 0) throw new RangeError("no directory of a ZIP archive");
  const count = tail.readUInt16LE(end + 10);
  const directory = file.read(tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (directory.readUInt32LE(at) !== entrySignature) throw new RangeError("a damaged directory of a ZIP archive");
    const method = directory.readUInt16LE(at + 10);
    const packedBytes = directory.readUInt32LE(at + 20);
    const nameBytes = directory.readUInt16LE(at + 28);
    const headerAt = directory.readUInt32LE(at + 42);
    const name = directory.toString("utf8", at + 46, at + 46 + nameBytes);
    entries.push({ name, read: () => readEntry(file, headerAt, packedBytes, method) });
    at += 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

function readEntry(file: RandomAccessFile, headerAt: number, packedBytes: number, method: number): Buffer {
  const header = file.read(headerAt, 30);
  const packed = file.read(headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28), packedBytes);
  if (method === 0) return packed;
  if (method === 8) return inflateRawSync(packed);
  throw new RangeError(`compression method ${method} of a ZIP archive`);
}
