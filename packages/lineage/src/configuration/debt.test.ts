import type { ComponentMap } from "@deepwright/core";
import { describe, expect, it } from "vitest";
import { type ConfigurationDebt, configurationDebt } from "./debt.js";

const source = [
  {
    path: "train.py",
    text: [
      "# use_experimental is explained here",
      "rate = config['learningRate']",
      "if config.use_experimental:",
      "    new_path()",
    ].join("\n"),
  },
  { path: "serve.py", text: "size = config['batch-size']\nprint(config.legacy_size)" },
];

function runsWith(make: (index: number) => ComponentMap, count = 6): ComponentMap[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function find(debts: readonly ConfigurationDebt[], kind: ConfigurationDebt["kind"]): readonly ConfigurationDebt[] {
  return debts.filter((debt) => debt.kind === kind);
}

describe("configurationDebt", () => {
  const configurations = runsWith((index) => ({
    "files/a.yaml/learning_rate": index / 100,
    "files/a.yaml/use_experimental": false,
    "files/a.yaml/forgotten": index,
    "files/a.yaml/batch_size": 2 ** index,
    "files/b.yaml/legacy_size": 2 ** index,
  }));
  const debts = configurationDebt({ configurations, source });

  it("names the keys that no source line mentions, in whatever spelling", () => {
    expect(find(debts, "never-read")).toMatchObject([{ path: "files/a.yaml/forgotten" }]);
  });

  it("names the branch that a constant flag keeps dead, with its line and not the comment's", () => {
    expect(find(debts, "dead-experimental-path")).toMatchObject([
      { path: "files/a.yaml/use_experimental", value: false, runs: 6, branches: [{ file: "train.py", line: 3 }] },
    ]);
  });

  it("names settings that are written twice", () => {
    expect(find(debts, "duplicated")).toMatchObject([
      { paths: ["files/a.yaml/batch_size", "files/b.yaml/legacy_size"] },
    ]);
  });

  it("says nothing of constancy below five runs", () => {
    const few = configurationDebt({ configurations: configurations.slice(0, 4), source });
    expect(find(few, "never-varied").concat(find(few, "dead-experimental-path"))).toEqual([]);
  });

  it("names one name with several values over files and arguments", () => {
    const debts = configurationDebt({
      configurations: [
        {
          "arguments/--batch-size": 32,
          "files/a.yaml/batchSize": 64,
          "files/a.yaml/layers/0/units": 3,
          "files/a.yaml/layers/1/units": 4,
        },
      ],
      source: [],
    });
    expect(find(debts, "contradictory")).toMatchObject([
      { paths: ["arguments/--batch-size", "files/a.yaml/batchSize"], values: [32, 64] },
    ]);
  });

  it("has nothing to say about no runs", () => {
    expect(configurationDebt({ configurations: [], source })).toEqual([]);
  });
});
