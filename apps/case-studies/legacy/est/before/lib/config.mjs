import { readFileSync } from "node:fs";
import { parse } from "smol-toml";

export function readConfig(file, overrides) {
  const config = parse(readFileSync(file, "utf8"));
  for (const override of overrides) {
    const [path, text] = override.split("=");
    const keys = path.split(".");
    const last = keys.pop();
    let section = config;
    for (const key of keys) section = section[key];
    section[last] = parseValue(text);
  }
  return config;
}

function parseValue(text) {
  if (text === "true") return true;
  if (text === "false") return false;
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}
