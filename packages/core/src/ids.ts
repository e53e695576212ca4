import { randomBytes } from "node:crypto";
import { type Clock, systemClock } from "./clock.js";
import { DeepwrightError } from "./errors.js";

/** The kinds of entity that the lineage graph knows. */
export const entityKinds = [
  "project",
  "run",
  "dataset",
  "dataset-version",
  "feature",
  "model",
  "model-version",
  "deployment",
  "consumer",
  "check",
  "alert",
  "forecast",
  "budget",
] as const;
export type EntityKind = (typeof entityKinds)[number];

declare const brand: unique symbol;
/** A UUIDv7 in lower case that can't be mixed up with the id of another kind of entity. */
export type Id<Kind extends EntityKind> = string & { readonly [brand]: Kind };
export type ProjectId = Id<"project">;
export type RunId = Id<"run">;
export type DatasetId = Id<"dataset">;
export type DatasetVersionId = Id<"dataset-version">;
export type FeatureId = Id<"feature">;
export type ModelId = Id<"model">;
export type ModelVersionId = Id<"model-version">;
export type DeploymentId = Id<"deployment">;
export type ConsumerId = Id<"consumer">;

/** Names one node of the graph. */
export interface EntityRef<Kind extends EntityKind = EntityKind> {
  readonly kind: Kind;
  readonly id: Id<Kind>;
}

interface ClockState {
  lastMilliseconds: number;
  counter: number;
}

/** By clock, so that a clock of a test that is ahead does not move the ids of other clocks into the future. */
const states = new WeakMap<Clock, ClockState>();

/**
 * A new UUIDv7 (RFC 9562 section 5.7). Ids made by one process with one clock sort in the order in which they were made,
 * also when the clock stands still or goes back: the 12 bits after the time count up within a millisecond (section 6.2,
 * method 1), the other 62 are from the OS generator.
 *
 * @example
 * ```ts
 * const first = newId<"run">();
 * const second = newId<"run">();
 * console.log(first < second); // true
 * ```
 */
export function newId<Kind extends EntityKind>(clock: Clock = systemClock): Id<Kind> {
  const { lastMilliseconds, counter } = nextMoment(clock);
  const time = lastMilliseconds.toString(16).padStart(12, "0");
  const random = randomBytes(8);
  random[0] = ((random[0] as number) & 0x3f) | 0x80;
  const tail = random.toString("hex");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, "0")}-${tail.slice(0, 4)}-${tail.slice(4)}` as Id<Kind>;
}

function nextMoment(clock: Clock): ClockState {
  const milliseconds = Math.max(0, Math.floor(clock.now()));
  const state = states.get(clock);
  if (!state) {
    const first = { lastMilliseconds: milliseconds, counter: 0 };
    states.set(clock, first);
    return first;
  }
  if (milliseconds > state.lastMilliseconds) {
    state.lastMilliseconds = milliseconds;
    state.counter = 0;
  } else if (state.counter < 0xfff) {
    state.counter += 1;
  } else {
    state.lastMilliseconds += 1;
    state.counter = 0;
  }
  return state;
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for a lower-case UUID. */
export function isId(value: unknown): value is Id<EntityKind> {
  return typeof value === "string" && uuidPattern.test(value);
}

/**
 * Checks an id that came from outside.
 *
 * @throws DeepwrightError `INVALID_ID` when `value` is no lower-case UUID
 */
export function parseId<Kind extends EntityKind>(kind: Kind, value: unknown): Id<Kind> {
  if (isId(value)) return value as Id<Kind>;
  throw new DeepwrightError({
    code: "INVALID_ID",
    expected: `the id of a ${kind} (a lower-case UUID)`,
    got: JSON.stringify(value) ?? "nothing",
    todo: "Copy the whole id as it is shown by the list command.",
  });
}

/** The time at which a UUIDv7 was made, in milliseconds since 1970. */
export function idTime(id: Id<EntityKind>): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
