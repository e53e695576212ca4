import { toDeepwrightError } from "@deepwright/core";
import type { RunRecorder } from "../../recorder/run-recorder.js";
import type { LineMetrics } from "./line-metrics.js";

/** Where metrics that were found in output and files go. What a run refuses is noted once and never stops the command. */
export class MetricSink {
  readonly #note: (sentence: string) => void;
  readonly #onMetrics: (step: number | null, values: Readonly<Record<string, number>>) => void;
  #recorder: RunRecorder | undefined;
  #hasRefused = false;

  constructor(
    note: (sentence: string) => void,
    onMetrics: (step: number | null, values: Readonly<Record<string, number>>) => void,
  ) {
    this.#note = note;
    this.#onMetrics = onMetrics;
  }

  attach(recorder: RunRecorder): void {
    this.#recorder = recorder;
  }

  readonly add = ({ step, values }: LineMetrics): void => {
    try {
      this.#recorder?.log(values, step === null ? {} : { step });
      this.#onMetrics(step, values);
    } catch (error) {
      if (!this.#hasRefused) this.#note(`Some metrics were not recorded: ${toDeepwrightError(error).message}`);
      this.#hasRefused = true;
    }
  };
}
