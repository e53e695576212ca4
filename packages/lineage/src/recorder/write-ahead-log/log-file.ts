import { closeSync, fdatasync, ftruncateSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder } from "../make-folder.js";

/** The system calls that the writer makes, so that a test can take the disk away. */
export interface LogFileSystem {
  /** Creates the file (and its folder) or opens it for writing at its end. */
  open(path: string): number;
  /** May write less than asked; gives how much. */
  write(descriptor: number, bytes: Buffer, offset: number, length: number): number;
  truncate(descriptor: number, length: number): void;
  /** Puts the content onto the disk; without it a crash of the machine (not of the process) can lose the last seconds. */
  synchronize(descriptor: number): Promise<void>;
  close(descriptor: number): void;
}

export const nodeLogFileSystem: LogFileSystem = {
  open(path) {
    makeFolder(dirname(path));
    return openSync(path, "a", 0o600);
  },
  write: (descriptor, bytes, offset, length) => writeSync(descriptor, bytes, offset, length),
  truncate: (descriptor, length) => ftruncateSync(descriptor, length),
  synchronize: (descriptor) => new Promise((resolve) => fdatasync(descriptor, () => resolve())),
  close: (descriptor) => closeSync(descriptor),
};
