import { readFileSync, writeFileSync } from "node:fs";

// Numbers and plain words only: nothing in our tables is quoted.
export function readTable(file) {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  const names = lines[0].split(",");
  return lines.slice(1).map((line) => {
    const cells = line.split(",");
    const row = {};
    for (let j = 0; j < names.length; j++) row[names[j]] = cells[j];
    return row;
  });
}

export function writeTable(file, names, rows) {
  const lines = rows.map((row) => names.map((name) => row[name]).join(","));
  lines.unshift(names.join(","));
  writeFileSync(file, `${lines.join("\n")}\n`);
}
