import { basename, extname } from "node:path";

const formats: Readonly<Record<string, string>> = {
  ".safetensors": "safetensors",
  ".onnx": "onnx",
  ".keras": "keras",
  ".h5": "hdf5",
  ".hdf5": "hdf5",
  ".pt": "pytorch",
  ".pth": "pytorch",
  ".ckpt": "checkpoint",
  ".pb": "tensorflow",
  ".tflite": "tflite",
  ".pkl": "pickle",
  ".pickle": "pickle",
  ".joblib": "joblib",
  ".cbm": "catboost",
  ".ubj": "xgboost",
  ".gguf": "gguf",
};

/** The format of a model file by its name; `null` when it is none. `model.json` is TF.js and is looked into by the reader. */
export function modelFormat(path: string): string | null {
  if (basename(path) === "model.json") return "tfjs";
  return formats[extname(path).toLowerCase()] ?? null;
}

export const isModelFile = (path: string): boolean => basename(path) !== "model.json" && modelFormat(path) !== null;
