import { existsSync, readFileSync } from "node:fs";

/** An initialised data directory, made by `build/make-template.mjs` with the PGlite that this package depends on. */
const file = new URL(
  import.meta.url.endsWith(".ts") ? "../../../dist/template.tar.gz" : "../../template.tar.gz",
  import.meta.url,
);

/** The template's content; undefined in a build without one, where initdb runs instead and takes seconds. */
export function readTemplate(): Blob | undefined {
  return existsSync(file) ? new Blob([readFileSync(file)], { type: "application/gzip" }) : undefined;
}
