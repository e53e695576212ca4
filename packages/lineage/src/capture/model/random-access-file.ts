import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Reads parts of a file by position. */
export class RandomAccessFile {
  readonly sizeBytes: number;
  readonly #descriptor: number;

  constructor(path: string) {
    this.#descriptor = openSync(path, "r");
    this.sizeBytes = fstatSync(this.#descriptor).size;
  }

  /** @throws RangeError when the file ends before */
  read(offset: number, length: number): Buffer {
    if (offset < 0 || length < 0 || offset + length > this.sizeBytes) {
      throw new RangeError(`bytes ${offset} to ${offset + length} of a file of ${this.sizeBytes}`);
    }
    const buffer = Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      const read = readSync(this.#descriptor, buffer, done, length - done, offset + done);
      if (read === 0) throw new RangeError("the file became shorter while it was read");
      done += read;
    }
    return buffer;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
