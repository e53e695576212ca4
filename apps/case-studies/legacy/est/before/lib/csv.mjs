import { readFileSync, writeFileSync } from "node:fs";

// Numbers and plain words only: nothing in our tables is quoted.
export function readTable(file) {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  const names = lines[0].split(",");
  const rows = [];
  for (let i = 1; i < lines.length; i++) {
    const cells = lines[i].split(",");
    const row = {};
    for (let j = 0; j < names.length; j++) row[names[j]] = cells[j];
    rows.push(row);
  }
  return rows;
}

export function writeTable(file, names, rows) {
  const lines = [names.join(",")];
  for (const row of rows) {
    lines.push(names.map((name) => row[name]).join(","));
  }
  writeFileSync(file, `${lines.join("\n")}\n`);
}
