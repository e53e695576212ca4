import { type FileHandle, open } from "node:fs/promises";
import { arrayFileInvalid, arrayFileMissing } from "../errors.js";
import { type ByteSource, requireWithin } from "./byte-source.js";

/** Reads byte ranges of one file; what lies beyond its end is an error, never zeros. */
export class RandomAccessFile implements ByteSource {
  readonly path: string;
  readonly size: number;
  readonly #handle: FileHandle;

  private constructor(path: string, size: number, handle: FileHandle) {
    this.path = path;
    this.size = size;
    this.#handle = handle;
  }

  /** @throws DeepwrightError `DATA_FILE_MISSING`, `ARRAY_FILE_INVALID` where it is no file */
  static async open(path: string): Promise<RandomAccessFile> {
    const handle = await open(path, "r").catch((cause: unknown) => {
      throw arrayFileMissing(path, cause);
    });
    try {
      const state = await handle.stat();
      if (!state.isFile()) throw arrayFileInvalid(path, "a file", "a folder or a device");
      return new RandomAccessFile(path, state.size, handle);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async read(offset: number, length: number, what: string, into?: Uint8Array): Promise<Uint8Array> {
    requireWithin(this, offset, length, what);
    const bytes = into ?? new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await this.#handle.read(bytes, done, length - done, offset + done);
      if (bytesRead === 0) throw arrayFileInvalid(this.path, what, "a file that was cut while it was read");
      done += bytesRead;
    }
    return bytes;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
