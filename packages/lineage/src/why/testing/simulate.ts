import { type ComponentMap, joinPath, type Leaf, type Rng } from "@deepwright/core";
import type { RunDescription } from "./memory-runs.js";

/** One thing that a simulated commit changes. */
interface Change {
  readonly kind: "hunk" | "configuration" | "package" | "environment" | "cosmetic" | "argument" | "data";
  /** How the difference is recognized: a part of its id or title. */
  readonly mark: string;
  readonly apply: (state: State) => void;
}

interface State {
  readonly files: Record<string, string>;
  readonly configuration: Record<string, Leaf>;
  readonly platform: Record<string, Leaf>;
  readonly data: Record<string, Leaf>;
}

export interface Simulation {
  /** The history, oldest first; the last run is the one in question. */
  readonly runs: readonly RunDescription[];
  /** Recognizes the true cause by its title. */
  readonly cause: string;
  readonly changeCount: number;
}

const topics = [
  "shuffle",
  "learning_rate",
  "dropout",
  "window",
  "batch_size",
  "normalize",
  "test_split",
  "epochs",
] as const;
const inert = [
  "log_every",
  "run_name",
  "output_dir",
  "plot_title",
  "num_workers",
  "cache_path",
  "verbose",
  "progress",
] as const;
const packages = ["numpy", "pandas", "scikit-learn", "tqdm", "rich", "urllib3", "certifi", "pillow"] as const;

function initial(): State {
  const configuration: Record<string, Leaf> = {};
  for (const name of topics) configuration[joinPath("files", "config.yaml", name)] = startValue(name);
  for (const name of inert) configuration[joinPath("files", "config.yaml", name)] = name === "verbose" ? false : 10;
  const steps = Array.from(
    { length: 5 },
    (_, index) => `import numpy\nimport pandas\n\n\ndef step_${index}(rows, config):\n${body(index)}    return rows\n`,
  );
  const files: Record<string, string> = {
    "train.py": `import sys\n${steps.map((_, index) => `from pipeline.step_${index} import step_${index}\n`).join("")}\n\ndef main(config):\n    rows = read(config["window"])\n    rows["index"] = rows["price"].rolling(config["window"]).mean().values\n${topics.map((name) => `    use(config["${name}"])\n`).join("")}${inert.map((name) => `    show(config["${name}"])\n`).join("")}    return rows\n`,
    "tests/test_train.py": "def test_train():\n    assert 1 == 1\n    assert 2 == 2\n    assert 3 == 3\n",
    "docs/readme.md": "one\ntwo\nthree\nfour\n",
    "notebooks/unused.py": "alpha = 1\nbeta = 2\ngamma = 3\ndelta = 4\n",
  };
  steps.forEach((text, index) => {
    files[`pipeline/step_${index}.py`] = text;
  });
  const platform: Record<string, Leaf> = {
    "environment/EDITOR": "vi",
    "environment/COLORTERM": "x",
    "environment/OMP_NUM_THREADS": "2",
  };
  for (const name of packages) platform[`packages/python/${name}`] = "1.4.2";
  const data: Record<string, Leaf> = {};
  for (const name of ["sales", "zones"]) Object.assign(data, fingerprint(name, 0));
  return { files, configuration, platform, data };
}

const body = (step: number): string =>
  Array.from(
    { length: 8 },
    (_, line) => `    rows["column_${step}_${line}"] = rows["price"] * ${line + 2}\n    keep(rows, ${line})\n`,
  ).join("");

const startValue = (name: string): Leaf => (name === "shuffle" || name === "normalize" ? false : 10);

const fingerprint = (name: string, version: number): Record<string, Leaf> => ({
  [`inputs/${name}/uri`]: `${name}.csv`,
  [`inputs/${name}/rowCount`]: 1000 + version,
  [`inputs/${name}/rows`]: `${name}-${version}`,
  [`inputs/${name}/order`]: `${name}-${version}`,
  [`inputs/${name}/columns/price`]: `${name}-${version}`,
});

/** All changes that a commit may hold, each once. */
function changes(): Change[] {
  const list: Change[] = [];
  const set = (part: "configuration" | "platform", path: string, leaf: Leaf) => (state: State) => {
    state[part][path] = leaf;
  };
  for (const name of [...topics, ...inert]) {
    const flag = startValue(name) === false || name === "verbose";
    list.push({
      kind: "configuration",
      mark: `${name}:`,
      apply: set("configuration", joinPath("files", "config.yaml", name), flag ? true : 25),
    });
  }
  for (const name of packages) {
    list.push({
      kind: "package",
      mark: `${name} 1.4.2`,
      apply: set("platform", `packages/python/${name}`, name < "q" ? "1.4.3" : "2.0.0"),
    });
  }
  for (const name of ["EDITOR", "COLORTERM", "OMP_NUM_THREADS"]) {
    list.push({ kind: "environment", mark: `${name}:`, apply: set("platform", `environment/${name}`, "8") });
  }
  const edit = (kind: Change["kind"], file: string, from: string, to: string): void => {
    list.push({
      kind,
      mark: kind === "cosmetic" ? "never" : to.trim().slice(0, 40),
      apply: (state) => {
        state.files[file] = (state.files[file] ?? "").replace(from, to);
      },
    });
  };
  for (let step = 0; step < 5; step++) {
    const file = `pipeline/step_${step}.py`;
    edit("hunk", file, `rows["column_${step}_1"] = rows["price"] * 3`, `rows["column_${step}_1"] = rows["price"] / 3`);
    edit(
      "hunk",
      file,
      `rows["column_${step}_4"] = rows["price"] * 6`,
      `rows["column_${step}_4"] = rows["price"].sort_values() * 6`,
    );
    edit("cosmetic", file, `    keep(rows, 6)`, `    # keep\n    keep(rows,  6)`);
  }
  edit("hunk", "tests/test_train.py", "assert 2 == 2", "assert 2 != 3");
  edit("hunk", "docs/readme.md", "three", "shuffled rows");
  edit("hunk", "notebooks/unused.py", "gamma = 3", "gamma = shuffle(5)");
  for (const name of ["sales", "zones"]) {
    list.push({
      kind: "data",
      mark: `data ${name}`,
      apply: (state) => Object.assign(state.data, fingerprint(name, 1)),
    });
  }
  return list;
}

/** How often a change of each kind is the cause, in the simulated world. */
const causeWeight: Readonly<Record<Change["kind"], number>> = {
  hunk: 4,
  configuration: 3,
  argument: 3,
  data: 2,
  package: 0.7,
  environment: 0.2,
  cosmetic: 0,
};

const cannotMatter = (change: Change): boolean =>
  change.kind === "cosmetic" ||
  inert.some((name) => change.mark === `${name}:`) ||
  ["assert 2", "shuffled rows", "gamma ="].some((mark) => change.mark.startsWith(mark)) ||
  ["tqdm", "rich", "urllib3", "certifi", "pillow", "EDITOR", "COLORTERM"].some((mark) => change.mark.startsWith(mark));

export interface SimulationOptions {
  readonly changeCount: number;
  /** Earlier commits of a few harmless changes each, which leave traces in the history. */
  readonly commits: number;
  /** Loss in standard deviations of the noise. */
  readonly loss: number;
  /** Whether the commit in question brings all its changes at once, or some came before on their own. */
  readonly stagedShare: number;
  /** Set to force the cause. */
  readonly cause?: string;
}

/** A project with noise 0.1: commits of harmless changes, repeats with other seeds, and a last commit with the cause in it. */
export function simulate(rng: Rng, options: SimulationOptions): Simulation {
  const pool = rng.shuffle(changes());
  const total = pool.reduce((sum, change) => sum + (cannotMatter(change) ? 0 : causeWeight[change.kind]), 0);
  let draw = rng.uniform() * total;
  const cause =
    pool.find((change) => change.mark === options.cause) ??
    pool.find((change) => {
      draw -= cannotMatter(change) ? 0 : causeWeight[change.kind];
      return !cannotMatter(change) && draw <= 0;
    });
  if (!cause) throw new Error("no change can be the cause");
  const others = pool.filter((change) => change !== cause).slice(0, options.changeCount - 1);
  const state = initial();
  const runs: RunDescription[] = [];
  let level = 15;
  const record = (repeats: number): void => {
    for (let repeat = 0; repeat < repeats; repeat++) {
      const seed = runs.length;
      runs.push({
        name: `run-${runs.length}`,
        files: { ...state.files },
        configuration: { ...state.configuration, [joinPath("files", "config.yaml", "seed")]: seed } as ComponentMap,
        platform: { ...state.platform },
        data: { ...state.data },
        model: { "files/model/sha256": String(rng.uniform()) },
        metrics: { mape: level + 0.1 * rng.normal(), train_time: rng.uniform() },
      });
    }
  };
  const staged = others.filter(() => rng.uniform() < options.stagedShare);
  const late = others.filter((change) => !staged.includes(change));
  record(2);
  for (let commit = 0; commit < options.commits; commit++) {
    staged.forEach((change, index) => {
      if (index % options.commits === commit) change.apply(state);
    });
    level += 0.05 * rng.normal();
    record(1 + rng.integer(2));
  }
  for (const change of late) change.apply(state);
  cause.apply(state);
  level += 0.1 * options.loss;
  record(1);
  return { runs, cause: cause.mark, changeCount: late.length + 1 };
}
