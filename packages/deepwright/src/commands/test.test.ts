import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dataTestFactKind } from "@deepwright/core";
import { openLineage } from "@deepwright/lineage";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestFolder } from "../testing.test.support.js";

interface Report {
  readonly passed: boolean;
  readonly tests: readonly {
    readonly suite: string;
    readonly partition: string | null;
    readonly error: { readonly code: string } | null;
    readonly result: { readonly results: readonly { readonly id: string; readonly passed: boolean }[] } | null;
    readonly quarantine: { readonly goodCount: number; readonly badCount: number } | null;
  }[];
}

const suiteText = (name: string, data: string, more = ""): string => `
name: ${name}
key: [id]
data: ${data}
${more}
expectations:
  - { kind: positive, column: price, because: a refund is a row of its own }
  - { kind: unique, column: id }
`;

describe("deepwright test", { timeout: 120_000 }, () => {
  const folder = new TestFolder();
  beforeAll(() => {
    folder.write("good.csv", "id,price\n1,10\n2,20\n");
    folder.write("bad.csv", "id,price\n1,10\n2,-3\n2,\n");
    folder.write("good.suite.yaml", suiteText("good", "{ file: good.csv }"));
    folder.write("bad.suite.yaml", suiteText("bad", "{ file: bad.csv }"));
    mkdirSync(join(folder.path, "days"));
    folder.write("days/2026-01-01.csv", "id,price\n1,10\n");
    folder.write("days/2026-01-02.csv", "id,price\n1,-10\n");
    folder.write("days.suite.yaml", suiteText("days", "{ file: days }"));
  });
  afterAll(() => folder.end());
  const run = (...words: string[]) => folder.bin(["test", ...words]);
  const report = async (...words: string[]): Promise<Report & { readonly code: number }> => {
    const { code, output, errors } = await run("--json", ...words);
    expect(errors).toBe("");
    return { code, ...(JSON.parse(output) as Report) };
  };

  it("exits with 0 when all pass, with 1 when one fails, and says what failed in every format", async () => {
    const good = await run("good.suite.yaml", "--no-record");
    expect([good.code, good.errors]).toEqual([0, ""]);
    expect(good.output).toContain("1 suite, 0 failed, 2 checks");
    const files = ["--junit", "t.xml", "--sarif", "t.sarif", "--html", "t.html", "--markdown", "t.md", "--annotations"];
    const bad = await run("good.suite.yaml", "bad.suite.yaml", "--no-record", ...files);
    expect(bad.code).toBe(1);
    expect(bad.output).toContain('Expected "price" to be positive: 2 of 3 rows');
    expect(bad.output).toContain("id=2, price=-3");
    expect(bad.errors).toContain("::error file=bad.suite.yaml,line=1,title=bad (duckdb)::");
    const read = (name: string) => readFileSync(join(folder.path, name), "utf8");
    expect(read("t.xml")).toContain('tests="4" failures="2" errors="0"');
    expect(JSON.parse(read("t.sarif"))).toMatchObject({ version: "2.1.0", runs: [{ results: [{}, {}] }] });
    expect(read("t.html")).toContain("Data tests failed");
    expect(read("t.md")).toContain("## Data tests failed");
  });

  it("finds suite files in folders, leaves hidden ones and node_modules out", async () => {
    for (const place of ["nested", ".hidden", "node_modules"]) {
      mkdirSync(join(folder.path, "tree", place), { recursive: true });
      folder.write(
        `tree/${place}/one.suite.json`,
        JSON.stringify({ name: place, data: { file: "../../good.csv" }, expectations: [{ kind: "notEmpty" }] }),
      );
    }
    folder.write(
      "tree/two.suite.mjs",
      'export default { name: "module", data: { query: "SELECT 1 AS n" }, functions: { odd: (row) => row.n % 2 === 1 }, expectations: [{ kind: "customFunction", function: "odd" }] };',
    );
    const { code, tests } = await report("tree", "--no-record");
    expect([code, tests.map(({ suite }) => suite)]).toEqual([0, ["nested", "module"]]);
  });

  it("writes verdicts to the version of the data set in lineage, one version for equal content", async () => {
    const words = ["good.suite.yaml", "bad.suite.yaml", "--project", "shop"];
    expect((await report(...words)).code).toBe(1);
    expect((await report(...words)).code).toBe(1);
    const lineage = await openLineage(folder.store);
    try {
      const datasets = await lineage.graph.datasets({ project: "shop" });
      expect(datasets.map(({ name, versionCount }) => [name, versionCount])).toEqual([
        ["bad.csv", 1],
        ["good.csv", 1],
      ]);
      const [version] = await lineage.graph.datasetVersions({ datasetId: datasets[0]?.id ?? "" });
      expect(version).toMatchObject({ uri: "bad.csv", fingerprint: { rowCount: 3 } });
      const of = { entityKind: "dataset-version", entityId: version?.id ?? "", kind: dataTestFactKind } as const;
      const facts = await lineage.runs.facts(of);
      expect(facts).toHaveLength(2);
      expect(facts[0]?.body).toMatchObject({
        suite: "bad",
        passed: false,
        rowCount: 3,
        failed: { error: 2 },
        checks: [
          { id: "positive:price", failing: 2 },
          { id: "unique:id", passed: false },
        ],
      });
      expect(JSON.stringify(facts)).not.toContain("-3");
    } finally {
      await lineage.close();
    }
  });

  it("keeps its verdict when the store is away", async () => {
    const ended = await run("good.suite.yaml", "--store", "http://127.0.0.1:1");
    expect(ended.code).toBe(0);
    expect(ended.errors).toContain("the verdict of good is not recorded");
  });

  it("splits rows by the verdict into files that each run names anew", async () => {
    const place = join(folder.path, "quarantine");
    const { tests } = await report("bad.suite.yaml", "good.suite.yaml", "--no-record", "--quarantine", "quarantine");
    expect(tests.map(({ quarantine }) => quarantine && [quarantine.goodCount, quarantine.badCount])).toEqual([
      [1, 2],
      null,
    ]);
    expect(readdirSync(place).map((name) => name.replace(/-\d{8}T\d+Z/, ""))).toEqual([
      "bad.bad.parquet",
      "bad.good.parquet",
    ]);
    await report("bad.suite.yaml", "--no-record", "--quarantine", "quarantine");
    expect(readdirSync(place)).toHaveLength(4);
  });

  it("tests each partition once, and one that changed or had no verdict again", async () => {
    const look = () => report("days.suite.yaml", "--no-record", "--watch", "--once");
    const seen = ({ code, tests }: Awaited<ReturnType<typeof look>>) => [
      code,
      ...tests.map(({ partition, result }) => [partition, result !== null]),
    ];
    expect(seen(await look())).toEqual([1, ["2026-01-01.csv", true], ["2026-01-02.csv", true]]);
    expect(seen(await look())).toEqual([0]);
    folder.write("days/2026-01-02.csv", "id,price\n1,12\n");
    folder.write("days/2026-01-03.csv", "id,price\n1,13\n2,1");
    expect(seen(await look())).toEqual([0, ["2026-01-02.csv", true], ["2026-01-03.csv", true]]);
    folder.write("days/2026-01-04.parquet.csv", "");
    const empty = await look();
    expect(empty.tests.map(({ partition }) => partition)).toEqual(["2026-01-04.parquet.csv"]);
    folder.write("days/2026-01-04.parquet.csv", "id,price\n1,13\n");
    expect(seen(await look())).toEqual([0, ["2026-01-04.parquet.csv", true]]);
    folder.write(".deepwright/data-tests/partitions.json", "{");
    expect((await run("days.suite.yaml", "--watch", "--once")).errors).toContain("PARTITION_MEMORY_INVALID");
    folder.write(".deepwright/data-tests/partitions.json", '{"version":1,"tested":{}}');
  });

  it("waits for new partitions until Ctrl-C", async () => {
    mkdirSync(join(folder.path, "stream"));
    folder.write("stream/a.csv", "id,price\n1,1\n");
    folder.write("stream.suite.yaml", suiteText("stream", "{ file: stream }"));
    let poll: NodeJS.Timeout | undefined;
    const memory = join(folder.path, ".deepwright", "data-tests", "partitions.json");
    const remembered = (name: string): boolean => existsSync(memory) && readFileSync(memory, "utf8").includes(name);
    const ending = folder.bin(
      ["test", "stream.suite.yaml", "--no-record", "--watch", "--interval", "1s"],
      (_, child) => {
        poll ??= setInterval(() => {
          if (remembered("b.csv")) child.kill("SIGINT");
          else if (remembered("a.csv") && !existsSync(join(folder.path, "stream", "b.csv"))) {
            writeFileSync(join(folder.path, "stream", "b.csv"), "id,price\n1,-1\n");
          }
        }, 100);
      },
    );
    const { code, output } = await ending;
    clearInterval(poll);
    expect(code).toBe(1);
    expect(output).toMatch(/passed stream \(a\.csv, duckdb\)[\s\S]*FAILED stream \(b\.csv, duckdb\)/);
  });

  it("watches partitions of a column, of integers, dates and texts", async () => {
    folder.write("sales.csv", "id,price,day,shop,n\n1,1,2026-01-01,it's,1\n2,-2,2026-01-02,b\\,2\n3,3,2026-01-02,,2\n");
    for (const column of ["day", "shop", "n"]) {
      folder.write(
        "sales.suite.yaml",
        suiteText(`sales by ${column}`, "{ file: sales.csv }", `partitions: { column: ${column} }`),
      );
      const { tests } = await report("sales.suite.yaml", "--no-record", "--watch", "--once");
      const failed = tests.map(({ result }) => result?.results.some(({ passed }) => !passed));
      expect(failed.filter(Boolean)).toHaveLength(1);
      expect(tests).toHaveLength(column === "shop" ? 3 : 2);
    }
    folder.write("sales.suite.yaml", suiteText("sales", "{ file: sales.csv }"));
    const { code, tests } = await report("sales.suite.yaml", "--no-record", "--watch", "--once");
    expect([code, tests[0]?.error?.code]).toEqual([2, "ARGUMENT_INVALID"]);
  });

  it("gives no verdict, and the exit code of the reason, where it can't", async () => {
    folder.write("broken.suite.yaml", "name: [");
    folder.write(
      "unknown.suite.yaml",
      "name: x\ndata: { file: good.csv }\nexpectations: [{ kind: betwen, column: price }]\n",
    );
    folder.write("nodata.suite.yaml", "name: x\nexpectations: [{ kind: notEmpty }]\n");
    folder.write("wrong.suite.yaml", "name: x\ndata: { path: good.csv }\nexpectations: [{ kind: notEmpty }]\n");
    folder.write("absent.suite.yaml", suiteText("absent", "{ file: absent.csv }"));
    folder.write("corrupt.parquet", "PAR1 this is none");
    folder.write("corrupt.suite.yaml", suiteText("corrupt", "{ file: corrupt.parquet }"));
    folder.write("throws.suite.mjs", 'throw new Error("at once");');
    folder.write("bomb.suite.yaml", "a: &a [x, x]\nb: &b [*a, *a]\nname: [*b]\n");
    const expected: Readonly<Record<string, readonly [number, string]>> = {
      "broken.suite.yaml": [2, "SUITE_INVALID"],
      "unknown.suite.yaml": [2, "SUITE_INVALID"],
      "nodata.suite.yaml": [2, "SUITE_INVALID"],
      "wrong.suite.yaml": [2, "SUITE_INVALID"],
      "bomb.suite.yaml": [2, "SUITE_INVALID"],
      "throws.suite.mjs": [2, "SUITE_INVALID"],
      "absent.suite.yaml": [2, "DATA_FILE_MISSING"],
      "corrupt.suite.yaml": [2, "DATA_FILE_INVALID"],
    };
    for (const [file, [code, error]] of Object.entries(expected)) {
      const { output, ...ended } = await folder.cli("test", file, "--json", "--no-record");
      expect([file, ended.code, (JSON.parse(output) as Report).tests[0]?.error?.code]).toEqual([file, code, error]);
    }
    // A suite that can't be read keeps no other from its verdict.
    const both = await report("bad.suite.yaml", "broken.suite.yaml", "--no-record");
    expect([both.code, both.tests.map(({ result }) => result !== null)]).toEqual([2, [true, false]]);
  });

  it("refuses wrong usage before anything is tested", async () => {
    const codes = async (...words: string[]): Promise<[number, string]> => {
      const { code, errors } = await folder.cli("test", "good.suite.yaml", "--no-record", ...words);
      return [code, /\[(\w+)\]\s*$/.exec(errors)?.[1] ?? ""];
    };
    expect(await codes("nothing-here")).toEqual([2, "SUITE_FILE_MISSING"]);
    expect(await codes("--engine", "mysql://x")).toEqual([2, "ENGINE_ADDRESS_INVALID"]);
    expect(await codes("--engine", "duckdb:absent.duckdb")).toEqual([2, "DATA_FILE_MISSING"]);
    expect(existsSync(join(folder.path, "absent.duckdb"))).toBe(false);
    expect(await codes("--engine", "postgres://user:hidden-word@127.0.0.1:1/none")).toEqual([3, "ENGINE_UNAVAILABLE"]);
    expect(await codes("--sample", "-1")).toEqual([2, "INVALID_OPTION"]);
    expect(await codes("--memory", "1KiB")).toEqual([2, "INVALID_OPTION"]);
    expect(await codes("--watch", "--interval", "1ms")).toEqual([2, "INVALID_OPTION"]);
    expect((await codes("--junit", "absent/t.xml"))[0]).toBe(3);
    expect((await codes("--unknown"))[0]).toBe(2);
  });
});
