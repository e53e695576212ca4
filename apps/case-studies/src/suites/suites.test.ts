import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findPostgres, findSpark, startPostgres, startSpark } from "@deepwright/tooling/testing";
import { describe, expect, it } from "vitest";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const program = join(dirname(createRequire(import.meta.url).resolve("deepwright")), "bin.js");
const suites = here("../../suites");
const folder = process.env.DEEPWRIGHT_DATA ?? here("../../../../../shared/data");
const places = ["bot", "ccf", "est", "oil", "rec", "ret", "wea"];
const isThere = places.every((place) => existsSync(join(folder, place)));

interface Check {
  readonly id: string;
  readonly passed: boolean;
  readonly failing: number | null;
  readonly considered: number | null;
  readonly severity: string;
  readonly sample: readonly Readonly<Record<string, unknown>>[];
}

interface Report {
  readonly passed: boolean;
  readonly tests: readonly {
    readonly suite: string;
    readonly error: unknown;
    readonly result: { readonly rowCount: number; readonly results: readonly Check[] } | null;
  }[];
}

/** `deepwright test` as a process. */
function testAll(engine: string): Promise<{ readonly code: number; readonly report: Report }> {
  const words = ["test", suites, "--data", folder, "--engine", engine, "--copy-files", "--no-record", "--json"];
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [program, ...words, "--sample", "20"],
      { maxBuffer: 2 ** 26 },
      (_, output, errors) => {
        try {
          resolve({ code: child.exitCode ?? -1, report: JSON.parse(output) as Report });
        } catch (cause) {
          reject(new Error(`No report on ${engine}: ${errors}`, { cause }));
        }
      },
    );
  });
}

/** What is wrong with the data, as suite, expectation and number of failing rows or groups. */
const faults = ({ tests }: Report) =>
  tests.flatMap(({ suite, result }) =>
    (result?.results ?? [])
      .filter(({ passed }) => !passed)
      .map(({ id, failing, severity }) => [suite, id, failing, severity].join(" | ")),
  );

/** Everything that engines must agree upon. */
const verdicts = ({ tests }: Report) =>
  tests.map(({ suite, error, result }) => ({
    suite,
    error,
    rowCount: result?.rowCount,
    checks: result?.results.map(({ id, passed, failing, considered }) => ({ id, passed, failing, considered })),
  }));

const known = [
  "bot hands | groupMinBetween:hand_in_session | 25 | error",
  "bot hands | uniqueTogether:hand:player | 59840 | warning",
  "ccf features | columnsExclude:TX_FRAUD_SCENARIO | 1 | error",
  "ccf transactions | positive:TX_AMOUNT | 42 | error",
  "ccf transactions | uniqueTogether:CUSTOMER_ID:TX_TIME_SECONDS | 58 | warning",
  "est sales | between:bedrooms | 14 | error",
  "est sales | between:bathrooms | 10 | error",
  "est sales | soldAfterItWasBuilt | 12 | warning",
  "est sales | ratioBetween | 1 | warning",
  "oil production | nonNegative:TOC | 4 | error",
  "oil wells | foreignKey:X:Y | 117 | warning",
  "oil wells | positive:Perm | 81 | warning",
  "oil wells | figureMatchesSource:Por |  | warning",
  "oil wells | figureMatchesSource:Facies |  | warning",
  "rec links | notNull:tmdbId | 13 | error",
  "rec movies | isTrimmed:title | 5 | warning",
  "rec movies | matches:title | 6 | warning",
  "rec movies | unique:title | 4 | warning",
  "rec movies | matches:genres | 18 | warning",
  "rec ratings | rowCountEquals |  | error",
  "rec ratings | between:userId | 18 | error",
  "rec ratings | groupRowCountBetween | 4 | error",
  "rec ratings | between:timestamp | 18 | error",
  "rec tags | foreignKey:userId:movieId | 357 | warning",
  "ret players | lessThan:sum_gamerounds | 1 | error",
  "ret players | chiSquareFits:version |  | error",
  "ret players | cameBackSoPlayed | 29 | warning",
];

describe.skipIf(!isThere)(`the suites of the seven projects${isThere ? "" : " (skipped: no shared data)"}`, () => {
  let onDuckDb: Report | undefined;

  it("find what is wrong with the data", { timeout: 240_000 }, async () => {
    const { code, report } = await testAll("duckdb");
    onDuckDb = report;
    expect(code).toBe(1);
    expect(new Set(report.tests.map(({ suite }) => suite.split(" ")[0]))).toEqual(new Set(places));
    expect(faults(report)).toEqual(known);
    const ratings = report.tests.find(({ suite }) => suite === "rec ratings")?.result?.results;
    const added = ratings?.find(({ id }) => id === "between:userId")?.sample ?? [];
    expect(added).toHaveLength(18);
    expect([...new Set(added.map(({ userId }) => userId))].sort()).toEqual([672, 673, 674, 675]);
  });

  const engines = [
    { name: "postgres", reason: findPostgres() === null ? "no initdb" : null, start: startPostgres },
    { name: "spark", reason: findSpark().reason, start: startSpark },
  ];
  for (const { name, reason, start } of engines) {
    it.skipIf(reason !== null)(
      `have the same verdicts on ${name}${reason === null ? "" : ` (skipped: ${reason})`}`,
      { timeout: 600_000 },
      async () => {
        const server = await start();
        try {
          const { code, report } = await testAll(server.uri);
          expect(code).toBe(1);
          expect(verdicts(report)).toEqual(verdicts(onDuckDb ?? (await testAll("duckdb")).report));
        } finally {
          await server.stop();
        }
      },
    );
  }
});
