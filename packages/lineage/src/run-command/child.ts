import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { SignalForwarder } from "./signals.js";

export interface ChildOptions {
  readonly command: readonly string[];
  readonly executable: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdio: "inherit" | "ignore" | ((chunk: Buffer, stream: "stdout" | "stderr") => void);
  /** Sees the output on its way; must be quick. */
  readonly onStdout: (chunk: Buffer) => void;
  readonly signal?: AbortSignal | undefined;
  readonly signals: SignalForwarder;
}

export interface ChildEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The caller or the terminal asked it to end. */
  readonly cancelled: boolean;
}

/** How long output may go on after the process has ended (a grandchild can hold the pipe open for ever). */
const drainMs = 1_000;
const killAfterMs = 5_000;

/** A running command whose output passes through this process unchanged. */
export class Child {
  readonly #options: ChildOptions;
  readonly #process: ChildProcess;
  readonly #ownGroup: boolean;
  #cancelled = false;

  private constructor(options: ChildOptions, started: ChildProcess, ownGroup: boolean) {
    this.#options = options;
    this.#process = started;
    this.#ownGroup = ownGroup;
  }

  /** Starts the command; rejects when the operating system refuses to. */
  static async start(options: ChildOptions): Promise<Child> {
    // On a terminal the command stays in the foreground group; elsewhere it gets a group, so that its children end with it.
    const ownGroup = options.stdio !== "inherit";
    const errors = options.stdio === "inherit" ? "inherit" : options.stdio === "ignore" ? "ignore" : "pipe";
    const started = spawn(options.executable, options.command.slice(1), {
      argv0: options.command[0],
      cwd: options.cwd,
      env: { ...options.env } as NodeJS.ProcessEnv,
      stdio: [options.stdio === "inherit" ? "inherit" : "ignore", "pipe", errors],
      detached: ownGroup,
    });
    await once(started, "spawn");
    return new Child(options, started, ownGroup);
  }

  get processId(): number {
    return this.#process.pid as number;
  }

  /** Waits for the end of the command and of its output. */
  async end(): Promise<ChildEnd> {
    const stopListening = this.#listen();
    const drained = this.#passOutput();
    const [exitCode, signal] = (await this.#exit()) as [number | null, NodeJS.Signals | null];
    stopListening();
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([drained, new Promise((resolve) => (timer = setTimeout(resolve, drainMs)))]);
    clearTimeout(timer);
    this.#process.stdout?.destroy();
    this.#process.stderr?.destroy();
    return { exitCode, signal, cancelled: this.#cancelled || signal === "SIGINT" };
  }

  #exit(): Promise<unknown[]> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null) return Promise.resolve([exitCode, signalCode]);
    return once(this.#process, "exit");
  }

  #listen(): () => void {
    const { signal, signals } = this.#options;
    let killTimer: NodeJS.Timeout | undefined;
    const abort = (): void => {
      this.#cancelled = true;
      this.#kill("SIGTERM");
      killTimer = setTimeout(() => this.#kill("SIGKILL"), killAfterMs);
    };
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });
    // Ctrl-C on a terminal reaches the whole foreground group; once is enough.
    const onTerminal =
      !this.#ownGroup && [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
    signals.attach((name) => {
      this.#cancelled = true;
      if (!(name === "SIGINT" && onTerminal)) this.#kill(name);
    });
    return () => {
      clearTimeout(killTimer);
      signal?.removeEventListener("abort", abort);
      signals.detach();
    };
  }

  #kill(name: NodeJS.Signals): void {
    try {
      process.kill(this.#ownGroup ? -this.processId : this.processId, name);
    } catch {
      // It has ended already.
    }
  }

  async #passOutput(): Promise<void> {
    const { stdio, onStdout } = this.#options;
    const { stdout, stderr } = this.#process;
    const ends: Promise<unknown>[] = [];
    if (stderr && typeof stdio === "function") {
      stderr.on("data", (chunk: Buffer) => stdio(chunk, "stderr"));
      ends.push(once(stderr, "close"));
    }
    if (stdout) {
      stdout.on("data", (chunk: Buffer) => {
        if (typeof stdio === "function") stdio(chunk, "stdout");
        else if (stdio === "inherit" && !process.stdout.write(chunk)) {
          stdout.pause();
          process.stdout.once("drain", () => stdout.resume());
        }
        onStdout(chunk);
      });
      // Who reads our output has gone (`| head`): the command learns it as it would without us.
      if (stdio === "inherit") process.stdout.on("error", () => stdout.destroy());
      ends.push(once(stdout, "close"));
    }
    await Promise.all(ends);
  }
}
