import { joinPath, type Leaf } from "@deepwright/core";
import { isSecretVariable } from "../secrets.js";

/** Variables that change how a training computes. Everything else stays out: an environment holds what is nobody's business. */
const allowedPrefixes =
  `CUDA_ CUBLAS_ CUDNN_ NCCL_ NVIDIA_ HIP_ ROCR_ OMP_ MKL_ OPENBLAS_ VECLIB_ NUMEXPR_ KMP_ GOMP_ TF_ TFJS_
  XLA_ JAX_ TORCH_ PYTORCH_ KERAS_ FLAGS_ OPENCV_ RAYON_ XGBOOST_ LIGHTGBM_`.split(/\s+/);
const allowedNames = new Set(
  `PYTHONHASHSEED PYTHONOPTIMIZE PYTHONPATH PYTHONWARNINGS NODE_ENV NODE_OPTIONS LANG LC_ALL LC_NUMERIC
  LC_COLLATE TZ VIRTUAL_ENV CONDA_DEFAULT_ENV CONDA_PREFIX LD_PRELOAD LD_LIBRARY_PATH MALLOC_ARENA_MAX RANK
  WORLD_SIZE LOCAL_RANK MASTER_PORT SEED RANDOM_SEED`.split(/\s+/),
);
/** Terraform shares its prefix with TensorFlow. */
const foreign = /^TF_(?:CLI|VAR|LOG|DATA|WORKSPACE|INPUT|PLUGIN)_?/;
const maximumLength = 4_096;

function isAllowed(name: string): boolean {
  if (foreign.test(name)) return false;
  return (
    allowedNames.has(name) || allowedPrefixes.some((prefix) => name.startsWith(prefix)) || /(?:^|_)SEED$/i.test(name)
  );
}

/**
 * The variables of an allow-list, never one that looks like a secret.
 *
 * @example
 * ```ts
 * console.log(captureEnvironment({ OMP_NUM_THREADS: "4", TF_API_TOKEN: "abc", HOME: "/home/ada" }));
 * // { "environment/OMP_NUM_THREADS": "4" }
 * ```
 */
export function captureEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, Leaf> {
  const entries: Record<string, Leaf> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || !isAllowed(name) || isSecretVariable(name, value)) continue;
    entries[joinPath("environment", name)] = value.slice(0, maximumLength);
  }
  return entries;
}
