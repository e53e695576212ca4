import { describe, expect, it } from "vitest";
import { entryPoint } from "./comparable.js";
import { directionOf, resolveObjective } from "./objective.js";
import { memoryRuns } from "./testing/memory-runs.js";

function objectiveOf(metrics: Readonly<Record<string, number>>) {
  const { add, runs } = memoryRuns();
  add({ metrics });
  const [run] = runs;
  if (!run) throw new Error("no run");
  return resolveObjective(run).metric;
}

describe("directionOf", () => {
  it.each(["loss", "val_loss", "test/rmse", "MdAPE", "mae", "valMape", "word-error", "perplexity"])(
    "%s is minimized",
    (name) => {
      expect(directionOf(name)).toBe("minimize");
    },
  );
  it.each(["accuracy", "val_acc", "test AUC", "f1", "r2", "ndcg@10", "map"])("%s is maximized", (name) => {
    expect(directionOf(name)).toBe("maximize");
  });
  it.each(["time", "epoch", "alpha"])("%s does not tell", (name) => expect(directionOf(name)).toBeNull());
});

describe("resolveObjective", () => {
  it("prefers what is measured on test data, then on validation data, then a measure to a loss", () => {
    expect(objectiveOf({ test_mae: 1, val_mae: 1, train_mae: 1, time: 1 })).toBe("test_mae");
    expect(objectiveOf({ val_mae: 1, train_mae: 1, epoch: 1 })).toBe("val_mae");
    expect(objectiveOf({ mae: 1, train_loss: 1 })).toBe("mae");
    expect(objectiveOf({ val_loss: 1, val_accuracy: 1 })).toBe("val_accuracy");
  });
});

describe("entryPoint", () => {
  it.each([
    [["python", "-u", "src/train.py", "--epochs", "3"], "train.py"],
    [["/usr/bin/python3.11", "train.py"], "train.py"],
    [["python", "-m", "jobs.train"], "jobs.train"],
    [["npm", "run", "train"], "train"],
    [["env", "A=1", "node", "train.js"], "train.js"],
    [["./train"], "train"],
    [[], ""],
  ])("%j runs %s", (command, expected) => expect(entryPoint(command)).toBe(expected));
});
