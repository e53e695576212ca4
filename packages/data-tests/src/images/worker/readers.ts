import { Worker } from "node:worker_threads";
import type { ImageLimits, ReadImage } from "../read-image.js";

/** Threads that read images; at most one image at a time each. */
export interface Readers {
  read(path: string): Promise<ReadImage>;
  close(): Promise<void>;
}

interface Thread {
  readonly worker: Worker;
  waiting: ((facts: ReadImage) => void) | null;
}

/** @param file the built module of a thread */
export function openReaders(file: string, count: number, limits: ImageLimits): Readers {
  const idle: Thread[] = [];
  const threads: Thread[] = [];
  const start = (): Thread => {
    const thread: Thread = { worker: new Worker(file, { workerData: limits }), waiting: null };
    const settle = (facts: ReadImage): void => {
      const { waiting } = thread;
      thread.waiting = null;
      waiting?.(facts);
    };
    thread.worker.on("message", (facts: ReadImage) => {
      settle(facts);
    });
    thread.worker.on("error", (error) => {
      settle(failed(error));
    });
    thread.worker.on("exit", (code) => {
      settle(failed(new Error(`the thread ended with ${code}`)));
    });
    threads.push(thread);
    return thread;
  };
  return {
    async read(path) {
      let thread = idle.pop() ?? start();
      // A thread that died, of memory say, is replaced.
      if (thread.worker.threadId === -1) thread = start();
      const facts = await new Promise<ReadImage>((resolve) => {
        thread.waiting = resolve;
        thread.worker.postMessage(path);
      });
      if (thread.worker.threadId !== -1 && idle.length < count) idle.push(thread);
      return facts;
    },
    async close() {
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}

const failed = (error: Error): ReadImage => ({
  sizeBytes: null,
  hash: null,
  header: null,
  measures: null,
  problem: `it can't be decoded (${error.message})`,
});
