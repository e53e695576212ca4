import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { toDeepwrightError } from "@deepwright/core";
import type { RunRecorder } from "../recorder/run-recorder.js";
import { parseArguments } from "./configuration/arguments.js";
import { captureConfigFiles, configsAmongArguments, isSmallConfig } from "./configuration/config-files.js";
import { parseConfigFile } from "./configuration/parse-file.js";
import type { CaptureContext } from "./context.js";
import { DataCapture, sourcePathOf } from "./data/capture-data.js";
import { isTabularFile } from "./data/data-files.js";
import { type InputSource, parseInput } from "./data/declared-inputs.js";
import { discoverInputs } from "./data/discover-inputs.js";
import { captureComputer, captureGpus } from "./hardware/hardware.js";
import { withHooks } from "./hooks/install-hooks.js";
import { type Reports, readReports } from "./hooks/reports.js";
import { MetricFile } from "./metrics/metric-file.js";
import type { MetricSink } from "./metrics/metric-sink.js";
import { captureModels, wasWritten, writtenFiles } from "./model/capture-model.js";
import { modelFormat } from "./model/model-files.js";
import { nameWithin } from "./name-within.js";
import { captureEnvironment } from "./platform/environment.js";
import { askInterpreter } from "./platform/interpreter.js";
import { bundledLibraries, systemLibraries } from "./platform/native-libraries.js";
import { captureNode } from "./platform/node-packages.js";
import { capturePython } from "./platform/python-packages.js";
import { captureSystem } from "./platform/system.js";
import { redactCommand } from "./secrets.js";
import type { SourceCapture } from "./source/source.js";

const pollMs = 500;
const maximumOutputs = 20;

/** Captures the six components of a command: what is known at once, what takes a while beside it, what only its end tells. */
export class CommandCapture {
  readonly #context: CaptureContext;
  readonly #inputs: readonly InputSource[];
  readonly #configs: readonly string[];
  readonly #data: DataCapture;
  readonly #metricFiles: readonly MetricFile[];
  #timer: NodeJS.Timeout | undefined;
  #sourcePaths: ReadonlySet<string> = new Set();
  #reportFolder = "";

  private constructor(
    context: CaptureContext,
    sink: MetricSink,
    inputs: readonly InputSource[],
    configs: readonly string[],
  ) {
    this.#context = context;
    this.#inputs = inputs;
    this.#configs = configs;
    this.#data = new DataCapture(context);
    // Opened before the command runs: what stands in them by then is of another run.
    this.#metricFiles = context.metricFiles.map(
      (path) => new MetricFile(resolve(context.workingDirectory, path), sink.add),
    );
  }

  /**
   * Checks what was declared, before anything is run or written.
   *
   * @throws DeepwrightError `INPUT_NOT_FOUND`, `INVALID_INPUT`, `CONFIG_FILE_MISSING`, `CONFIG_FILE_BROKEN`, `CONFIG_FILE_TOO_LARGE`
   */
  static async prepare(context: CaptureContext, sink: MetricSink): Promise<CommandCapture> {
    const inputs = context.declaredData.map((text) => parseInput(context, text));
    const configs = context.declaredConfig.map((path) => resolve(context.workingDirectory, path));
    for (const path of configs) await parseConfigFile(path);
    return new CommandCapture(context, sink, inputs, configs);
  }

  /** The environment that the command gets. */
  childEnvironment(recorder: RunRecorder): Readonly<Record<string, string | undefined>> {
    this.#reportFolder = join(recorder.directory, "reports");
    return {
      ...withHooks(this.#context.environment, this.#context.storeDirectory, this.#reportFolder),
      DEEPWRIGHT_RUN_ID: recorder.runId,
    };
  }

  /** Runs beside the command. Never rejects: what can't be captured is noted. */
  async captureBeside(recorder: RunRecorder, source: Promise<SourceCapture>): Promise<void> {
    const context = this.#context;
    this.#followMetricFiles();
    await Promise.all([
      this.#attempt("The arguments", () =>
        recorder.component("configuration", parseArguments(redactCommand(context.command).slice(1))),
      ),
      this.#attempt("The computer", () => recorder.component("hardware", captureComputer())),
      this.#attempt("The platform", () =>
        recorder.component("platform", {
          ...captureSystem(context.environment),
          ...captureEnvironment(context.environment),
        }),
      ),
      this.#attempt("The source", () => this.#recordSource(recorder, source)),
      this.#attempt("The configuration", () => this.#recordConfigs(recorder)),
      this.#attempt("The GPUs", async () => recorder.component("hardware", await captureGpus())),
      this.#attempt("The inputs", () => this.#data.inputs(recorder, this.#inputs)),
    ]);
  }

  /** Runs when the command has ended. Never rejects. */
  async captureAfter(recorder: RunRecorder): Promise<void> {
    clearInterval(this.#timer);
    this.#endMetricFiles();
    let reports: Reports = { pythons: [], nodes: [], reads: [], writes: [] };
    await this.#attempt("What the command opened", () => {
      reports = readReports(this.#reportFolder);
    });
    await this.#attempt("The interpreter", () => this.#recordInterpreters(recorder, reports));
    await this.#attempt("The inputs", () => this.#recordOpened(recorder, reports));
    await this.#attempt("The results", () => this.#recordResults(recorder, reports));
    await this.#attempt("The engine", () => this.#data.close());
  }

  async #attempt(what: string, work: () => unknown): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#context.note(`${what} could not be recorded: ${toDeepwrightError(error).message}`);
    }
  }

  #followMetricFiles(): void {
    if (this.#metricFiles.length === 0) return;
    this.#timer = setInterval(() => {
      for (const file of this.#metricFiles) file.poll();
    }, pollMs).unref();
  }

  #endMetricFiles(): void {
    for (const [index, file] of this.#metricFiles.entries()) {
      file.poll(true);
      if (file.hasMetrics) continue;
      const path = this.#context.metricFiles[index] as string;
      const isThere = existsSync(resolve(this.#context.workingDirectory, path));
      const reason = isThere ? "the command wrote no line with numbers into it" : "there is no such file";
      this.#context.note(`No metrics were read from ${JSON.stringify(path)}: ${reason}.`);
    }
  }

  async #recordOpened(recorder: RunRecorder, reports: Reports): Promise<void> {
    const context = this.#context;
    const found = discoverInputs(context, reports).filter((path) => !this.#data.has(path));
    const opened = reports.reads.filter((path) => isSmallConfig(path) && !this.#configs.includes(path));
    recorder.component("configuration", await captureConfigFiles(context, opened, false));
    const sources = found.map((path) => ({ kind: "file", name: nameWithin(context, path), path }) as const);
    await this.#data.inputs(recorder, sources);
    this.#removeInputsFromSource(recorder);
  }

  async #recordSource(recorder: RunRecorder, source: Promise<SourceCapture>): Promise<void> {
    const captured = await source;
    this.#sourcePaths = new Set(Object.keys(captured.entries));
    recorder.component("source", captured.entries);
    for (const blob of captured.blobs) {
      const base64 = blob.content.toString("base64");
      recorder.append({ type: "blob", runId: recorder.runId, hash: blob.hash, base64 });
    }
    for (const sentence of captured.notes) this.#context.note(sentence);
  }

  async #recordConfigs(recorder: RunRecorder): Promise<void> {
    const context = this.#context;
    const found = configsAmongArguments(context).filter((path) => !this.#configs.includes(path));
    recorder.component("configuration", await captureConfigFiles(context, this.#configs, true));
    recorder.component("configuration", await captureConfigFiles(context, found, false));
  }

  async #recordInterpreters(recorder: RunRecorder, reports: Reports): Promise<void> {
    const asked = reports.pythons.length === 0 ? await askInterpreter(this.#context) : null;
    const pythons = asked === null ? reports.pythons : [asked];
    // One entry an interpreter: its last process saw the path as the program left it.
    const distinct = new Map(pythons.map((report) => [report.executable, report]));
    for (const report of distinct.values()) {
      recorder.component("platform", { ...capturePython(report), ...bundledLibraries(report.path, report.prefix) });
    }
    const node = reports.nodes[0];
    if (node) recorder.component("platform", captureNode(node));
    if (distinct.size > 0) recorder.component("platform", await systemLibraries());
  }

  /** A tracked data file is data: its change must not count as a change of source too. */
  #removeInputsFromSource(recorder: RunRecorder): void {
    const paths = this.#data.files.map((path) => sourcePathOf(this.#context, path));
    const remove = paths.filter((path) => path !== null && this.#sourcePaths.has(path)) as string[];
    recorder.component("source", {}, remove);
  }

  async #recordResults(recorder: RunRecorder, reports: Reports): Promise<void> {
    const context = this.#context;
    const isResult = (path: string): boolean => modelFormat(path) !== null || isTabularFile(path);
    const reported = reports.writes.filter((path) => isResult(path) && wasWritten(context, path));
    const written = [...new Set([...reported, ...writtenFiles(context, isResult)])].sort();
    const inside = (path: string): boolean => path.startsWith(`${context.storeDirectory}/`);
    const models = written.filter((path) => modelFormat(path) !== null && !inside(path));
    recorder.component("model", await captureModels(context, models));
    const metricFiles = new Set(context.metricFiles.map((path) => resolve(context.workingDirectory, path)));
    const tables = written.filter(
      (path) =>
        isTabularFile(path) && !inside(path) && !metricFiles.has(path) && existsSync(path) && !this.#data.has(path),
    );
    await this.#data.outputs(recorder, tables.slice(0, maximumOutputs));
  }
}
