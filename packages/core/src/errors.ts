/** Marks every Deepwright error, also across several copies of this package in one process. */
const marker = Symbol.for("deepwright.error");

/**
 * How a caller should treat an error. The CLI turns it into an exit code, the gateway into an HTTP status.
 *
 * - `usage`: the input is wrong (exit 2, HTTP 400)
 * - `not-found`: the named thing does not exist (exit 2, HTTP 404)
 * - `conflict`: the thing is in another state than the call needs (exit 2, HTTP 409)
 * - `not-allowed`: no right to do this (exit 4, HTTP 403)
 * - `unavailable`: a server, disk or database can't be used now (exit 3, HTTP 503)
 * - `internal`: a defect of ours (exit 70, HTTP 500)
 */
export type ErrorKind = "usage" | "not-found" | "conflict" | "not-allowed" | "unavailable" | "internal";

export interface DeepwrightErrorOptions {
  /** Stable, upper snake case, never renamed: `RUN_NOT_FOUND`. */
  readonly code: string;
  readonly kind?: ErrorKind;
  /** What was expected, as the end of the sentence "expected …". */
  readonly expected: string;
  /** What came instead, as the end of the sentence "got …". */
  readonly got: string;
  /** What the reader should do next, a whole sentence in the imperative. */
  readonly todo: string;
  /** Whether the same call can succeed later without a change. Default: only when `kind` is `unavailable`. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
  /** Machine-readable facts about the failure. Must not hold secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
}

const exitCodes: Record<ErrorKind, number> = {
  usage: 2,
  "not-found": 2,
  conflict: 2,
  "not-allowed": 4,
  unavailable: 3,
  internal: 70,
};

const httpStatuses: Record<ErrorKind, number> = {
  usage: 400,
  "not-found": 404,
  conflict: 409,
  "not-allowed": 403,
  unavailable: 503,
  internal: 500,
};

/**
 * The one error class of all packages: a stable code, and a sentence that says what was expected, what came and what
 * to do.
 *
 * @example
 * ```ts
 * const error = new DeepwrightError({
 *   code: "RUN_NOT_FOUND",
 *   kind: "not-found",
 *   expected: "the id of a recorded run",
 *   got: '"abc"',
 *   todo: "List the runs with `deepwright runs`.",
 * });
 * console.log(error.message);
 * // Expected the id of a recorded run, got "abc". List the runs with `deepwright runs`.
 * ```
 */
export class DeepwrightError extends Error {
  override readonly name = "DeepwrightError";
  readonly code: string;
  readonly kind: ErrorKind;
  readonly expected: string;
  readonly got: string;
  readonly todo: string;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(options: DeepwrightErrorOptions) {
    super(`Expected ${options.expected}, got ${options.got}. ${options.todo}`, { cause: options.cause });
    this.code = options.code;
    this.kind = options.kind ?? "usage";
    this.expected = options.expected;
    this.got = options.got;
    this.todo = options.todo;
    this.retryable = options.retryable ?? this.kind === "unavailable";
    this.details = options.details ?? {};
    Object.defineProperty(this, marker, { value: true });
  }

  /** Process exit code of the CLI (DESIGN: 2 usage, 3 server away, 4 not allowed). */
  get exitCode(): number {
    return exitCodes[this.kind];
  }

  get httpStatus(): number {
    return httpStatuses[this.kind];
  }

  /** The shape in which CLI (`--json`), GraphQL and HTTP show the error. Never holds the stack or the cause. */
  toJSON(): SerializedError {
    return {
      code: this.code,
      kind: this.kind,
      message: this.message,
      expected: this.expected,
      got: this.got,
      todo: this.todo,
      retryable: this.retryable,
      details: this.details,
    };
  }

  /** Rebuilds an error that came over HTTP or from a worker thread. */
  static fromJSON(value: SerializedError): DeepwrightError {
    return new DeepwrightError(value);
  }
}

export interface SerializedError {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly message: string;
  readonly expected: string;
  readonly got: string;
  readonly todo: string;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;
}

/** True for errors of this package, also when another copy of it threw them. */
export function isDeepwrightError(value: unknown): value is DeepwrightError {
  return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[marker] === true;
}

/** Turns whatever was thrown into a typed error; a foreign error becomes `INTERNAL_ERROR` with its cause kept. */
export function toDeepwrightError(value: unknown): DeepwrightError {
  if (isDeepwrightError(value)) return value;
  const got = value instanceof Error ? value.message : String(value);
  return new DeepwrightError({
    code: "INTERNAL_ERROR",
    kind: "internal",
    expected: "the call to succeed",
    got,
    todo: "This is a defect of Deepwright; report it with the command and its version.",
    cause: value,
  });
}
