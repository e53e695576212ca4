import { readFileSync } from "node:fs";
import { parse } from "smol-toml";

export function readConfig(file, overrides) {
  const config = parse(readFileSync(file, "utf8"));
  for (const override of overrides) {
    const [path, text] = override.split("=");
    const keys = path.split(".");
    const last = keys.pop();
    const section = keys.reduce((part, key) => part[key], config);
    section[last] = parseValue(text);
  }
  return config;
}

function parseValue(text) {
  if (text === "true" || text === "false") return text === "true";
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}
