import { describe, expect, it } from "vitest";
import type { Difference } from "../../contract/index.js";
import { storedContent } from "../../diff/index.js";
import { reachEvidence } from "../evidence/reach.js";
import { memoryRuns } from "../testing/memory-runs.js";
import { type SourceReach, sourceReach } from "./source-reach.js";

async function reachOf(command: readonly string[], files: Readonly<Record<string, string>>): Promise<SourceReach> {
  const { service, add, runs } = memoryRuns();
  const id = add({ command, files });
  const [run] = runs;
  if (!run) throw new Error("no run");
  return sourceReach(run, await service.component({ id, component: "source" }), storedContent(service));
}

const reached = (reach: SourceReach): string[] => [...reach.texts.keys()].sort();

describe("sourceReach", () => {
  it("follows Python imports, packages, relative imports and quoted paths", async () => {
    const reach = await reachOf(["python", "-u", "src/train.py", "--epochs", "3"], {
      "src/train.py":
        "import steps.clean as c\nfrom model import (Net,\n  loss)\nsubprocess.run(['python', 'legacy/index.py'])\n",
      "src/steps/__init__.py": "",
      "src/steps/clean.py": "from . import helper\nfrom .deep.more import x\n",
      "src/steps/helper.py": "",
      "src/steps/deep/more.py": "",
      "src/model/__init__.py": "from .net import Net\n",
      "src/model/net.py": "open('sql/features.sql')\n",
      "legacy/index.py": "glob('queries/*.sql')\n",
      "sql/features.sql": "select 1",
      "queries/a.sql": "select 2",
      "src/unused.py": "import steps",
      "tests/test_train.py": "import train",
    });
    expect(reached(reach)).not.toContain("src/unused.py");
    expect(reached(reach)).toHaveLength(10);
    expect(reach.reaches("src/model/net.py")).toBe("yes");
    expect(reach.reaches("tests/test_train.py")).toBe("no");
    expect(reach.reaches("nowhere.py")).toBe("unknown");
  });

  it("follows scripts of package.json, relative specifiers and modules", async () => {
    const npm = await reachOf(["npm", "run", "train"], {
      "package.json": '{"scripts": {"train": "tsx src/main.ts"}}',
      "src/main.ts": 'import { a } from "./a.js";\nconst b = await import("./b");\n',
      "src/a.ts": 'export { c } from "./c/index.js";',
      "src/b/index.ts": "",
      "src/c/index.ts": "",
      "src/d.ts": "",
    });
    expect(reached(npm)).toEqual(["package.json", "src/a.ts", "src/b/index.ts", "src/c/index.ts", "src/main.ts"]);
    const module = await reachOf(["python", "-m", "jobs.train"], { "jobs/train.py": "import os", "jobs/other.py": "" });
    expect(reached(module)).toEqual(["jobs/train.py"]);
  });

  it("says nothing when it can't follow the command, and ends on cycles", async () => {
    const unknown = await reachOf(["./train"], { "train.py": "" });
    expect(unknown.reaches("train.py")).toBe("unknown");
    const cycle = await reachOf(["python", "a.py"], { "a.py": "import b", "b.py": "import a" });
    expect(reached(cycle)).toEqual(["a.py", "b.py"]);
  });
});

describe("reachEvidence", () => {
  const difference = (kind: Difference["kind"], path: string): Difference => ({
    id: path,
    kind,
    component:
      kind === "package" || kind === "environment" ? "platform" : kind === "source-file" ? "source" : "configuration",
    path,
    title: path,
    before: "1.0.0",
    after: "2.0.0",
    consequence: false,
    seed: false,
  });

  it("weighs what the source names and what it does not", async () => {
    const reach = await reachOf(["python", "train.py"], {
      "train.py":
        'import os, numpy as np\nfrom sklearn.linear_model import Ridge\nlr = cfg["learningRate"]\nargs.batch_size\nos.environ["MODE"]\n',
      "other.py": "import pandas\nunread = 1\n",
    });
    const weight = (kind: Difference["kind"], path: string): number =>
      reachEvidence(difference(kind, path), reach)?.weight ?? 0;
    expect(weight("configuration", "files/c.yaml/learning_rate")).toBeGreaterThan(0);
    expect(weight("argument", "arguments/--batch-size")).toBeGreaterThan(0);
    expect(weight("configuration", "api/unread")).toBeLessThan(0);
    expect(weight("package", "packages/python/numpy")).toBeGreaterThan(0);
    expect(weight("package", "packages/python/scikit-learn")).toBeGreaterThan(0);
    expect(weight("package", "packages/python/pandas")).toBeLessThan(0);
    expect(weight("environment", "environment/MODE")).toBeGreaterThan(0);
    expect(weight("environment", "environment/OMP_NUM_THREADS")).toBeGreaterThan(0);
    expect(weight("environment", "environment/EDITOR")).toBeLessThan(0);
    expect(weight("source-file", "files/train.py")).toBeGreaterThan(0);
    expect(weight("source-file", "files/other.py")).toBeLessThan(0);
  });
});
