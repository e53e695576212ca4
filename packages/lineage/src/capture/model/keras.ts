import { readHdf5 } from "./hdf5.js";
import { hashBytes, type Tensor } from "./tensor.js";
import { withZip } from "./zip.js";

export interface KerasModel {
  readonly tensors: readonly Tensor[];
  /** Hash of the architecture, `config.json`. */
  readonly config: string | null;
}

/** A `.keras` file (Keras 3): a ZIP archive with `config.json` and `model.weights.h5`. */
export function readKeras(path: string): KerasModel {
  return withZip(path, (entries) => {
    const find = (name: string): Buffer | undefined => entries.find((entry) => entry.name === name)?.read();
    const config = find("config.json");
    const weights = find("model.weights.h5");
    return { tensors: weights ? readHdf5(weights) : [], config: config ? hashBytes(config) : null };
  });
}
