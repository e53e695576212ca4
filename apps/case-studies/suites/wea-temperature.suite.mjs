// ERA5 temperatures of an hour, a latitude and a longitude each: a NetCDF file becomes a table of cells.
import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { readNetcdf } from "./netcdf.mjs";

async function cells({ folder, temporaryFolder }) {
  const { time, latitude, longitude, t2m } = readNetcdf(await readFile(join(folder, "wea", "era5_t2m_uk_2019_03.nc")));
  const [times, north, east, kelvin] = [time.values(), latitude.values(), longitude.values(), t2m.values()];
  const [, unit, since] = /^(\w+) since (.+)$/.exec(time.attributes.units);
  const step = { hours: 3_600_000, seconds: 1000, days: 86_400_000 }[unit];
  const begin = Date.parse(
    `${since
      .trim()
      .replace(" ", "T")
      .slice(0, 19)
      .padEnd(19, "T00:00:00".slice(since.trim().length - 19))}Z`,
  );
  function* lines() {
    yield "time,latitude,longitude,t2m\n";
    let index = 0;
    for (const hour of times) {
      const text = new Date(begin + hour * step).toISOString().slice(0, 19).replace("T", " ");
      let chunk = "";
      for (const y of north) for (const x of east) chunk += `${text},${y},${x},${kelvin[index++]}\n`;
      yield chunk;
    }
  }
  const path = join(temporaryFolder, "wea-cells.csv");
  await pipeline(lines, createWriteStream(path));
  return { file: path };
}

export default {
  name: "wea temperature",
  description: "Hourly temperatures two metres above ground over the United Kingdom in March 2019, in kelvin.",
  key: ["time", "latitude", "longitude"],
  data: cells,
  expectations: [
    { kind: "rowCountEquals", count: 744 * 33 * 49 },
    { kind: "isFiniteNumber", column: "t2m" },
    { kind: "between", column: "t2m", min: 220, max: 320, because: "the United Kingdom has seen 246 K to 313 K" },
    { kind: "primaryKey", columns: ["time", "latitude", "longitude"] },
    { kind: "distinctCountBetween", column: "time", min: 744, max: 744, because: "March has 744 hours" },
    { kind: "gapsAtMost", column: "time", gap: "1h" },
    {
      kind: "groupRowCountBetween",
      by: ["time"],
      min: 33 * 49,
      max: 33 * 49,
      because: "an hour with less has missing tiles",
    },
    { kind: "between", column: "latitude", min: 50, max: 58 },
    { kind: "between", column: "longitude", min: -10, max: 2 },
    {
      kind: "groupDistinctCountBetween",
      by: ["latitude", "longitude"],
      column: "t2m",
      min: 300,
      because: "a sensor that is stuck repeats itself",
    },
    { kind: "meanBetween", column: "t2m", min: 275, max: 288 },
  ],
};
