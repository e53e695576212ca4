import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId } from "@deepwright/core";
import type { Store } from "@deepwright/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blobId, defaultContentSource } from "../diff/index.js";
import { createLoaders, type SliceOptions } from "../graphql/context.js";
import { healthResolvers } from "../graphql/resolvers/health.js";
import { type Lineage, openLineage } from "../open-lineage.js";
import { runStart, TestLog } from "../runs/lineages.test.support.js";
import { inferProjectSchema, projectConfigurationDebt } from "./project.js";

const source = "if config['use_old']:\n    old()\nrate = config['rate']\n";

describe("the configuration of a project", { timeout: 60_000 }, () => {
  const home = mkdtempSync(join(tmpdir(), "configuration-project-"));
  let lineage: Lineage;
  beforeAll(async () => {
    lineage = await openLineage(`file:${join(home, "store")}`);
    writeFileSync(join(home, "train.py"), source);
    for (let index = 0; index < 6; index++) {
      const runId = newId<"run">();
      const location = { host: "host", processId: 1, root: home, workingDirectory: home };
      await new TestLog(lineage).send(
        { ...runStart({ project: "prices", location, startedAtMs: 1000 + index }), runId },
        { type: "component", runId, component: "configuration", entries: { rate: index / 10, use_old: false } },
        {
          type: "component",
          runId,
          component: "source",
          entries: { "files/train.py": blobId(Buffer.from(source)), "files/notes.py": blobId(Buffer.from("other")) },
        },
      );
    }
  });
  afterAll(async () => {
    await lineage.close();
    rmSync(home, { recursive: true, force: true });
  });

  it("infers a schema from the last runs", async () => {
    const schema = await inferProjectSchema(lineage.runs, { project: "prices" });
    expect(schema.keys.rate).toMatchObject({ types: ["number"], required: true, maximum: 5 });
    await expect(inferProjectSchema(lineage.runs, { project: "none" })).rejects.toMatchObject({ code: "NO_RUNS" });
  });

  it("shows source through GraphQL only where the server allows it", async () => {
    const kinds = async (options: SliceOptions): Promise<readonly string[]> => {
      const services = { ...lineage, store: lineage.store as Store };
      const context = { lineage: { ...services, ...options, loaders: createLoaders(services) } };
      const project = { id: newId(), name: "prices", runCount: 6, proofRunCount: 0 };
      const debts = await healthResolvers.Project.configurationDebt(project, { runs: 20 }, context);
      return debts.map(({ kind }) => kind);
    };
    expect(await kinds({})).toEqual(["never-varied"]);
    expect(await kinds({ sourceText: "store" })).toEqual(["never-varied"]);
    expect(await kinds({ sourceText: "anywhere" })).toEqual(["dead-experimental-path"]);
  });

  it("reads source from the store alone unless it is told where else it may", async () => {
    const blind = await projectConfigurationDebt(lineage.runs, { project: "prices" });
    expect(blind.map(({ kind }) => kind)).toEqual(["never-varied"]);
    const debts = await projectConfigurationDebt(lineage.runs, {
      project: "prices",
      contentSource: (newest) => defaultContentSource(lineage.runs, [newest]),
    });
    const [dead] = debts.filter(({ kind }) => kind === "dead-experimental-path");
    expect(dead).toMatchObject({ branches: [{ file: "train.py", line: 1, text: "if config['use_old']:" }] });
    writeFileSync(join(home, "train.py"), `${source}# secret\n`);
    const changed = await projectConfigurationDebt(lineage.runs, {
      project: "prices",
      contentSource: (newest) => defaultContentSource(lineage.runs, [newest]),
    });
    expect(changed).toEqual(blind);
  });
});
