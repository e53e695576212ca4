import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Difference } from "../contract/index.js";
import { memoryRuns, type RunDescription } from "../why/testing/memory-runs.js";
import { diffRuns } from "./index.js";

async function diff(before: RunDescription, after: RunDescription): Promise<readonly Difference[]> {
  const { service, add } = memoryRuns();
  return (await diffRuns(service, add(before), add(after))).differences;
}
const titles = async (before: RunDescription, after: RunDescription): Promise<string[]> =>
  (await diff(before, after)).map(({ title }) => title);

describe("configuration", () => {
  it("shows only what differs and counts what is equal; false, 0 and empty are values", async () => {
    const { service, add } = memoryRuns();
    const first = add({ configuration: { "api/a": false, "api/b": 0, "api/c": "", "api/d": 1, "api/same": 5 } });
    const second = add({
      configuration: { "api/a": true, "api/c": "x", "api/d": "1.0", "api/e": null, "api/same": 5 },
    });
    const result = await diffRuns(service, first, second);
    expect(result.differences.map(({ title }) => title)).toEqual([
      "a: false -> true",
      "b: 0 -> (absent)",
      'c: "" -> x',
      'd: 1 -> "1.0", the same number as another type',
      "e: (absent) -> null",
    ]);
    expect(result.equalCount).toBe(1);
  });

  it("pairs a moved key and keeps arguments apart", async () => {
    const before = {
      configuration: { "files/c.yaml/shuffle": true, "files/c.yaml/lr": 0.003, "arguments/--epochs": 3 },
    };
    const after = {
      configuration: {
        "files/c.yaml/data/shuffle": true,
        "files/c.yaml/learning_rate": 0.003,
        "arguments/--epochs": 4,
      },
    };
    const differences = await diff(before, after);
    expect(differences.map(({ title, kind, renamedFrom }) => [kind, title, renamedFrom])).toEqual([
      ["argument", "--epochs: 3 -> 4", undefined],
      ["configuration", "shuffle is now data.shuffle (c.yaml), its value is the same: true", "files/c.yaml/shuffle"],
      ["configuration", "lr is now learning_rate (c.yaml), its value is the same: 0.003", "files/c.yaml/lr"],
    ]);
  });

  it("tells a configuration file once, as configuration", async () => {
    const before = { files: { "c.yaml": "a: 1\n" }, configuration: { "files/c.yaml/a": 1 } };
    const after = { files: { "c.yaml": "a: 2\n" }, configuration: { "files/c.yaml/a": 2 } };
    expect(await titles(before, after)).toEqual(["a: 1 -> 2 (c.yaml)"]);
    const formatted = { files: { "c.yaml": "# note\na:   1\n" }, configuration: { "files/c.yaml/a": 1 } };
    const [only, ...rest] = await diff(before, formatted);
    expect(rest).toEqual([]);
    expect(only?.hunk?.cosmetic).toBe(true);
  });

  it("recognizes seeds", async () => {
    const keys = ["seed", "random_state", "dataSeed", "seeds/0", "train-seed"];
    const side = (value: number) => ({
      configuration: Object.fromEntries(keys.map((key) => [`api/${key}`, value])),
      platform: { "environment/PYTHONHASHSEED": String(value) },
      files: { "a.py": `x = 1\nnp.random.seed(${value})\nmodel = Forest(random_state=${value})\n` },
    });
    const differences = await diff(side(1), side(2));
    expect(differences.filter(({ seed }) => !seed)).toEqual([]);
    expect(differences).toHaveLength(7);
    const real = await diff(
      { configuration: { "api/seed_path": "a.csv", "api/use_seed": false, "api/seeded_rows": 3 } },
      { configuration: { "api/seed_path": "b.csv", "api/use_seed": true, "api/seeded_rows": 4 } },
    );
    expect(real.filter(({ seed }) => seed)).toEqual([]);
  });
});

describe("source", () => {
  it("gives hunks with their function, and whole files for what is new, gone, renamed or binary", async () => {
    const before = {
      files: {
        "train.py": "import os\n\ndef load(path):\n    rows = read(path)\n    return rows\n",
        "old.py": "a\nb\n",
        "gone.py": "x\n",
        "image.bin": "a\0b",
      },
    };
    const after = {
      files: {
        "train.py": "import os\n\ndef load(path):\n    rows = shuffle(read(path))\n    return rows\n",
        "new.py": "a\nb\n",
        "fresh.py": "y\n",
        "image.bin": "a\0c",
      },
    };
    const differences = await diff(before, after);
    expect(differences.map(({ title }) => title).sort()).toEqual([
      "fresh.py is new",
      "gone.py is gone",
      "image.bin differs (binary)",
      "old.py renamed to new.py",
      "train.py:4: rows = read(path) -> rows = shuffle(read(path))",
    ]);
    const hunk = differences.find(({ kind }) => kind === "source-hunk")?.hunk;
    expect(hunk).toEqual({
      file: "train.py",
      beforeStart: 4,
      beforeLines: ["    rows = read(path)"],
      afterStart: 4,
      afterLines: ["    rows = shuffle(read(path))"],
      context: "def load(path):",
      cosmetic: false,
    });
  });

  it("says so when the content of a file is nowhere to be found", async () => {
    const side = (hash: string) => ({ source: { "files/a.py": hash } });
    expect(await titles(side("1".repeat(40)), side("2".repeat(40)))).toEqual([
      "a.py differs (its content is not stored)",
    ]);
  });

  it("reads committed content from the local git repository", async () => {
    const root = mkdtempSync(join(tmpdir(), "deepwright-diff-"));
    const git = (...words: string[]): string =>
      execFileSync("git", ["-C", root, "-c", "user.name=t", "-c", "user.email=t@t", ...words], {
        encoding: "utf8",
      }).trim();
    try {
      git("init", "-q");
      const commit = (text: string): string => {
        writeFileSync(join(root, "a b.py"), text);
        git("add", ".");
        git("commit", "-qm", "x");
        return git("rev-parse", "HEAD:a b.py");
      };
      const [before, after] = [commit("x = 1\ny = 2\n"), commit("x = 1\ny = 3\n")];
      expect(
        await titles({ root, source: { "files/a b.py": before } }, { root, source: { "files/a b.py": after } }),
      ).toEqual(["a b.py:2: y = 2 -> y = 3"]);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });

  it("takes commit and branch as names for what the files hold", async () => {
    const differences = await diff({ source: { "git/commit": "a" } }, { source: { "git/commit": "b" } });
    expect(differences.map(({ consequence }) => consequence)).toEqual([true]);
  });
});

describe("data and model", () => {
  const input = (leaves: Record<string, string | number | null>) => ({
    data: Object.fromEntries(Object.entries(leaves).map(([key, leaf]) => [`inputs/train/${key}`, leaf])),
  });
  const base = {
    uri: "a.csv",
    rowCount: 10,
    rows: "r1",
    order: "o1",
    schema: "s1",
    "columns/x": "x1",
    "columns/y": "y1",
  };
  const verdict = async (changes: Record<string, string | number | null>) => {
    const differences = await diff(input(base), input({ ...base, ...changes }));
    expect(differences).toHaveLength(1);
    return differences[0];
  };

  it("says what kind of difference it is", async () => {
    expect((await verdict({ order: "o2" }))?.dataVerdict).toBe("same-rows-other-order");
    expect((await verdict({ uri: "b.csv" }))?.dataVerdict).toBe("same-content-elsewhere");
    expect((await verdict({ schema: "s2", rows: "r2" }))?.dataVerdict).toBe("other-columns");
    const rows = await verdict({
      rows: "r2",
      order: "o2",
      rowCount: 11,
      "columns/x": "x2",
      "partitions/2014/rows": "p",
    });
    expect(rows?.dataVerdict).toBe("other-rows");
    expect(rows?.parts).toEqual(["x", "partition 2014"]);
    expect(rows?.title).toBe("data train: other rows, 10 -> 11 (x, partition 2014)");
    const plain = await diff({ data: { "inputs/f/bytes": "a" } }, { data: { "inputs/f/bytes": "b" } });
    expect(plain[0]?.dataVerdict).toBe("unknown");
    expect(await titles({}, input(base))).toEqual(["data train: only in the second run"]);
  });

  it("groups tensors into one consequence with the layers that differ", async () => {
    const side = (value: string, shape: string) => ({
      model: {
        "files/model.safetensors/sha256": value,
        "files/model.safetensors/tensors/dense_1.weight": `float32[4,4] ${value}`,
        "files/model.safetensors/tensors/dense_1.bias": "float32[4] same",
        "files/model.safetensors/tensors/head.weight": `float32[${shape}] ${value}`,
      },
    });
    const differences = await diff(side("a", "4,1"), side("b", "4,2"));
    expect(differences).toHaveLength(1);
    expect(differences[0]).toMatchObject({
      consequence: true,
      parts: ["dense_1", "head"],
      title: "model model.safetensors: 2 other tensors in 2 layers, 1 of another shape",
    });
  });
});

describe("platform", () => {
  it("names packages with how far they moved, variables and the rest", async () => {
    const side = (numpy: string, tiny: string, tz: string, system: string) => ({
      platform: {
        "packages/python/numpy": numpy,
        "packages/node/@scope~1tiny": tiny,
        "environment/TZ": tz,
        "os/release": system,
      },
    });
    expect(await titles(side("1.26.4", "0.4.1", "UTC", "5"), side("2.0.0", "0.5.0", "CET", "6"))).toEqual([
      "TZ: UTC -> CET (environment)",
      'os release: "5" -> "6"',
      "@scope/tiny 0.4.1 -> 0.5.0 (major)",
      "numpy 1.26.4 -> 2.0.0 (major)",
    ]);
  });
});
