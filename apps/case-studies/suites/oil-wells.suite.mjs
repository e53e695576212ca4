// 720 wells, and the exhaustive maps that they were drilled in: three CSV files of 100 x 100 numbers without a header,
// which become one table of cells.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const size = 100;

/** Row 0 of a map is its north; Y runs from south to north in steps of 10 m. */
async function cellsOfMaps({ folder, temporaryFolder }) {
  const names = { por: "truth_por", ai: "truth_AI", facies: "truth_facies" };
  const maps = {};
  for (const [name, file] of Object.entries(names)) {
    const lines = (await readFile(join(folder, "oil", `${file}.csv`), "utf8")).trim().split("\n");
    maps[name] = lines.map((line) => line.split(",").map(Number));
    if (maps[name].length !== size || maps[name].some((row) => row.length !== size))
      throw new Error(`Expected 100 lines of 100 numbers in ${file}.csv.`);
  }
  const cells = ["x,y,por,ai,facies"];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const values = [maps.por, maps.ai, maps.facies].map((map) => map[row][column]);
      cells.push([column * 10, 990 - row * 10 + 9, ...values].join(","));
    }
  }
  const path = join(temporaryFolder, "oil-maps.csv");
  await writeFile(path, `${cells.join("\n")}\n`);
  return { file: path };
}

export default {
  name: "oil wells",
  description: "720 wells with what the logs say, drilled in maps that are known everywhere.",
  key: ["X", "Y"],
  data: { file: "oil/spatial_wells.csv" },
  sources: { maps: cellsOfMaps },
  expectations: [
    { kind: "columnsInclude", columns: ["X", "Y", "Por", "Perm", "AI", "Facies"] },
    { kind: "rowCountEquals", count: 720 },
    { kind: "primaryKey", columns: ["X", "Y"], because: "a place is drilled once" },
    {
      kind: "foreignKey",
      columns: ["X", "Y"],
      references: { source: "maps", columns: ["x", "y"] },
      severity: "warning",
      because: "wells off the grid of the maps can't be compared with it",
    },
    { kind: "between", column: "X", min: 0, max: 1000 },
    { kind: "between", column: "Y", min: 0, max: 1000 },
    { kind: "between", column: "Por", min: 0, max: 40 },
    {
      kind: "positive",
      column: "Perm",
      severity: "warning",
      because: "rock that lets nothing through is a log that failed",
    },
    { kind: "between", column: "AI", min: 1000, max: 15_000 },
    { kind: "inSet", column: "Facies", values: [0, 1] },
    {
      kind: "figureMatchesSource",
      column: "Por",
      figure: "avg",
      references: { source: "maps", column: "por" },
      tolerance: 0.05,
      severity: "warning",
      because: "wells are drilled where the porosity is high: a model of wells alone is too hopeful",
    },
    {
      kind: "figureMatchesSource",
      column: "Facies",
      figure: "avg",
      references: { source: "maps", column: "facies" },
      tolerance: 0.05,
      severity: "warning",
    },
  ],
};
