import { refuseNul } from "@deepwright/core";

/** Quotes a name so that Postgres takes it as it is: `run"1` becomes `"run""1"`. */
export function quoteIdentifier(name: string): string {
  return `"${refuseNul(name, "a name").replaceAll('"', '""')}"`;
}

/** Quotes a table's name, which may be `schema.table`. */
export function quoteTable(name: string): string {
  return name.split(".").map(quoteIdentifier).join(".");
}
