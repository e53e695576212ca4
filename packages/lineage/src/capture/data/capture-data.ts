import { joinPath, type Leaf, toDeepwrightError } from "@deepwright/core";
import type { RunRecorder } from "../../recorder/run-recorder.js";
import type { CaptureContext } from "../context.js";
import { nameWithin, pathWithin } from "../name-within.js";
import type { InputSource } from "./declared-inputs.js";
import { InputFingerprinter } from "./fingerprint-input.js";
import { keepObject, maximumKeptBytes } from "./kept-objects.js";

const parallel = 2;

/** Fingerprints inputs and outputs of a command and records them, each path once. */
export class DataCapture {
  readonly #context: CaptureContext;
  readonly #fingerprinter: InputFingerprinter;
  readonly #names = new Map<string, string>();

  constructor(context: CaptureContext) {
    this.#context = context;
    this.#fingerprinter = new InputFingerprinter(context.storeDirectory);
  }

  /** Whether the file is recorded as an input already. */
  has(path: string): boolean {
    return this.#names.has(path);
  }

  /** Files and folders that are recorded as inputs. */
  get files(): readonly string[] {
    return [...this.#names.keys()].filter((key) => key.startsWith("/"));
  }

  async inputs(recorder: RunRecorder, sources: readonly InputSource[]): Promise<void> {
    const waiting = [...sources];
    const work = async (): Promise<void> => {
      for (let source = waiting.shift(); source !== undefined; source = waiting.shift()) {
        await this.#input(recorder, source);
      }
    };
    await Promise.all(Array.from({ length: parallel }, work));
  }

  /** Tables that the command wrote: versions of data sets that came out of the run. */
  async outputs(recorder: RunRecorder, paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      try {
        const { facts } = await this.#fingerprinter.file(path);
        const uri = this.#uri(path);
        const name = nameWithin(this.#context, path);
        const fingerprint = { uri, ...facts };
        recorder.append({ type: "dataset", runId: recorder.runId, role: "output", name, uri, fingerprint });
      } catch (error) {
        this.#context.note(`The output ${path} was not read: ${toDeepwrightError(error).message}`);
      }
    }
  }

  close(): Promise<void> {
    return this.#fingerprinter.close();
  }

  async #input(recorder: RunRecorder, source: InputSource): Promise<void> {
    const name = this.#nameFor(source);
    try {
      const [uri, facts] =
        source.kind === "query"
          ? ([source.shownUri, await this.#fingerprinter.query(source.uri, source.sql)] as const)
          : ([this.#uri(source.path), await this.#file(source.path)] as const);
      const fingerprint: Record<string, Leaf> = { uri, ...facts };
      recorder.data(name, fingerprint);
      recorder.append({ type: "dataset", runId: recorder.runId, role: "input", name, uri, fingerprint });
    } catch (error) {
      const uri = source.kind === "query" ? source.shownUri : this.#uri(source.path);
      recorder.data(name, { uri, kind: source.kind });
      this.#context.note(`The input ${uri} was not read: ${toDeepwrightError(error).message}`);
    }
  }

  async #file(path: string): Promise<Readonly<Record<string, Leaf>>> {
    const { facts, contentHash, sizeBytes, note } = await this.#fingerprinter.file(path);
    if (note !== null) this.#context.note(note);
    if (this.#context.keepData && contentHash !== null && sizeBytes <= maximumKeptBytes) {
      await keepObject(this.#context.storeDirectory, path, contentHash).catch((error: unknown) =>
        this.#context.note(`No copy of ${path} was kept: ${toDeepwrightError(error).message}`),
      );
    }
    return facts;
  }

  /** Two files outside of the root can have the same last two parts; the second gets a number. */
  #nameFor(source: InputSource): string {
    const key = source.kind === "file" ? source.path : source.shownUri;
    const taken = new Set(this.#names.values());
    let name = source.name;
    for (let number = 2; taken.has(name); number++) name = `${source.name} (${number})`;
    this.#names.set(key, name);
    return name;
  }

  #uri(path: string): string {
    return pathWithin(this.#context, path) ?? `file://${path}`;
  }
}

/** Path of the source component that stands for a file, which an input has no business to be in. */
export function sourcePathOf(context: CaptureContext, path: string): string | null {
  const inside = pathWithin({ root: context.root, workingDirectory: context.root }, path);
  return inside === null ? null : joinPath("files", inside);
}
