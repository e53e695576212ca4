/** Metrics found in one line of output. */
export interface LineMetrics {
  readonly step: number | null;
  readonly values: Readonly<Record<string, number>>;
}

const number = String.raw`[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|nan|inf(?:inity)?)`;
const keyValue = new RegExp(
  String.raw`(?<![\w./:-])([A-Za-z_][\w./-]*)['"]?\s*(?:=|:(?!:))\s*(${number})(?![\w:/]|\.\w|-\d)`,
  "gi",
);
/** `train.py:12` is a place in a program. */
const placeInSource = /\.(?:py|[cm]?[jt]sx?|c|cc|cpp|cu|h|hpp|go|rs|java|rb|sh)$/i;
const epochOf = /(?<![\w.])(epoch|step|iteration|iter)s?\s+\[?(\d+)\]?(?:\s*\/\s*\[?\d+\]?)?/i;
const stepNames = new Set(["epoch", "step", "global_step", "globalstep", "iteration", "iter"]);
const stepPreference = ["global_step", "globalstep", "step", "iteration", "iter", "epoch"];
const maximumLineLength = 4096;

/** Reads a number as people and programs print it: also `nan`, `inf`, `-Infinity`. */
export function parseMetricNumber(text: string): number | null {
  const word = text.trim().toLowerCase().replace(/^[-+]/, "");
  if (word === "nan") return Number.NaN;
  if (word === "inf" || word === "infinity") return text.trim().startsWith("-") ? -Infinity : Infinity;
  if (word === "") return null;
  const value = Number(text);
  return Number.isNaN(value) ? null : value;
}

/**
 * Finds metrics in a line of output: `key=value` and `key: value` pairs, a JSON object, a Python dictionary, and Keras's
 * `Epoch 3/10`. What is named epoch, step or iteration and is a whole number gives the step and is no metric itself.
 *
 * @example
 * ```ts
 * console.log(parseMetricLine("epoch=3 loss=0.12 val_mae=4.1e3"));
 * // { step: 3, values: { loss: 0.12, val_mae: 4100 } }
 * ```
 */
export function parseMetricLine(line: string, maximumLength = maximumLineLength): LineMetrics | null {
  if (line.length > maximumLength) return null;
  const found = (line.trimStart().startsWith("{") && jsonPairs(line)) || textPairs(line);
  return found && splitStep(found);
}

/** Takes the step out of name-value pairs; `null` when no metric is left and no step either. */
export function splitStep(pairs: ReadonlyMap<string, number>): LineMetrics | null {
  const values: Record<string, number> = {};
  const steps = new Map<string, number>();
  for (const [name, value] of pairs) {
    // Hugging Face's trainer prints how much of an epoch is done: a measure like any other.
    if (stepNames.has(name.toLowerCase()) && Number.isSafeInteger(value)) steps.set(name.toLowerCase(), value);
    else values[name] = value;
  }
  const step = stepPreference.map((name) => steps.get(name)).find((value) => value !== undefined) ?? null;
  return step === null && Object.keys(values).length === 0 ? null : { step, values };
}

function textPairs(line: string): Map<string, number> | null {
  const pairs = new Map<string, number>();
  for (const match of line.matchAll(keyValue)) {
    const value = parseMetricNumber(match[2] as string);
    if (value !== null && !placeInSource.test(match[1] as string)) pairs.set(match[1] as string, value);
  }
  const epoch = epochOf.exec(line);
  if (epoch) pairs.set((epoch[1] as string).toLowerCase(), Number(epoch[2]));
  return pairs.size > 0 ? pairs : null;
}

function jsonPairs(line: string): Map<string, number> | null {
  try {
    // Python's json writes NaN and Infinity bare, which JSON has not.
    const text = line.replace(/(?<=[:,[]\s*)(-?Infinity|NaN)(?=\s*[,\]}])/g, '"$1"');
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== "object" || parsed === null) return null;
    const pairs = new Map<string, number>();
    for (const [name, value] of Object.entries(parsed)) {
      if (typeof value === "number") pairs.set(name, value);
      else if (value === "NaN" || value === "Infinity" || value === "-Infinity") pairs.set(name, Number(value));
    }
    return pairs;
  } catch {
    return null;
  }
}
