import type { RunId } from "@deepwright/core";
import type { MetricsEvent } from "../../contract/events.js";

const pointsHeaderBytes = 16;
const pointBytes = 10;

/** Points frames that together are one event. */
export class PointGroup {
  readonly #nameIndexes: number[] = [];
  readonly #steps: number[] = [];
  readonly #timesMs: number[] = [];
  readonly #values: number[] = [];

  get size(): number {
    return this.#values.length;
  }

  /** Adds the body of one points frame. */
  add(body: Buffer): void {
    const timeMs = body.readDoubleLE(0);
    const step = body.readDoubleLE(8);
    for (let at = pointsHeaderBytes; at + pointBytes <= body.length; at += pointBytes) {
      this.#nameIndexes.push(body.readUInt16LE(at));
      this.#steps.push(step);
      this.#timesMs.push(timeMs);
      this.#values.push(body.readDoubleLE(at + 2));
    }
  }

  /** The event, with only the names that it uses. `dictionary`: names of the segment by index. */
  toEvent(runId: RunId, dictionary: readonly string[]): MetricsEvent {
    const positions = new Map<number, number>();
    const names: string[] = [];
    const nameIndexes = this.#nameIndexes.map((index) => {
      let position = positions.get(index);
      if (position === undefined) {
        position = names.length;
        positions.set(index, position);
        names.push(dictionary[index] ?? `metric ${index}`);
      }
      return position;
    });
    return {
      type: "metrics",
      runId,
      names,
      nameIndexes,
      steps: this.#steps,
      timesMs: this.#timesMs,
      values: this.#values,
    };
  }
}
