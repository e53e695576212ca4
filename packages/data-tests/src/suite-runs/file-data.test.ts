import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { manualClock } from "@deepwright/core";
import { afterAll, describe, expect, it } from "vitest";
import { openArrayFile } from "../arrays/open-array-file.js";
import { weather } from "../arrays/weather.test.support.js";
import { writeNetcdf3 } from "../arrays/write-arrays.test.support.js";
import { jpegBytes, picture } from "../images/write-images.test.support.js";
import { jsonText } from "../reports/json.js";
import { junitXml } from "../reports/junit.js";
import { sarif } from "../reports/sarif.js";
import { terminalText } from "../reports/terminal.js";
import { openSuiteRunner } from "./open-suite-runner.js";

const folder = await mkdtemp(join(tmpdir(), "deepwright-file-data-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

const arraySuite = `
name: weather
data: { array: weather.nc, variable: t2m }
sources: { before: { array: before.nc, variable: t2m } }
expectations:
  - { kind: valuesBetween, min: 220, max: 320, nulls: ignore, owner: sensors }
  - { kind: notFrozen, severity: warning }
  - { kind: alignedWith, other: before }
  - { kind: meanBetween, min: 300, id: too warm }
`;
const imageSuite = JSON.stringify({
  name: "photos",
  data: { images: "photos", folders: ["label"] },
  expectations: [{ kind: "imagesDecodable" }, { kind: "imageCountBetween", min: 4 }],
});

describe("suite files about arrays and images", () => {
  it("are tested, reported and split like tables", async () => {
    await writeNetcdf3(join(folder, "before.nc"), weather());
    await writeNetcdf3(
      join(folder, "weather.nc"),
      weather((arrays) => arrays.t2m?.data.fill(500, 10, 13)),
    );
    await writeFile(join(folder, "weather.suite.yaml"), arraySuite);
    await mkdir(join(folder, "photos", "cat"), { recursive: true });
    for (let index = 0; index < 3; index++) {
      await writeFile(
        join(folder, "photos", "cat", `${index}.jpg`),
        jpegBytes(picture(index)).subarray(0, index === 1 ? 900 : undefined),
      );
    }
    await writeFile(join(folder, "photos.suite.json"), imageSuite);
    const runner = await openSuiteRunner({
      workingDirectory: folder,
      quarantine: join(folder, "quarantine"),
      clock: manualClock(Date.UTC(2026, 0, 5)),
    });
    const onArrays = await runner.testFile(join(folder, "weather.suite.yaml"));
    const onImages = await runner.testFile(join(folder, "photos.suite.json"));
    await runner.close();

    expect(onArrays.test).toMatchObject({ suite: "weather", data: "weather.nc", engine: null, error: null });
    expect(onArrays.test.result?.results.map(({ id, passed }) => [id, passed])).toEqual([
      ["valuesBetween", false],
      ["notFrozen", true],
      ["alignedWith", true],
      ["too warm", false],
    ]);
    const split = onArrays.test.quarantine;
    expect(split).toMatchObject({ goodCount: 48 * 48 - 3, badCount: 3, undivided: ["too warm"] });
    const mask = await openArrayFile(join(split?.bad ?? "", "t2m.npy"));
    const bad = await mask.variables.get("t2m")?.read({ origin: [0, 0, 0], shape: [1, 6, 8] });
    expect([...(bad?.values ?? [])].flatMap((value, place) => (value === 1 ? [place] : []))).toEqual([10, 11, 12]);
    await mask.close();

    expect(onImages.test.quarantine).toMatchObject({ goodCount: 2, badCount: 1, undivided: ["imageCountBetween"] });
    const listed = await readFile(onImages.test.quarantine?.bad ?? "", "utf8");
    expect(listed).toBe('{"path":"cat/1.jpg","reasons":["imagesDecodable"]}\n');

    const report = { tests: [onArrays.test, onImages.test] };
    expect(junitXml(report)).toContain("cat/1.jpg");
    expect(jsonText(report)).toContain('"latitude": 1');
    expect(JSON.stringify(sarif(report, { version: "1" }))).toContain("it ends too early");
    expect(terminalText(report)).toContain(
      'Expected "t2m" to be between 220 and 320: 3 of 2,303 elements (0.13 %) are not.',
    );

    const before = await onArrays.suite?.fileData?.fingerprint();
    await writeNetcdf3(join(folder, "weather.nc"), weather());
    expect(before).toMatchObject({ files: 1 });
    expect((await onArrays.suite?.fileData?.fingerprint())?.content).not.toBe(before?.content);
  });

  it("are refused with what is wrong", async () => {
    const cases: readonly (readonly [string, string])[] = [
      ["data: { array: a.nc }\nexpectations: [{ kind: notNull, column: a }]", "a known kind of expectation"],
      ["data: { images: a, array: b }\nexpectations: [{ kind: valuesFinite }]", "the data of the suite"],
      ["data: { images: a, folders: [year] }\nexpectations: [{ kind: imagesDecodable }]", "the data of the suite"],
      ["data: { array: a.nc }\nexpectations: [{ kind: valuesBetween }]", "expectation 1"],
      ["data: { array: a.nc }\nkey: [a]\nexpectations: [{ kind: valuesFinite }]", "no key"],
    ];
    const runner = await openSuiteRunner({ workingDirectory: folder });
    for (const [text, expected] of cases) {
      const path = join(folder, "bad.suite.yaml");
      await writeFile(path, `name: bad\n${text}\n`);
      const { test } = await runner.testFile(path);
      expect(test.error).toMatchObject({ code: "SUITE_INVALID", expected: expect.stringContaining(expected) });
    }
    await runner.close();
  });
});
