import { arrayFileInvalid } from "../errors.js";

/** Bytes that are read by ranges: a file, or what was unpacked from one. */
export interface ByteSource {
  readonly path: string;
  readonly size: number;
  /**
   * @param what names the bytes in the error
   * @param into filled where it is given
   * @throws DeepwrightError `ARRAY_FILE_INVALID` where the source ends before
   */
  read(offset: number, length: number, what: string, into?: Uint8Array): Promise<Uint8Array>;
}

/** @throws DeepwrightError `ARRAY_FILE_INVALID` where the range is not within the source */
export function requireWithin({ path, size }: ByteSource, offset: number, length: number, what: string): void {
  if (Number.isSafeInteger(offset) && offset >= 0 && length >= 0 && offset + length <= size) return;
  const expected = `${what} at byte ${offset.toLocaleString("en-US")}, ${length.toLocaleString("en-US")} bytes,`;
  throw arrayFileInvalid(path, expected, `the end of the file at byte ${size.toLocaleString("en-US")}`);
}

/** @param path the file that the bytes came from, for errors */
export function memorySource(path: string, bytes: Uint8Array): ByteSource {
  const source: ByteSource = {
    path,
    size: bytes.length,
    async read(offset, length, what, into) {
      requireWithin(source, offset, length, what);
      const part = bytes.subarray(offset, offset + length);
      if (into === undefined) return part.slice();
      into.set(part);
      return into;
    },
  };
  return source;
}
