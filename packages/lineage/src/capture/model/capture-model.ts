import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type ComponentMap, joinPath, type Leaf, toDeepwrightError } from "@deepwright/core";
import type { CaptureContext } from "../context.js";
import { sampledSnapshot } from "../data/sampled-snapshot.js";
import { nameWithin } from "../name-within.js";
import { walkFiles } from "../source/walk.js";
import { readHdf5 } from "./hdf5.js";
import { readKeras } from "./keras.js";
import { modelFormat } from "./model-files.js";
import { readOnnx } from "./onnx.js";
import { readSafetensors } from "./safetensors.js";
import { describeTensor, type Tensor } from "./tensor.js";
import { isTfjsModel, readTfjs } from "./tfjs.js";

const wholeBytes = 2 * 1024 ** 3;
const maximumWalkedFiles = 20_000;
const maximumModels = 100;
const maximumTensors = 20_000;

/** Files below the working directory that were written since the run began; libraries in native code tell no hook. */
export function writtenFiles(context: CaptureContext, isWanted: (path: string) => boolean): string[] {
  const { files } = walkFiles(context.workingDirectory, maximumWalkedFiles);
  const written: string[] = [];
  for (const file of files) {
    const path = join(context.workingDirectory, file);
    if (isWanted(path) && wasWritten(context, path)) written.push(path);
  }
  return written;
}

/** Whether a file is there and was changed since the run began. */
export function wasWritten(context: CaptureContext, path: string): boolean {
  try {
    const state = statSync(path);
    // The kernel's clock for files ticks every 4 to 10 ms and may lag behind.
    return state.isFile() && state.mtimeMs >= context.startedAtMs - 10;
  } catch {
    return false;
  }
}

/** Paths of the model component for the model files that a command wrote. */
export async function captureModels(context: CaptureContext, paths: readonly string[]): Promise<ComponentMap> {
  const entries: Record<string, Leaf> = {};
  const models = paths.filter((path) => modelFormat(path) !== "tfjs" || isTfjsModel(path));
  if (models.length > maximumModels) {
    context.note(`${models.length} model files were written; the first ${maximumModels} are recorded.`);
  }
  for (const path of models.slice(0, maximumModels)) {
    const prefix = joinPath("files", nameWithin(context, path));
    for (const [key, leaf] of Object.entries(await describeModel(context, path))) entries[`${prefix}/${key}`] = leaf;
  }
  return entries;
}

async function describeModel(context: CaptureContext, path: string): Promise<ComponentMap> {
  const { size } = statSync(path);
  const facts: Record<string, Leaf> = { format: modelFormat(path), sizeBytes: size };
  try {
    if (size > wholeBytes) {
      facts.snapshot = await sampledSnapshot(path);
      return facts;
    }
    const { sha256File } = await import("@deepwright/engines");
    facts.sha256 = await sha256File(path);
    addTensors(facts, path);
  } catch (error) {
    context.note(`The tensors of ${path} were not read: ${toDeepwrightError(error).got}`);
  }
  return facts;
}

function addTensors(facts: Record<string, Leaf>, path: string): void {
  let tensors: readonly Tensor[] = [];
  if (facts.format === "safetensors") tensors = readSafetensors(path);
  else if (facts.format === "onnx") tensors = readOnnx(path);
  else if (facts.format === "tfjs") tensors = readTfjs(path);
  else if (facts.format === "hdf5") tensors = readHdf5(readFileSync(path));
  else if (facts.format === "keras") {
    const model = readKeras(path);
    tensors = model.tensors;
    if (model.config !== null) facts.config = model.config;
  }
  for (const tensor of tensors.slice(0, maximumTensors))
    facts[joinPath("tensors", tensor.name)] = describeTensor(tensor);
}
