import { z } from "zod";
import type { ArrayFile, RasterGrid } from "../array-file.js";
import { ArrayFault, arrayKind, arrayShape } from "./array-kind.js";

function rasterOf({ raster, path }: ArrayFile): RasterGrid {
  if (raster === null) throw new ArrayFault("NOT_ANSWERABLE", `${JSON.stringify(path)} does not say where it lies`);
  return raster;
}

export const crsEquals = arrayKind({
  expects: "the coordinate reference system of a raster, as `EPSG:4326`",
  options: z.strictObject({ ...arrayShape, crs: z.string().regex(/^EPSG:\d+$/) }),
  plan({ crs }, { file }) {
    const { crs: found } = rasterOf(file);
    return {
      by: "facts",
      about: [],
      expected: `the raster to be in ${crs}`,
      outcome: { passed: found === crs, observed: found, ...(found === null && { reason: "it names no EPSG code" }) },
    };
  },
});

const tolerance = z.number().min(0).optional();
const isNear = (left: number, right: number, most: number): boolean => Math.abs(left - right) <= most;

export const resolutionEquals = arrayKind({
  expects:
    "the size of a pixel in units of the CRS, as positive numbers; `tolerance` as a fraction of it, 1e-6 by default",
  options: z.strictObject({ ...arrayShape, x: z.number().positive(), y: z.number().positive(), tolerance }),
  plan({ x, y, tolerance = 1e-6 }, { file }) {
    const { resolution } = rasterOf(file);
    const [width, height] = [Math.abs(resolution.x), Math.abs(resolution.y)];
    return {
      by: "facts",
      about: ["x", "y"],
      expected: `pixels to measure ${x} x ${y}`,
      outcome: {
        passed: isNear(width, x, tolerance * x) && isNear(height, y, tolerance * y),
        observed: `${width} x ${height}`,
      },
    };
  },
});

const bounds = z.tuple([z.number(), z.number(), z.number(), z.number()]);

export const extentEquals = arrayKind({
  expects:
    "the bounds of a raster: smallest x, smallest y, greatest x, greatest y; `tolerance` in units of the CRS, half a pixel by default",
  options: z.strictObject({ ...arrayShape, bounds, tolerance }),
  plan({ bounds, tolerance }, { file }) {
    const raster = rasterOf(file);
    const most = tolerance ?? Math.min(Math.abs(raster.resolution.x), Math.abs(raster.resolution.y)) / 2;
    return {
      by: "facts",
      about: ["x", "y"],
      expected: `the raster to extend over ${bounds.join(", ")}`,
      outcome: {
        passed: bounds.every((bound, index) => isNear(bound, raster.bounds[index] as number, most)),
        observed: raster.bounds.join(", "),
      },
    };
  },
});

export const extentWithin = arrayKind({
  expects: "a raster to lie within bounds: smallest x, smallest y, greatest x, greatest y",
  options: z.strictObject({ ...arrayShape, bounds }),
  plan({ bounds: [west, south, east, north] }, { file }) {
    const { bounds: found } = rasterOf(file);
    return {
      by: "facts",
      about: ["x", "y"],
      expected: `the raster to lie within ${west}, ${south}, ${east}, ${north}`,
      outcome: {
        passed: found[0] >= west && found[1] >= south && found[2] <= east && found[3] <= north,
        observed: found.join(", "),
      },
    };
  },
});
