import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openArrayFile } from "./open-array-file.js";
import { runArraySuite } from "./run-array-suite.js";
import type { ArrayExpectation, ArraySuite } from "./suite.js";
import { type Mutable, slab, weather } from "./weather.test.support.js";
import { type TiffOptions, writeHdf5, writeNetcdf3, writeTiff, writeZarr } from "./write-arrays.test.support.js";

const folder = await mkdtemp(join(tmpdir(), "deepwright-array-faults-"));
afterAll(() => rm(folder, { recursive: true, force: true }));
let files = 0;
const freshPath = (ending: string): string => join(folder, `file-${++files}${ending}`);

const suite: ArraySuite = {
  name: "weather",
  expectations: [
    { kind: "hasVariables", variables: ["t2m", "time", "latitude", "longitude"] },
    { kind: "shapeEquals", shape: [48, 6, 8] },
    { kind: "dimensionsEqual", dimensions: ["time", "latitude", "longitude"] },
    { kind: "dimensionLengthBetween", dimension: "time", min: 48, max: 48 },
    { kind: "dtypeInSet", types: ["float32"] },
    { kind: "attributeEquals", variable: "time", attribute: "calendar", value: "proleptic_gregorian" },
    { kind: "unitsEqual", units: "K" },
    { kind: "missingMarkerEquals", value: -9999 },
    { kind: "coordinateMonotonic", dimension: "latitude", direction: "decreasing" },
    { kind: "coordinateRegular", dimension: "longitude", step: 0.25 },
    { kind: "coordinateBetween", dimension: "longitude", min: -10, max: 2 },
    { kind: "timeGapsAtMost", gap: "1h" },
    { kind: "timeCovers", from: "2018-04-12", to: "2018-04-13T23:00:00Z" },
    { kind: "valuesBetween", min: 220, max: 320, nulls: "ignore" },
    { kind: "valuesFinite", nulls: "ignore" },
    { kind: "valuesNotInSet", values: [0, 9999], nulls: "ignore" },
    { kind: "missingShareAtMost", share: 0.001 },
    { kind: "missingShareAtMost", id: "missing by hour", share: 0.1, by: "time" },
    { kind: "saturatedShareAtMost", high: 291, share: 0.01 },
    { kind: "meanBetween", min: 280, max: 287 },
    { kind: "standardDeviationBetween", min: 2, max: 4 },
    { kind: "minimumBetween", min: 276 },
    { kind: "maximumBetween", max: 295 },
    { kind: "meanBetween", id: "mean by latitude", by: "latitude", min: 281, max: 288 },
    {
      kind: "meanBetween",
      id: "mean of the north west",
      region: { latitude: [57.5, 58], longitude: [-10, -9.5], time: ["2018-04-12", "2018-04-12T23:00:00Z"] },
      min: 281,
      max: 284,
    },
    { kind: "notFrozen", along: "time" },
    { kind: "notFrozen", id: "never six hours the same", along: "time", longest: 5 },
    { kind: "jumpsAtMost", along: "time", max: 2 },
    { kind: "slicesUnique", along: "time" },
    { kind: "slicesVary", along: "time" },
  ],
};

interface Fault {
  readonly name: string;
  readonly plant: (arrays: Record<string, Mutable>) => void;
  /** Expectations that must name it; no others may fail. */
  readonly found: readonly string[];
  /** Part of a failing place. */
  readonly sample?: Readonly<Record<string, unknown>>;
}

const values = (arrays: Record<string, Mutable>): Float32Array => (arrays.t2m as Mutable).data as Float32Array;
const numbers = (arrays: Record<string, Mutable>, name: string): Float64Array | Int32Array =>
  (arrays[name] as Mutable).data as Float64Array;

function withoutHour(arrays: Record<string, Mutable>, hour: number): void {
  const [time, t2m] = [arrays.time as Mutable, arrays.t2m as Mutable];
  time.data = (time.data as Int32Array).filter((_, index) => index !== hour);
  t2m.data = (t2m.data as Float32Array).filter((_, index) => Math.floor(index / slab) !== hour);
  time.shape = [47];
  t2m.shape = [47, 6, 8];
}

const faults: readonly Fault[] = [
  {
    name: "a value beyond what is physical",
    plant: (arrays) => {
      values(arrays)[20 * slab + 9] = 400;
    },
    found: ["valuesBetween", "jumpsAtMost", "maximumBetween"],
    sample: { time: 20, latitude: 1, longitude: 1, value: 400 },
  },
  {
    name: "NaN that no marker declares",
    plant: (arrays) => {
      values(arrays)[7] = Number.NaN;
    },
    found: [
      "valuesBetween",
      "valuesFinite",
      "meanBetween",
      "standardDeviationBetween",
      "minimumBetween",
      "maximumBetween",
      "mean by latitude",
    ],
    sample: { time: 0, latitude: 0, longitude: 7, value: Number.NaN },
  },
  {
    name: "an infinity",
    plant: (arrays) => {
      values(arrays)[3 * slab] = Number.POSITIVE_INFINITY;
    },
    found: [
      "valuesBetween",
      "valuesFinite",
      "meanBetween",
      "standardDeviationBetween",
      "minimumBetween",
      "maximumBetween",
      "mean by latitude",
      "mean of the north west",
      "jumpsAtMost",
    ],
  },
  {
    name: "zeros that stand for nothing",
    plant: (arrays) => void values(arrays).fill(0, 30 * slab + 4, 30 * slab + 7),
    found: [
      "valuesBetween",
      "valuesNotInSet",
      "minimumBetween",
      "jumpsAtMost",
      "standardDeviationBetween",
      "mean by latitude",
    ],
    sample: { time: 30, latitude: 0, longitude: 4, value: 0 },
  },
  {
    name: "a tile of missing values",
    plant: (arrays) => void values(arrays).fill(-9999, 11 * slab, 11 * slab + 24),
    found: ["missingShareAtMost", "missing by hour"],
    sample: { time: 11, at: "time 2018-04-12T11:00:00Z", figure: 0.5 },
  },
  {
    name: "an hour without data",
    plant: (arrays) => void values(arrays).fill(-9999, 40 * slab, 41 * slab),
    found: ["missingShareAtMost", "missing by hour", "slicesVary"],
    sample: { time: 40, value: null },
  },
  {
    name: "a sensor that is stuck all the time",
    plant: (arrays) => {
      for (let hour = 0; hour < 48; hour++) values(arrays)[hour * slab + 20] = 283;
    },
    found: ["notFrozen", "never six hours the same"],
    sample: { latitude: 2, longitude: 4, value: 283, steps: 48 },
  },
  {
    name: "a sensor that is stuck for eight hours",
    plant: (arrays) => {
      for (let hour = 20; hour < 28; hour++)
        values(arrays)[hour * slab + 33] = values(arrays)[20 * slab + 33] as number;
    },
    found: ["never six hours the same", "jumpsAtMost"],
    sample: { latitude: 4, longitude: 1, from: 20, steps: 8 },
  },
  {
    name: "an hour that repeats another",
    plant: (arrays) => void values(arrays).copyWithin(31 * slab, 30 * slab, 31 * slab),
    found: ["slicesUnique"],
    sample: { time: 31, same_as: 30 },
  },
  {
    name: "a blank frame",
    plant: (arrays) => void values(arrays).fill(284, 24 * slab, 25 * slab),
    found: ["slicesVary", "jumpsAtMost"],
    sample: { time: 24, value: 284 },
  },
  {
    name: "a jump between two hours",
    plant: (arrays) => {
      values(arrays)[2 * slab + 2] = (values(arrays)[2 * slab + 2] as number) + 3.5;
    },
    found: ["jumpsAtMost"],
  },
  {
    name: "saturated pixels",
    plant: (arrays) => void values(arrays).fill(291, 5 * slab, 6 * slab),
    found: ["saturatedShareAtMost", "slicesVary", "jumpsAtMost"],
  },
  {
    name: "degrees Celsius in place of kelvin",
    plant: (arrays) =>
      values(arrays).forEach((value, index) => {
        values(arrays)[index] = value === -9999 ? value : value - 273.15;
      }),
    found: ["valuesBetween", "meanBetween", "minimumBetween", "mean by latitude", "mean of the north west"],
  },
  {
    name: "other units",
    plant: (arrays) => {
      (arrays.t2m as Mutable).attributes = { units: "degC", _FillValue: -9999 };
    },
    found: ["unitsEqual"],
  },
  {
    name: "no units",
    plant: (arrays) => {
      (arrays.t2m as Mutable).attributes = { _FillValue: -9999 };
    },
    found: ["unitsEqual"],
  },
  {
    name: "a marker that the data does not use",
    plant: (arrays) => {
      (arrays.t2m as Mutable).attributes = { units: "K", _FillValue: 1e20 };
    },
    found: [
      "missingMarkerEquals",
      "valuesBetween",
      "minimumBetween",
      "standardDeviationBetween",
      "meanBetween",
      "mean by latitude",
      "jumpsAtMost",
    ],
    sample: { value: -9999 },
  },
  {
    name: "latitudes that turn around",
    plant: (arrays) => {
      numbers(arrays, "latitude")[3] = 57.9;
    },
    found: ["coordinateMonotonic:latitude"],
    sample: { latitude: 3, at: "57.9" },
  },
  {
    name: "longitudes that skip a step",
    plant: (arrays) => {
      numbers(arrays, "longitude")[7] = -8;
    },
    found: ["coordinateRegular:longitude"],
    sample: { longitude: 7, step: 0.5 },
  },
  {
    name: "longitudes from 0 to 360",
    plant: (arrays) =>
      numbers(arrays, "longitude").forEach((value, index) => {
        numbers(arrays, "longitude")[index] = value + 360;
      }),
    found: ["coordinateBetween:longitude", "mean of the north west"],
  },
  {
    name: "a coordinate that is NaN",
    plant: (arrays) => {
      numbers(arrays, "latitude")[5] = Number.NaN;
    },
    found: ["coordinateMonotonic:latitude"],
    sample: { latitude: 5 },
  },
  {
    name: "a gap in time",
    plant: (arrays) => withoutHour(arrays, 18),
    found: ["shapeEquals", "dimensionLengthBetween:time", "timeGapsAtMost"],
    sample: { time: 18, at: "2018-04-12T19:00:00Z", after: "2018-04-12T17:00:00Z", missing_steps: 1 },
  },
  {
    name: "the last hour is not there",
    plant: (arrays) => withoutHour(arrays, 47),
    found: ["shapeEquals", "dimensionLengthBetween:time", "timeCovers"],
  },
  {
    name: "another calendar",
    plant(arrays) {
      (arrays.time as Mutable).attributes = { units: "hours since 1900-01-01 00:00:00", calendar: "360_day" };
    },
    found: ["attributeEquals:time", "timeGapsAtMost", "timeCovers", "mean of the north west"],
  },
  {
    name: "doubles in place of floats",
    plant: (arrays) => {
      (arrays.t2m as Mutable).data = Float64Array.from(values(arrays));
    },
    found: ["dtypeInSet"],
  },
  {
    name: "dimensions in another order",
    plant(arrays) {
      const t2m = arrays.t2m as Mutable;
      const from = t2m.data as Float32Array;
      t2m.data = Float32Array.from(from, (_, index) => {
        const [hour, rest] = [Math.floor(index / slab), index % slab];
        return from[hour * slab + (rest % 6) * 8 + Math.floor(rest / 6)] as number;
      });
      t2m.dimensions = ["time", "longitude", "latitude"];
      t2m.shape = [48, 8, 6];
      t2m.chunkShape = [12, 4, 3];
    },
    found: ["shapeEquals", "dimensionsEqual"],
  },
  {
    name: "an array that is gone",
    plant: (arrays) => void delete arrays.longitude,
    found: ["hasVariables", "coordinateRegular:longitude", "coordinateBetween:longitude", "mean of the north west"],
    sample: { variable: "longitude" },
  },
];

const idsOf = (result: Awaited<ReturnType<typeof runArraySuite>>): string[] =>
  result.results.filter(({ passed }) => !passed).map(({ id }) => id);

async function run(path: string, expectations: readonly ArrayExpectation[] = suite.expectations) {
  const file = await openArrayFile(path);
  try {
    return await runArraySuite({ file, variable: "t2m" }, { ...suite, expectations });
  } finally {
    await file.close();
  }
}

describe("planted faults of arrays", () => {
  it("raise no alarm where there are none, in any format", { timeout: 60_000 }, async () => {
    const results = [
      await run(await writeZarr(freshPath(".zarr"), weather())),
      await run(await writeNetcdf3(freshPath(".nc"), weather())),
      await run(await writeNetcdf3(freshPath(".nc"), weather(), "time")),
      await run(await writeHdf5(freshPath(".h5"), weather(), { compression: 4 })),
    ];
    for (const { results: checks, rowCount, statementCount } of results) {
      expect(checks.filter(({ passed }) => !passed).map(({ sentence }) => sentence)).toEqual([]);
      expect(rowCount).toBe(48 * slab);
      expect(statementCount).toBe(1);
    }
    expect(results.map(({ results: checks }) => checks.map(({ observed }) => observed))).toEqual(
      results.map(() => results[0]?.results.map(({ observed }) => observed)),
    );
  });

  for (const { name, plant, found, sample } of faults) {
    it(`names ${name}`, { timeout: 60_000 }, async () => {
      const onZarr = await run(await writeZarr(freshPath(".zarr"), weather(plant)));
      const onNetcdf = await run(await writeNetcdf3(freshPath(".nc"), weather(plant)));
      expect([...idsOf(onZarr)].sort()).toEqual([...found].sort());
      expect(onNetcdf.results).toEqual(onZarr.results);
      if (sample === undefined) return;
      const rows = onZarr.results.flatMap((result) => result.sample);
      expect(rows).toContainEqual(expect.objectContaining(sample));
    });
  }

  it("names a chunk that is lost", async () => {
    const expectations: ArrayExpectation[] = [{ kind: "chunksPresent" }];
    const whole = await run(await writeZarr(freshPath(".zarr"), weather()), expectations);
    expect(whole.results[0]).toMatchObject({ passed: true, considered: 16, failing: 0 });
    const result = await run(await writeZarr(freshPath(".zarr"), weather(), ["/t2m/c/2/1/0"]), expectations);
    expect(result.results[0]).toMatchObject({
      passed: false,
      failing: 1,
      sample: [{ chunk: "2/1/0" }],
      sentence: 'Expected all chunks of "t2m" to be there: 1 of 16 chunks (6.25 %) is not.',
    });
  });

  it("names an array that differs from its copy", async () => {
    const expectations: ArrayExpectation[] = [{ kind: "matchesArray", other: "serving", tolerance: 0.01 }];
    const here = await openArrayFile(await writeZarr(freshPath(".zarr"), weather()));
    const there = await openArrayFile(
      await writeHdf5(
        freshPath(".h5"),
        weather((arrays) => {
          values(arrays)[1000] = (values(arrays)[1000] as number) + 0.5;
          values(arrays)[100] = 280;
        }),
      ),
    );
    const sources = { serving: { file: there, variable: "t2m" } };
    const { results } = await runArraySuite(
      { file: here, variable: "t2m" },
      { name: "skew", expectations },
      { sources },
    );
    expect(results[0]).toMatchObject({ passed: false, failing: 2, considered: 48 * slab });
    expect(results[0]?.sample[0]).toMatchObject({ time: 2, latitude: 0, longitude: 4, there: 280 });
    const itself = { serving: { file: here, variable: "t2m" } };
    const same = await runArraySuite(
      { file: here, variable: "t2m" },
      { name: "skew", expectations },
      { sources: itself },
    );
    expect(same.passed).toBe(true);
    await here.close();
    await there.close();
  });
});

describe("planted faults of rasters", () => {
  const raster = (): { shape: number[]; data: Float32Array } => ({
    shape: [20, 30],
    data: Float32Array.from({ length: 600 }, (_, index) => 100 + (index % 37) + Math.floor(index / 30)),
  });
  const expectations: ArrayExpectation[] = [
    { kind: "crsEquals", crs: "EPSG:4326" },
    { kind: "resolutionEquals", x: 0.25, y: 0.25 },
    { kind: "extentEquals", bounds: [-10, 53, -2.5, 58] },
    { kind: "extentWithin", bounds: [-11, 50, 2, 60] },
    { kind: "missingMarkerEquals", value: -9999 },
    { kind: "missingShareAtMost", share: 0.1 },
    { kind: "alignedWith", other: "mask" },
  ];
  const test = async (options: TiffOptions, change: (data: Float32Array) => void = () => undefined) => {
    const image = raster();
    change(image.data);
    const file = await openArrayFile(await writeTiff(freshPath(".tif"), image, options));
    const mask = await openArrayFile(await writeTiff(freshPath(".tif"), raster()));
    const result = await runArraySuite(file, { name: "raster", expectations }, { sources: { mask: { file: mask } } });
    await file.close();
    await mask.close();
    return idsOf(result);
  };

  const cases: readonly (readonly [
    string,
    TiffOptions,
    ((data: Float32Array) => void) | undefined,
    readonly string[],
  ])[] = [
    ["none", {}, undefined, []],
    ["another CRS", { epsg: 27700 }, undefined, ["crsEquals", "alignedWith"]],
    ["no nodata as agreed", { nodata: 0 }, undefined, ["missingMarkerEquals"]],
    ["a grid that is shifted by one pixel", { origin: [-9.75, 58] }, undefined, ["extentEquals", "alignedWith"]],
    ["a grid that is shifted by a tenth of a pixel", { origin: [-9.975, 58] }, undefined, ["alignedWith"]],
    ["another resolution", { pixel: 0.3 }, undefined, ["resolutionEquals", "extentEquals", "alignedWith"]],
    ["a hole", {}, (data) => void data.fill(-9999, 100, 200), ["missingShareAtMost"]],
    [
      "rows and columns swapped in place",
      { origin: [58, -10] },
      undefined,
      ["extentEquals", "extentWithin", "alignedWith"],
    ],
  ];
  for (const [name, options, change, found] of cases) {
    it(`names ${name}`, async () => expect(await test(options, change)).toEqual(found));
  }
});
