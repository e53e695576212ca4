import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Run } from "@deepwright/lineage";
import { startRun } from "@deepwright/lineage/recorder";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { CommandLine } from "./testing/command-line.js";
import { startTestGateway, type TestGateway } from "./testing/test-gateway.js";

const token = "a-token-of-the-test";

const namesOf = (output: string): string[] => (JSON.parse(output).items as Run[]).map(({ name }) => name);
const logsIn = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith("deliver-")) : [];

describe("the command line on a gateway that asks for a token", { timeout: 120_000 }, () => {
  const here = new CommandLine();
  const spool = join(here.directory, "spool");
  const refused = join(here.directory, "refused");
  let gateway: TestGateway;
  let known: Record<string, string>;
  let stranger: Record<string, string>;
  beforeAll(async () => {
    gateway = await startTestGateway({ token });
    stranger = { DEEPWRIGHT_STORE: gateway.url };
    known = { ...stranger, DEEPWRIGHT_TOKEN: token };
  });
  afterAll(async () => {
    await gateway.end();
    here.end();
  });
  const runs = async () => namesOf((await here.deepwright(known, "runs", "--project", "prices", "--json")).output);

  /** Waits for the background process of an earlier run, which has the right token. */
  const nobodyDelivers = () =>
    expect
      .poll(() => readdirSync(spool).filter((name) => name.endsWith(".lock")), { timeout: 60_000, interval: 100 })
      .toEqual([]);

  it("records, lists and explains with the token of DEEPWRIGHT_TOKEN, and records no token", async () => {
    const words = [
      "run",
      "--project",
      "prices",
      "--name",
      "known",
      "--",
      process.execPath,
      "-e",
      "console.log('mae=3')",
    ];
    const run = await here.deepwright(known, ...words);
    expect(run).toMatchObject({ code: 0, output: "mae=3\n" });
    expect(run.errors).toMatch(/^deepwright: recorded run \S+ \(finished\)\n$/);
    expect(await runs()).toEqual(["known"]);
    const shown = await here.deepwright(known, "show", "known", "--json");
    expect(shown.code).toBe(0);
    expect(shown.output).not.toContain(token);
  });

  it("delivers beside a program that records itself", async () => {
    const recorder = pathToFileURL(new URL(import.meta.resolve("@deepwright/lineage/recorder")).pathname).href;
    const program = `
      import { startRun } from ${JSON.stringify(recorder)};
      const run = startRun({ project: "prices", name: "itself" });
      run.log({ mae: 4 });
      await run.finish();`;
    expect(await here.node(known, "--input-type=module", "-e", program)).toMatchObject({ code: 0, errors: "" });
    await expect.poll(() => logsIn(spool), { timeout: 60_000, interval: 100 }).toEqual([]);
    expect(await runs()).toEqual(["itself", "known"]);
  });

  it.each([
    ["no token", {}],
    ["another token", { DEEPWRIGHT_TOKEN: "not-the-right-one" }],
  ])(
    "keeps the log of a run with %s in the spool, says so, and delivers it with the right one",
    async (name, wrong) => {
      const variables = { ...stranger, ...wrong };
      await nobodyDelivers();
      const run = await here.deepwright(
        variables,
        "run",
        "--project",
        "prices",
        "--name",
        name,
        "--",
        process.execPath,
        "-e",
        "",
      );
      expect(run.code).toBe(0);
      expect(run.errors).toMatch(
        /refuses to take the run; it is safe in .* and not delivered.*DEEPWRIGHT_TOKEN.*UNAUTHENTICATED/,
      );
      const listed = await here.deepwright(variables, "runs");
      expect([listed.code, listed.errors]).toEqual([
        4,
        expect.stringMatching(/^deepwright: .* events of 1 run wait in .*\[UNAUTHENTICATED\]\n$/),
      ]);
      const denied = await here.deepwright(variables, "deliver");
      expect([denied.code, denied.output]).toEqual([4, ""]);
      expect(denied.errors).toMatch(/\d+ events of 1 run wait in .*UNAUTHENTICATED/);
      expect(logsIn(spool)).toHaveLength(1);
      expect(existsSync(refused)).toBe(false);
      const delivered = await here.deepwright(known, "deliver");
      expect(delivered).toMatchObject({
        code: 0,
        output: expect.stringMatching(/^[1-9]\d* events delivered, 0 runs go on\n$/),
      });
      expect(logsIn(spool)).toEqual([]);
      expect(await runs()).toContain(name);
    },
  );

  it("refuses a token that no header can carry before anything is sent", async () => {
    const broken = { ...stranger, DEEPWRIGHT_TOKEN: "two words" };
    const listed = await here.deepwright(broken, "runs");
    expect([listed.code, listed.errors]).toEqual([2, expect.stringContaining("INVALID_TOKEN")]);
    expect(listed.errors).not.toContain("two words");
  });
});

describe("the command line on a gateway that comes and goes", { timeout: 120_000 }, () => {
  const here = new CommandLine();
  let gateway: TestGateway | undefined;
  let url = "";
  const start = async (...config: Parameters<typeof startTestGateway>): Promise<void> => {
    gateway = await startTestGateway(...config);
    url = gateway.url;
  };
  afterEach(async () => {
    await gateway?.end();
    gateway = undefined;
  });
  afterAll(() => here.end());
  /** A run whose log waits, with no process beside it. */
  const record = async (name: string): Promise<void> => {
    const run = startRun({ store: { uri: url, directory: here.directory }, project: "away", name, delivery: "none" });
    run.log({ mae: 1 });
    await run.finish();
  };
  const deliver = (...words: string[]) => here.deepwright({ DEEPWRIGHT_STORE: url }, "deliver", ...words);

  it("ends deliver with 3 and the number of events that wait, until the gateway is there", async () => {
    await start();
    await gateway?.end();
    gateway = undefined;
    await record("waits");
    const away = await deliver();
    expect([away.code, away.output]).toEqual([3, ""]);
    expect(away.errors).toMatch(/3 events of 1 run wait in .*spool for http:.*SERVER_UNAVAILABLE/);
    const document = await deliver("--json");
    expect(document.code).toBe(3);
    expect(JSON.parse(document.output).error).toMatchObject({
      code: "SERVER_UNAVAILABLE",
      details: { remainingEvents: 3, remainingRuns: 1 },
    });
    await start({ port: Number(new URL(url).port) });
    expect(await deliver()).toMatchObject({ code: 0, output: "3 events delivered, 0 runs go on\n" });
    expect(await deliver()).toMatchObject({ code: 0, output: "0 events delivered, 0 runs go on\n" });
  });

  it("sends what was refused again with --refused", async () => {
    await start({ limits: { ingestBytes: 200 } });
    const config = { port: Number(new URL(url).port) };
    await record("too large");
    const first = await deliver();
    expect(first).toMatchObject({ code: 0, output: "0 events delivered, 0 runs go on\n" });
    expect(first.errors).toContain("1 log was refused and lies in");
    expect(logsIn(join(here.directory, "refused"))).toHaveLength(1);
    await gateway?.end();
    await start(config);
    expect(await deliver()).toMatchObject({ output: "0 events delivered, 0 runs go on\n" });
    expect(JSON.parse((await deliver("--refused", "--json")).output)).toMatchObject({
      retriedSources: 1,
      deliveredEvents: 3,
      remainingEvents: 0,
    });
    expect(logsIn(join(here.directory, "refused"))).toEqual([]);
    const listed = await here.deepwright({ DEEPWRIGHT_STORE: url }, "runs", "--project", "away", "--json");
    expect(namesOf(listed.output)).toEqual(["too large"]);
  });
});
