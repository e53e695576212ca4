import { Buffer } from "node:buffer";
import { DeepwrightError, type MetricValues, refuseNul } from "@deepwright/core";
import { limits } from "../../ingest/limits.js";

/** A call with more points than names fit into a segment is no log of metrics. */
const maximumPointsPerCall = 50_000;

/**
 * Refuses what no store takes, while the caller still stands where the mistake is: one such point would take the others of its
 * event with it.
 *
 * @throws DeepwrightError `INVALID_POINT`
 */
export function checkPoint(names: readonly string[], values: MetricValues, step: number, timeMs: number): void {
  if (names.length > maximumPointsPerCall) {
    throw invalidPoint(`at most ${maximumPointsPerCall} metrics in one call`, `${names.length}`);
  }
  if (!Number.isSafeInteger(step)) throw invalidPoint("a whole number as step", String(step));
  if (typeof timeMs !== "number" || !(Math.abs(timeMs) <= 8.64e15)) {
    throw invalidPoint("a time in milliseconds since 1970", String(timeMs));
  }
  for (const name of names) {
    const value: unknown = values[name];
    if (typeof value !== "number") {
      throw invalidPoint(`a number for ${JSON.stringify(name.slice(0, 80))}`, `${typeof value} ${String(value)}`);
    }
  }
}

/** @throws DeepwrightError `INVALID_POINT`, `TEXT_WITH_NUL` */
export function checkMetricName(name: string): void {
  refuseNul(name, "the name of a metric");
  if (name === "" || Buffer.byteLength(name) > limits.metricNameBytes) {
    const got = name === "" ? "an empty name" : `${JSON.stringify(name.slice(0, 40))}... in ${Buffer.byteLength(name)}`;
    throw invalidPoint(`a name of 1 to ${limits.metricNameBytes} bytes for a metric`, got);
  }
}

function invalidPoint(expected: string, got: string): DeepwrightError {
  return new DeepwrightError({
    code: "INVALID_POINT",
    expected,
    got: got.slice(0, 200),
    todo: "Log numbers (NaN and infinities are fine) under short names, at whole steps; nothing of this call was recorded.",
  });
}
