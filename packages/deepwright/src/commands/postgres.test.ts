import type { Run, WhyReport } from "@deepwright/lineage";
import { findPostgres, type PostgresServer, startPostgres } from "@deepwright/tooling/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPrinted } from "../context.js";
import { TestFolder } from "../testing.test.support.js";

const json = <Value>(text: string): Value => readPrinted<never>(text) as Value;
const training = `
const value = (name) => Number(process.argv[process.argv.indexOf(name) + 1]);
console.log("loss=" + (1 + (value("--rate") > 0.5 ? 4 : 0) + 0.01 * ((value("--seed") * 7919) % 13) / 13));
`;

const hasServer = findPostgres() !== null;
const skipped = hasServer ? "" : " (skipped: no server is installed)";

describe.skipIf(!hasServer)(`the program on a Postgres store${skipped}`, { timeout: 300_000 }, () => {
  const folder = new TestFolder();
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
    folder.write("train.cjs", training);
  });
  afterAll(async () => {
    await server?.stop();
    await folder.end();
  });
  const bin = (...words: string[]) => folder.bin([words[0] as string, "--store", server.uri, ...words.slice(1)]);

  it("records runs, lists them, says what differs, ranks and proves why the last one is worse", async () => {
    for (const [seed, rate] of [0.1, 0.1, 0.1, 2.5].entries()) {
      const command = ["node", "train.cjs", "--rate", String(rate), "--seed", String(seed)];
      const run = await bin(
        "run",
        "--project",
        "prices",
        "--name",
        `seed-${seed}`,
        "--minimize",
        "loss",
        "--",
        ...command,
      );
      expect([run.code, run.errors]).toEqual([0, expect.stringContaining("(finished)")]);
    }
    const { items } = json<{ items: Run[] }>((await bin("runs", "--json")).output);
    expect(items.map(({ name, status }) => [name, status])).toEqual(
      [3, 2, 1, 0].map((seed) => [`seed-${seed}`, "finished"]),
    );
    expect((await bin("diff", "seed-2", "seed-3")).output).toContain("--rate: 0.1 -> 2.5");
    expect((await bin("show", "seed-3")).output).toContain("loss");
    const ranked = await bin("why", "seed-3");
    expect([ranked.code, ranked.output.split("\n")[0]]).toEqual([
      0,
      expect.stringMatching(/^The likeliest cause is "?--rate: 0\.1 -> 2\.5/),
    ]);
    const proven = await bin("why", "seed-3", "--prove", "--quiet", "--max-runs", "24");
    expect([proven.code, proven.output.split("\n")[0]]).toEqual([
      0,
      expect.stringMatching(/^Proven: "--rate: 0\.1 -> 2\.5" is the cause\./),
    ]);
    const stored = json<WhyReport>((await bin("why", "seed-3", "--json")).output);
    expect(stored.proof?.verdict).toBe("proven");
    expect((await bin("projects")).output).toMatch(/prices +4 +[1-9]/);
  });

  it("exits with 4 when the server does not let it in, and tells no password", async () => {
    const address = `postgres://stranger:hunter2@127.0.0.1:${server.port}/postgres`;
    const denied = await folder.bin(["runs", "--store", address]);
    expect([denied.code, denied.output]).toEqual([4, ""]);
    expect(denied.errors).toContain("STORE_ACCESS_DENIED");
    expect(denied.errors).not.toContain("hunter2");
    const document = await folder.bin(["runs", "--json", "--store", address]);
    expect([document.code, json<{ error: { kind: string } }>(document.output).error.kind]).toEqual([4, "not-allowed"]);
    expect(document.output).not.toContain("hunter2");
  });
});
