import { segmentMagic } from "./frame.js";
import type { LogFileSystem } from "./log-file.js";

/**
 * Appends bytes to one segment at a time and keeps in memory what the disk does not take. Bytes are handed to the
 * operating system before `append` returns, so they outlive a kill of the process.
 */
export class SegmentWriter {
  #descriptor: number | undefined;
  #writtenBytes = 0;
  #damagedTail = false;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #path: string;
  readonly #files: LogFileSystem;
  #trouble: Error | undefined;

  constructor(path: string, files: LogFileSystem) {
    this.#path = path;
    this.#files = files;
  }

  /** What keeps the disk from taking bytes now. */
  get trouble(): Error | undefined {
    return this.#trouble;
  }

  /** Bytes that are only in memory. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** Size of the segment with what is pending. */
  get sizeBytes(): number {
    return this.#writtenBytes + this.#pendingBytes;
  }

  /** True when the bytes are with the operating system, false when they were kept in memory. */
  append(bytes: Buffer, length: number): boolean {
    if (this.#trouble === undefined && this.#write(bytes, length)) return true;
    this.#pending.push(Buffer.from(bytes.subarray(0, length)));
    this.#pendingBytes += length;
    return false;
  }

  /** Tries to write what is pending; true when nothing is left. */
  retry(): boolean {
    this.#trouble = undefined;
    while (this.#pending.length > 0) {
      const next = this.#pending[0] as Buffer;
      if (!this.#write(next, next.length)) return false;
      this.#pending.shift();
      this.#pendingBytes -= next.length;
    }
    return true;
  }

  /** Goes on in another file; only when nothing is pending. */
  rotate(path: string): void {
    this.#release();
    this.#path = path;
    this.#writtenBytes = 0;
  }

  async synchronize(): Promise<void> {
    if (this.#descriptor !== undefined) await this.#files.synchronize(this.#descriptor).catch(() => undefined);
  }

  close(): void {
    this.#release();
  }

  #release(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    try {
      if (descriptor !== undefined) this.#files.close(descriptor);
    } catch {
      // A network file system tells of an earlier write only now; the descriptor is gone all the same.
    }
  }

  #write(bytes: Buffer, length: number): boolean {
    try {
      if (this.#descriptor === undefined) {
        this.#descriptor = this.#files.open(this.#path);
        this.#damagedTail = true;
      }
      if (this.#damagedTail) {
        this.#files.truncate(this.#descriptor, this.#writtenBytes);
        this.#damagedTail = false;
      }
      if (this.#writtenBytes === 0) this.#writeWhole(segmentMagic, segmentMagic.length);
      this.#writeWhole(bytes, length);
      return true;
    } catch (error) {
      this.#trouble = error instanceof Error ? error : new Error(String(error));
      return false;
    }
  }

  #writeWhole(bytes: Buffer, length: number): void {
    const descriptor = this.#descriptor as number;
    let done = 0;
    while (done < length) {
      // Part of it may be on the disk when the next call fails; it is cut off before anything is written behind it.
      this.#damagedTail = true;
      const written = this.#files.write(descriptor, bytes, done, length - done);
      if (written <= 0) throw new Error("the disk took no bytes");
      done += written;
    }
    this.#damagedTail = false;
    this.#writtenBytes += length;
  }
}
