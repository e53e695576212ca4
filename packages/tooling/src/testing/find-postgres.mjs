import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where Debian's and Ubuntu's packages put each version, out of `PATH`. */
const versionsFolder = "/usr/lib/postgresql";

/** @returns {string | null} */
export function findPostgres() {
  const versions = existsSync(versionsFolder) ? readdirSync(versionsFolder) : [];
  versions.sort((a, b) => Number(b) - Number(a));
  const folders = [
    ...versions.map((version) => join(versionsFolder, version, "bin")),
    ...(process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== ""),
  ];
  return folders.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres"))) ?? null;
}
