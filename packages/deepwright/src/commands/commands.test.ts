import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { ConfigurationDebt, ReadinessScore, Run } from "@deepwright/lineage";
import { deliverSpool, locateStore, openLineage } from "@deepwright/lineage";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPrinted } from "../context.js";
import { TestFolder } from "../testing.test.support.js";
import { commandEntries } from "./registry.js";

const json = <Value>(text: string): Value => readPrinted<never>(text) as Value;

describe("commands on a store with runs", { timeout: 120_000 }, () => {
  const folder = new TestFolder();
  const cli = folder.cli.bind(folder);
  beforeAll(async () => {
    for (let index = 0; index < 6; index++) {
      await folder.record({ project: "prices", name: `run-${index}` }, (run) => {
        run.configuration({ rate: index / 100, old: false, files: "x" });
        run.log({ mae: 10 - index });
      });
    }
    await folder.record({ project: "rents", name: "other" });
    await folder.record({ project: "rents", name: "again", purpose: "proof" });
    await folder.record({ project: "rents", name: "other" }, (run) =>
      run.end({ status: "finished", exitCode: 0, signal: null, durationMs: 5_400_000 }),
    );
    const lineage = await openLineage(folder.store);
    await deliverSpool(locateStore({ store: folder.store }), lineage.runs);
    folder.lineage = lineage;
    const { graph } = lineage;
    const project = "prices";
    await graph.declareFeature({ project, name: "area", owner: "risk", source: { dataset: "sales", column: "a" } });
    await graph.declareFeature({ project, name: "rooms", owner: "risk" });
    const gates = [{ name: "good", metric: "mae", op: "<", value: 9 }] as const;
    await graph.declareModel({ project, name: "price", gates });
    await graph.registerModelVersion({ project, model: "price", features: ["area", "found"] });
  });
  afterAll(() => folder.end());

  it("lists projects", async () => {
    expect((await cli("projects")).output).toMatch(/^PROJECT +RUNS +PROOF RE-RUNS\nprices +6 +0\nrents +2 +1\n$/);
    expect(json<{ name: string }[]>((await cli("projects", "--json")).output).map(({ name }) => name)).toEqual([
      "prices",
      "rents",
    ]);
  });

  it("shows how long the command took, not what was captured around it", async () => {
    expect((await cli("runs", "--project", "rents")).output).toContain("  1 h 30 min");
    expect((await cli("show", "other", "--project", "rents")).output).toContain("1 h 30 min");
  });

  it("lists and shows runs", async () => {
    const listed = json<{ items: Run[] }>((await cli("runs", "--project", "prices", "--sort", "mae", "--json")).output);
    expect(listed.items.map(({ name }) => name)[0]).toBe("run-5");
    expect((await cli("show", "run-5")).output).toContain("mae");
    expect(json<{ run: Run }>((await cli("--json", "show", "run-5")).output).run.name).toBe("run-5");
  });

  it("sets and removes tags", async () => {
    expect((await cli("tag", "run-1", "role=baseline", "ok")).output).toMatch(
      /: (ok=, role=baseline|role=baseline, ok=)\n/,
    );
    const { output } = await cli("tag", "run-1", "--remove", "ok", "--json");
    expect(json<Run>(output).tags).toEqual({ role: "baseline" });
    expect(await cli("tag", "run-1")).toMatchObject({ code: 2, errors: expect.stringContaining("INVALID_TAG") });
  });

  it("writes, shows and removes a note, and shows no control characters", async () => {
    await cli("note", "run-2", "good\u001b[31m one");
    expect((await cli("note", "run-2")).output).toBe("good�[31m one\n");
    await cli("note", "run-2", "");
    expect(await cli("note", "run-2")).toEqual({ code: 0, output: "", errors: "" });
  });

  it("archives all or, when one is misspelled, none", async () => {
    expect((await cli("archive", "run-3", "missing")).code).toBe(2);
    const shown = async () => json<{ items: Run[] }>((await cli("runs", "--project", "prices", "--json")).output).items;
    expect(await shown()).toHaveLength(6);
    expect((await cli("archive", "run-3", "run-4")).output).toMatch(/^archived .* run-3\narchived .* run-4\n$/);
    expect(await shown()).toHaveLength(4);
    const { output } = await cli("archive", "run-3", "run-4", "--restore", "--json");
    expect(json<Run[]>(output).map(({ archived }) => archived)).toEqual([false, false]);
  });

  it("scores a project and takes evidence down", async () => {
    const before = json<ReadinessScore>((await cli("score", "--project", "prices", "--json")).output);
    const evidence = ["--points", "1", "--passed", "--summary", "suite of 12 expectations"];
    expect(await cli("score", "record", "data-1", ...evidence, "--project", "prices")).toMatchObject({
      code: 0,
      output: "Recorded: Feature expectations are captured in a schema passed (data-1).\n",
    });
    const after = json<ReadinessScore>((await cli("score", "--project", "prices", "--json")).output);
    expect(after.sections.data).toBe(before.sections.data + 1);
    const { output } = await cli("score", "--project", "prices");
    expect(output).toMatch(/^ML Test Score of prices: 0 of 7/);
    for (const section of ["data 1 of 7", "model ", "infrastructure ", "monitoring ", "next\n"]) {
      expect(output).toContain(`\n${section}`);
    }
    expect((await cli("score", "--project", "prices", "--at-least", "3")).code).toBe(1);
    expect((await cli("score", "--project", "prices", "--at-least", "0")).code).toBe(0);
    expect(
      (await cli("score", "record", "data-1", "--points", "1", "--failed", "--summary", "broke", "--project", "prices"))
        .code,
    ).toBe(0);
    expect((await cli("score", "--project", "prices")).output).toMatch(/data-1 +0 +failed/);
  });

  it.each([
    ["data-8", "1", "--passed", "x", "INVALID_OPTION"],
    ["data-1", "2", "--passed", "x", "INVALID_OPTION"],
    ["data-1", "1", "--passed", " ", "INVALID_OPTION"],
    ["data-1", "1", "--both", "x", "INVALID_USAGE"],
  ])("refuses evidence %s %s %s %s", async (test, points, outcome, summary, code) => {
    const { code: exit, errors } = await cli(
      "score",
      "record",
      test,
      "--points",
      points,
      outcome,
      "--summary",
      summary,
    );
    expect([exit, errors]).toEqual([2, expect.stringContaining(code)]);
  });

  it("infers a schema, checks against it, and lists debt", async () => {
    const inferred = await cli(
      "configuration",
      "infer",
      "--project",
      "prices",
      "--out",
      "deepwright.config.schema.json",
    );
    expect(inferred).toMatchObject({ code: 0, output: expect.stringContaining("3 keys of project prices written to") });
    const schema = JSON.parse(readFileSync(join(folder.path, "deepwright.config.schema.json"), "utf8"));
    expect(Object.keys(schema.keys)).toEqual(
      ["api/files", "api/old", "api/rate"].map((key) => (schema.keys[key] ? key : key.slice(4))),
    );
    expect(await cli("configuration", "check", "--run", "run-1")).toMatchObject({ code: 0 });
    const bad = folder.write("bad.yaml", "rate: 3\n");
    const checked = await cli("configuration", "check", bad, "--json");
    expect(checked.code).toBe(1);
    expect(json<{ violations: { rule: string }[] }>(checked.output).violations.map(({ rule }) => rule)).toEqual([
      "unknown-key",
    ]);
    expect((await cli("configuration", "check", "none.yaml")).errors).toContain("CONFIG_FILE_MISSING");
    const { debts } = json<{ debts: ConfigurationDebt[] }>(
      (await cli("configuration", "debt", "--project", "prices", "--json")).output,
    );
    expect(debts.map(({ kind }) => kind)).toEqual(["never-varied", "never-varied"]);
    expect((await cli("configuration", "debt", "--project", "prices")).output).toContain("never varied (2)");
    expect((await cli("configuration", "debt", "--last", "1")).errors).toContain("INVALID_OPTION");
    expect((await cli("configuration", "infer", "--project", "prices", "--out", "no/where.json")).code).toBe(3);
    expect((await cli("configuration", "infer", "--project", "none")).errors).toContain("PROJECT_NOT_FOUND");
    expect((await cli("configuration", "infer")).errors).toContain("PROJECT_NOT_NAMED");
  });

  it("tells the impact of an entity by name and by id", async () => {
    const { output } = await cli("impact", "sales", "--project", "prices");
    expect(output).toMatch(/^If sales changes, test 1 feature \(area\), 1 model version \(price 1\) again\.\n/);
    const { id } = json<{ id: string }>((await cli("impact", "sales", "--project", "prices", "--json")).output);
    expect((await cli("impact", id)).output).toBe(output);
    expect(await cli("impact", "none", "--project", "prices")).toMatchObject({
      code: 2,
      errors: expect.stringContaining("ENTITY_NOT_FOUND"),
    });
  });

  it("lists features and models", async () => {
    const features = (await cli("features", "--project", "prices")).output;
    expect(features).toContain("No model uses rooms.\nUsed and declared by no one: found.");
    const models = json<{ models: { name: string }[] }>((await cli("models", "--project", "prices", "--json")).output);
    expect(models.models.map(({ name }) => name)).toEqual(["price"]);
    expect((await cli("models", "--project", "prices")).output).toContain("mae < 9");
    expect((await cli("features", "--project", "rents")).output).toBe("No features are declared or used yet.\n");
  });

  it("refuses to compare runs of other tasks, and unknown runs", async () => {
    const unknown = await cli("diff", "nothing", "run-1");
    expect([unknown.code, unknown.errors]).toEqual([2, expect.stringContaining("RUN_NOT_FOUND")]);
    const other = await cli("why", "run-1", "--vs", "other", "--metric", "mae", "--direction", "minimize");
    expect([other.code, other.errors]).toEqual([2, expect.stringMatching(/RUNS_NOT_COMPARABLE|METRIC_NOT_RECORDED/)]);
    const printed = json<{ error: { code: string } }>((await cli("show", "nothing", "--json")).output);
    expect(printed.error.code).toBe("RUN_NOT_FOUND");
  });

  it.each([
    ["--jobs", "0"],
    ["--jobs", "1.5"],
    ["--max-runs", ""],
    ["--error-rate", "1"],
    ["--error-rate", "NaN"],
    ["--max-time", "soon"],
    ["--max-time", "0s"],
  ])("refuses %s %s of a proof, before anything is opened", async (option, value) => {
    const { code, errors } = await cli("why", "run-1", "--prove", option, value);
    expect([code, errors]).toEqual([2, expect.stringMatching(/INVALID_OPTION|INVALID_QUANTITY/)]);
  });

  it.each(commandEntries.map(({ name }) => name))(
    "refuses an unknown option of %s, and prints its help",
    async (name) => {
      const refused = await cli(name, "--unknown-option");
      expect([refused.code, refused.errors]).toEqual([2, expect.stringContaining("INVALID_USAGE")]);
      const help = await cli(name, "--help");
      expect([help.code, help.output]).toEqual([0, expect.stringContaining(`deepwright ${name}`)]);
    },
  );

  it("knows the command behind the address of a store", async () => {
    const { code, output } = await cli("--store", folder.store, "projects", "--json");
    expect([code, json<{ name: string }[]>(output).map(({ name }) => name)]).toEqual([0, ["prices", "rents"]]);
  });

  it("takes latest and names from the project of the folder, and tells when it looks elsewhere", async () => {
    const elsewhere = await cli("show", "latest");
    expect(elsewhere.errors).toContain('the latest run is of project "rents"');
    const own = basename(folder.path);
    const id = await folder.record({ project: own, name: "other" }, (run) => run.log({ mae: 1 }));
    await folder.record({ project: "rents", name: "newest" });
    if (folder.lineage) await deliverSpool(locateStore({ store: folder.store }), folder.lineage.runs);
    for (const reference of ["latest", "other", id, id.slice(0, 18)]) {
      const { output, errors } = await cli("show", reference, "--json");
      expect(json<{ run: Run }>(output).run.id).toBe(id);
      expect(errors).toBe("");
    }
    const { output } = await cli("show", "latest", "--project", "rents", "--json");
    expect(json<{ run: Run }>(output).run.name).toBe("newest");
    expect((await cli("diff", "run-1", "latest")).errors).toContain(`different projects, "prices" and "${own}"`);
    // The name of a baseline means a run of the same project first.
    await folder.record({ project: "prices", name: "other" }, (run) => run.log({ mae: 1 }));
    if (folder.lineage) await deliverSpool(locateStore({ store: folder.store }), folder.lineage.runs);
    expect(
      (await cli("why", "run-1", "--vs", "other", "--metric", "mae", "--direction", "minimize")).errors,
    ).not.toContain("different projects");
    expect((await cli("runs")).output).toMatch(/^RUN +PROJECT +NAME/);
    expect((await cli("runs", "--project", "rents")).output).toMatch(/^RUN +NAME/);
  });

  it("says which help tells more, in one line", async () => {
    const lines = [["diff"], ["run", "--"], ["nonsense"], ["configuration", "--bad"]] as const;
    const helps = ["deepwright diff", "deepwright run", "deepwright", "deepwright configuration"];
    for (const [index, words] of lines.entries()) {
      const { code, errors } = await cli(...words);
      expect([code, errors.split("\n").length]).toEqual([2, 2]);
      expect(errors).toContain(`. Run \`${helps[index]} --help\`. [INVALID_USAGE]`);
    }
    expect((await cli("run", "--help")).output).not.toContain("[]");
  });

  it("tells a search that finds nothing from a store without runs", async () => {
    for (const words of [["nowhere"], ["--project", "none"], ["--filter", "metric.mae > 1000"]]) {
      expect(await cli("runs", ...words)).toEqual({ code: 0, output: "No run matches.\n", errors: "" });
    }
    expect((await cli("runs", "--project", "prices", "--sort", "none")).errors).toContain(
      'no run here has the metric "none"',
    );
  });

  it.each(["bash", "zsh", "fish"])("completes every command in %s", async (shell) => {
    const { code, output } = await cli("completion", shell);
    expect(code).toBe(0);
    for (const { name } of commandEntries) expect(output).toContain(name);
    expect((await cli("completion", "tcsh")).errors).toContain("UNKNOWN_SHELL");
  });

  it("says once that a gateway is away, and what waits for it", async () => {
    const store = "http://127.0.0.1:1";
    await folder.record({ store, project: "away", name: "waits" });
    for (const command of ["runs", "show", "deliver"]) {
      const { code, output, errors } = await folder.bin([command, "--store", store]);
      expect([code, output]).toEqual([3, ""]);
      expect(errors).toMatch(
        /^deepwright: Expected a .*127\.0\.0\.1:1.* 2 events of 1 run wait in .*spool for http.*\n$/,
      );
    }
  });

  it("gives 3 when nobody answers at the store's address", async () => {
    const away = await folder.bin(["runs", "--store", "postgres://deepwright@127.0.0.1:1/none"]);
    expect(away.code).toBe(3);
  });
});
