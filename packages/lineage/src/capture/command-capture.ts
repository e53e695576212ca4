import { join } from "node:path";
import type { ComponentMap } from "@deepwright/core";
import type { RunRecorder } from "../recorder/run-recorder.js";
import { parseArguments } from "./configuration/arguments.js";
import type { CaptureContext } from "./context.js";
import { captureComputer, captureGpus } from "./hardware/hardware.js";
import { withHooks } from "./hooks/install-hooks.js";
import { readReports } from "./hooks/reports.js";
import { captureSystem } from "./platform/system.js";
import type { SourceCapture } from "./source/source.js";

/** Captures the six components of a command: what is known at once, what takes a while beside it, what only its end tells. */
export class CommandCapture {
  readonly #context: CaptureContext;
  #reportFolder = "";

  constructor(context: CaptureContext) {
    this.#context = context;
  }

  /** The environment that the command gets. */
  childEnvironment(recorder: RunRecorder): Readonly<Record<string, string | undefined>> {
    this.#reportFolder = join(recorder.directory, "reports");
    return {
      ...withHooks(this.#context.environment, this.#context.storeDirectory, this.#reportFolder),
      DEEPWRIGHT_RUN_ID: recorder.runId,
    };
  }

  /** Runs beside the command. */
  async captureBeside(recorder: RunRecorder, source: Promise<SourceCapture>): Promise<void> {
    const context = this.#context;
    recorder.component("configuration", parseArguments(context.command.slice(1)));
    recorder.component("hardware", captureComputer());
    recorder.component("platform", captureSystem(context.environment));
    await Promise.all([this.#recordSource(recorder, source), this.#recordGpus(recorder)]);
  }

  /** Runs when the command has ended. */
  async captureAfter(_recorder: RunRecorder): Promise<void> {
    readReports(this.#reportFolder);
  }

  async #recordGpus(recorder: RunRecorder): Promise<void> {
    const gpus: ComponentMap = await captureGpus();
    recorder.component("hardware", gpus);
  }

  async #recordSource(recorder: RunRecorder, source: Promise<SourceCapture>): Promise<void> {
    const captured = await source;
    recorder.component("source", captured.entries);
    for (const blob of captured.blobs) {
      recorder.append({
        type: "blob",
        runId: recorder.runId,
        hash: blob.hash,
        base64: blob.content.toString("base64"),
      });
    }
    for (const sentence of captured.notes) this.#context.note(sentence);
  }
}
