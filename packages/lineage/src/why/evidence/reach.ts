import { splitPath } from "@deepwright/core";
import type { Difference, Evidence } from "../../contract/index.js";
import { fileOf } from "../../diff/difference.js";
import type { SourceReach } from "../reach/source-reach.js";

/** Packages whose import has another name than the package. */
const importNames: Readonly<Record<string, string>> = {
  "scikit-learn": "sklearn",
  "scikit-image": "skimage",
  pyyaml: "yaml",
  pillow: "PIL",
  "opencv-python": "cv2",
  "opencv-python-headless": "cv2",
  "tensorflow-cpu": "tensorflow",
  "python-dateutil": "dateutil",
  protobuf: "google.protobuf",
  "msgpack-python": "msgpack",
  beautifulsoup4: "bs4",
  "psycopg2-binary": "psycopg2",
};

/** Environment variables that change what interpreters and numeric libraries compute. */
const effectiveVariables =
  /^(PYTHON(PATH|OPTIMIZE|HASHSEED)|NODE_(OPTIONS|ENV|PATH)|LD_(LIBRARY_PATH|PRELOAD)|(OMP|MKL|OPENBLAS|NUMEXPR|VECLIB)_|CUDA_|CUBLAS_|CUDNN_|NVIDIA_TF32|TF_|XLA_|TORCH_|PYTORCH_|KERAS_|JAX_|TZ$|LC_ALL$)/;

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** A name as a whole word, with `-` and `_` taken as one and camel case allowed. */
function wordPattern(name: string): RegExp {
  const snake = name.replace(/^-+/, "").replace(/[-\s]/g, "_");
  const camel = snake.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const either = escapePattern(snake).replaceAll("_", "[-_]");
  return new RegExp(`(?<![\\w])(?:${either}|${escapePattern(camel)})(?![\\w])`);
}

/** What a difference can touch, as far as the source that the command reaches tells. */
export function reachEvidence(difference: Difference, reach: SourceReach): Evidence | null {
  if (reach.texts.size === 0) return null;
  switch (difference.kind) {
    case "source-hunk":
    case "source-file":
      return fileReach(fileOf(difference.path), reach);
    case "configuration":
    case "argument":
      return keyReach(difference, reach);
    case "environment":
      return variableReach(splitPath(difference.path).at(-1) ?? "", reach);
    case "package":
      return packageReach(splitPath(difference.path), reach);
    case "data":
      return columnReach(difference, reach);
    default:
      return null;
  }
}

const evidence = (sentence: string, weight: number): Evidence => ({ kind: "reach", sentence, weight });

function fileReach(file: string, reach: SourceReach): Evidence | null {
  const state = reach.reaches(file);
  if (state === "yes") return evidence(`The command reaches ${file}.`, 0.6);
  if (state === "no") return evidence(`Nothing that the command runs refers to ${file}.`, -2.5);
  return null;
}

function keyReach(difference: Difference, reach: SourceReach): Evidence {
  const segments = splitPath(difference.path).filter((segment) => !/^\d+$/.test(segment));
  const key = segments.at(-1) ?? "";
  const place = reach.find(wordPattern(key));
  return place
    ? evidence(`${key.replace(/^-+/, "")} is read at ${place.file}:${place.line}.`, 0.6)
    : evidence(`No source that the command reaches mentions ${key.replace(/^-+/, "")}.`, -1.8);
}

function variableReach(name: string, reach: SourceReach): Evidence {
  const place = reach.find(new RegExp(`(?<![\\w])${escapePattern(name)}(?![\\w])`));
  if (place) return evidence(`${name} is read at ${place.file}:${place.line}.`, 1);
  if (effectiveVariables.test(name)) return evidence(`${name} changes what the interpreter or its libraries do.`, 0.5);
  return evidence(`No source that the command reaches mentions ${name}.`, -1.5);
}

function packageReach([, ecosystem, ...rest]: readonly string[], reach: SourceReach): Evidence {
  const name = rest.join("/");
  const lower = name.toLowerCase();
  const module = importNames[lower] ?? (ecosystem === "node" ? name : lower.replaceAll("-", "_"));
  const imported =
    ecosystem === "node"
      ? new RegExp(`["']${escapePattern(module)}(?:/[^"']*)?["']`)
      : new RegExp(`^[ \\t]*(?:import|from)[ \\t]+(?:[\\w., ]*[, ])?${escapePattern(module)}\\b`, "m");
  const place = reach.find(imported);
  return place
    ? evidence(`${name} is imported at ${place.file}:${place.line}.`, 0.5)
    : evidence(`No source that the command reaches imports ${name}.`, -1.5);
}

function columnReach(difference: Difference, reach: SourceReach): Evidence | null {
  const columns = (difference.parts ?? []).filter((part) => !part.startsWith("partition "));
  if (columns.length === 0) return null;
  const used = columns.filter((column) => reach.find(wordPattern(column)));
  if (used.length === 0) return evidence("None of its columns that differ is named in the source.", -0.5);
  return evidence(
    `The source uses ${used.slice(0, 4).join(", ")}, which ${used.length === 1 ? "differs" : "differ"}.`,
    0.5,
  );
}
