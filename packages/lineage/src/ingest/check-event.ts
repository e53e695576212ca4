import { createHash } from "node:crypto";
import {
  type ComponentMap,
  componentNames,
  DeepwrightError,
  factSchema,
  isId,
  runStatuses,
  stringifyJson,
} from "@deepwright/core";
import type {
  BlobEvent,
  ComponentEvent,
  FactEvent,
  LineageEvent,
  MetricsEvent,
  RunEndEvent,
  RunStartEvent,
} from "../contract/index.js";
import { limits } from "./limits.js";

const checks: { readonly [Type in LineageEvent["type"]]: (event: Extract<LineageEvent, { type: Type }>) => void } = {
  "run-start": checkRunStart,
  component: checkComponent,
  metrics: checkMetrics,
  tag: (event) => {
    checkText(event.key, "tag key", limits.nameLength);
    checkText(event.value, "tag value", limits.textLength);
  },
  fact: checkFact,
  blob: checkBlob,
  dataset: (event) => {
    if (event.role !== "input" && event.role !== "output") throw invalid("the role input or output", event.role);
    checkText(event.name, "name of the data set", limits.nameLength);
    checkText(event.uri, "address of the data set", limits.pathLength);
    checkMap(event.fingerprint, limits.componentEntries);
  },
  heartbeat: (event) => checkTime(event.timeMs, "timeMs"),
  "run-end": checkRunEnd,
};

/**
 * Checks one event of a log by hand: fast, since every point that a run logs passes here.
 *
 * @throws DeepwrightError `INVALID_EVENT`, `TEXT_WITH_NUL`, `EVENT_TOO_LARGE`, `UNKNOWN_FACT_KIND`, `INVALID_FACT` or
 *   `BLOB_HASH_MISMATCH`
 */
export function checkEvent(value: unknown): LineageEvent {
  if (typeof value !== "object" || value === null || !("type" in value)) throw invalid("an event with a type", value);
  const event = value as LineageEvent;
  const check = Object.hasOwn(checks, event.type) ? checks[event.type] : undefined;
  if (check === undefined) throw invalid(`an event of type ${Object.keys(checks).join(", ")}`, event.type);
  if (!isId(event.runId)) throw invalid("the runId of an event to be a lower-case UUID", event.runId);
  (check as (event: LineageEvent) => void)(event);
  return event;
}

function checkRunStart(event: RunStartEvent): void {
  checkText(event.project, "name of the project", limits.nameLength);
  if (event.project === "") throw invalid("a project with a name", event.project);
  checkText(event.name, "name of the run", limits.nameLength);
  if (!Array.isArray(event.command)) throw invalid("the command as a list of texts", event.command);
  for (const part of event.command) checkText(part, "part of the command", limits.textLength);
  checkTime(event.startedAtMs, "startedAtMs");
  checkJson(event.location, "location");
  if (event.purpose !== "user" && event.purpose !== "proof") throw invalid("the purpose user or proof", event.purpose);
  if (event.objective !== undefined) {
    const { metric, direction } = event.objective ?? {};
    checkText(metric, "metric of the objective", limits.nameLength);
    if (direction !== "minimize" && direction !== "maximize") throw invalid("minimize or maximize", direction);
  }
  if (event.parentRunId !== undefined && !isId(event.parentRunId)) throw invalid("a run id", event.parentRunId);
  checkJson(event.recipe ?? null, "recipe");
}

function checkRunEnd(event: RunEndEvent): void {
  if (!(runStatuses as readonly string[]).includes(event.status) || (event.status as string) === "running") {
    throw invalid("a status of finished, failed, cancelled or lost", event.status);
  }
  checkTime(event.endedAtMs, "endedAtMs");
  if (event.durationMs !== undefined && !(event.durationMs >= 0 && event.durationMs <= 8.64e15)) {
    throw invalid("durationMs in milliseconds", event.durationMs);
  }
  if (event.exitCode !== null && ((event.exitCode as number) | 0) !== event.exitCode) {
    throw invalid("an exit code or null", event.exitCode);
  }
  if (event.signal !== null) checkText(event.signal, "signal", limits.nameLength);
}

function checkComponent(event: ComponentEvent): void {
  if (!componentNames.includes(event.component)) {
    throw invalid(`a component of ${componentNames.join(", ")}`, event.component);
  }
  checkMap(event.entries, event.component === "configuration" ? limits.configurationEntries : limits.componentEntries);
  if (event.remove === undefined) return;
  if (!Array.isArray(event.remove)) throw invalid("the paths to remove as a list", event.remove);
  for (const path of event.remove) checkText(path, "path", limits.pathLength);
}

/** Checks a map path -> leaf. */
function checkMap(map: ComponentMap, maximum: number): void {
  if (typeof map !== "object" || map === null || Array.isArray(map)) throw invalid("a map path -> leaf", map);
  let count = 0;
  for (const path in map) {
    count += 1;
    checkText(path, "path", limits.pathLength);
    const leaf: unknown = map[path];
    if (typeof leaf === "string") checkText(leaf, `leaf at ${path}`, limits.textLength);
    else if (leaf !== null && typeof leaf !== "number" && typeof leaf !== "boolean") {
      throw invalid(`a text, number, boolean or null at ${path}`, leaf);
    }
  }
  if (count > maximum) throw tooLarge(`at most ${maximum} paths in one event`, `${count}`);
}

function checkMetrics(event: MetricsEvent): void {
  const { names, nameIndexes, steps, timesMs, values } = event;
  if (![names, nameIndexes, steps, timesMs, values].every(Array.isArray)) {
    throw invalid("metrics as columns names, nameIndexes, steps, timesMs and values", Object.keys(event));
  }
  const count = values.length;
  if (nameIndexes.length !== count || steps.length !== count || timesMs.length !== count) {
    throw invalid(
      "columns of one length",
      `nameIndexes ${nameIndexes.length}, steps ${steps.length}, timesMs ${timesMs.length}, values ${count}`,
    );
  }
  if (count > limits.points) throw tooLarge(`at most ${limits.points} points in one event`, `${count}`);
  for (const name of names) {
    checkText(name, "name of a metric", limits.nameLength);
    if (Buffer.byteLength(name) > limits.metricNameBytes) {
      throw tooLarge(`the name of a metric in at most ${limits.metricNameBytes} bytes`, `${Buffer.byteLength(name)}`);
    }
  }
  for (let index = 0; index < count; index++) {
    const nameIndex = nameIndexes[index] as number;
    if (!(nameIndex >= 0 && nameIndex < names.length) || !Number.isInteger(nameIndex)) {
      throw invalid(`an index into ${names.length} names at point ${index}`, nameIndex);
    }
    if (!Number.isSafeInteger(steps[index])) throw invalid(`a whole step at point ${index}`, steps[index]);
    if (typeof timesMs[index] !== "number") throw invalid(`a time at point ${index}`, timesMs[index]);
    if (typeof values[index] !== "number") throw invalid(`a number at point ${index}`, values[index]);
  }
}

function checkFact(event: FactEvent): void {
  checkTime(event.recordedAtMs, "recordedAtMs");
  checkFactBody(event.kind, event.body);
}

/** Checks the body of a fact by the schema that its package registered. */
export function checkFactBody(kind: string, body: unknown): void {
  checkText(kind, "kind of a fact", limits.nameLength);
  checkJson(body, "body of a fact");
  const schema = factSchema(kind);
  if (schema === undefined) {
    throw new DeepwrightError({
      code: "UNKNOWN_FACT_KIND",
      expected: "a kind of fact whose schema is registered",
      got: JSON.stringify(kind),
      todo: "Import the package that owns this kind, or register a schema with registerFactSchema of @deepwright/core.",
    });
  }
  const result = schema.safeParse(body);
  if (result.success) return;
  const issue = result.error.issues[0];
  throw new DeepwrightError({
    code: "INVALID_FACT",
    expected: `the body of a ${kind} fact`,
    got: issue ? `at ${issue.path.join(".") || "its top"}: ${issue.message}` : "another shape",
    todo: "Give the fact the shape that its package documents.",
    details: { kind },
  });
}

function checkBlob(event: BlobEvent): void {
  if (typeof event.base64 !== "string") throw invalid("the content of a blob as base64", event.base64);
  if (event.base64.length > (limits.blobBytes / 3) * 4 + 4) {
    throw tooLarge(`a blob of at most ${limits.blobBytes} bytes`, `${event.base64.length} characters of base64`);
  }
  const content = Buffer.from(event.base64, "base64");
  // A git blob id is the SHA-1 over a header with the length, and the content (Pro Git, section 10.2).
  const hash = createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
  if (hash === event.hash) return;
  throw new DeepwrightError({
    code: "BLOB_HASH_MISMATCH",
    expected: `content whose git blob id is ${JSON.stringify(event.hash)}`,
    got: `content with the id ${hash}`,
    todo: "Send the content as it was when the hash was taken.",
  });
}

/** Refuses what is no text, is too long, or holds a NUL byte, which Postgres can't hold. */
export function checkText(value: unknown, what: string, maximum: number): asserts value is string {
  if (typeof value !== "string") throw invalid(`the ${what} as text`, value);
  if (value.length > maximum) throw tooLarge(`the ${what} in at most ${maximum} characters`, `${value.length}`);
  if (value.includes("\0")) {
    throw new DeepwrightError({
      code: "TEXT_WITH_NUL",
      expected: `the ${what} without a NUL byte`,
      got: JSON.stringify(value.slice(0, 80)),
      todo: "Remove the NUL byte; binary content belongs into a file.",
    });
  }
}

function checkJson(value: unknown, what: string): void {
  const text = stringifyJson(value) as string | undefined;
  if (text === undefined) throw invalid(`the ${what} as JSON`, value);
  if (text.length > limits.jsonLength)
    throw tooLarge(`the ${what} in ${limits.jsonLength} characters`, `${text.length}`);
}

function checkTime(value: unknown, what: string): void {
  if (typeof value !== "number" || Math.abs(value) > 8.64e15 || Number.isNaN(value)) {
    throw invalid(`${what} in milliseconds since 1970`, value);
  }
}

function invalid(expected: string, got: unknown): DeepwrightError {
  const shown = typeof got === "string" ? JSON.stringify(got) : (stringifyJson(got) ?? "nothing");
  return new DeepwrightError({
    code: "INVALID_EVENT",
    expected,
    got: shown.slice(0, 200),
    todo: "Send events as the type LineageEvent of @deepwright/lineage describes them.",
  });
}

function tooLarge(expected: string, got: string): DeepwrightError {
  return new DeepwrightError({
    code: "EVENT_TOO_LARGE",
    expected,
    got,
    todo: "Split the event, or keep the content in a file and record its hash.",
  });
}
