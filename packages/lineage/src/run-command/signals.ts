const forwarded = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
export type ForwardedSignal = (typeof forwarded)[number];

/**
 * Takes the signals that this process gets, for a command that they are meant for. One that comes before the command runs
 * waits for it, so that Ctrl-C is never swallowed.
 */
export class SignalForwarder {
  readonly #stop: () => void;
  readonly #early: ForwardedSignal[] = [];
  #target: ((signal: ForwardedSignal) => void) | undefined;
  #interrupt: () => void = () => undefined;
  #received = false;

  /** Resolves when a signal comes that no command takes any more. */
  readonly interrupted = new Promise<"interrupted">((resolve) => {
    this.#interrupt = () => resolve("interrupted");
  });

  constructor(wanted: boolean) {
    const handlers = forwarded.map((name) => [name, (): void => this.#take(name)] as const);
    if (wanted) for (const [name, handler] of handlers) process.on(name, handler);
    this.#stop = () => {
      for (const [name, handler] of handlers) process.removeListener(name, handler);
    };
  }

  /** Whether any signal came. */
  get received(): boolean {
    return this.#received;
  }

  /** From now on `target` gets them, also those that came before. */
  attach(target: (signal: ForwardedSignal) => void): void {
    this.#target = target;
    for (const signal of this.#early.splice(0)) target(signal);
  }

  /** The command has ended; the next signal means what is left to do. */
  detach(): void {
    this.#target = () => this.#interrupt();
  }

  close(): void {
    this.#stop();
  }

  #take(signal: ForwardedSignal): void {
    if (this.#target) this.#target(signal);
    else this.#early.push(signal);
    this.#received = true;
  }
}
