import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DeepwrightError } from "@deepwright/core";
import { PGlite } from "@electric-sql/pglite";
import { fileSystemError } from "../../errors/store-errors.js";
import { unpackTemplate } from "./template.js";

/**
 * Opens `<directory>/database`, made from the template of this package when it is not there. The caller holds the lock.
 *
 * @param template another file than the one of this package
 * @throws DeepwrightError `STORE_FORMAT_UNSUPPORTED` for data of another major version of Postgres, and file system errors
 */
export async function openDatabase(directory: string, template?: URL): Promise<PGlite> {
  const database = join(directory, "database");
  const partial = join(directory, "database.partial");
  try {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(database)) {
      if (!unpackTemplate(partial, template)) await (await PGlite.create({ dataDir: partial })).close();
      renameSync(partial, database);
    }
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw fileSystemError(error, `to make the database in ${JSON.stringify(database)}`);
  }
  checkVersion(database);
  const messages: string[] = [];
  try {
    return await PGlite.create({
      dataDir: database,
      onStderr: (text) => messages.push(text) < 0,
    });
  } catch (error) {
    throw new DeepwrightError({
      code: "STORE_UNAVAILABLE",
      kind: "unavailable",
      expected: `the database in ${JSON.stringify(database)} to start`,
      got: messages.findLast((text) => /FATAL|PANIC|ERROR/.test(text)) ?? String(error),
      todo: "Check that the disk has room and that you may write to the directory.",
      cause: error,
    });
  }
}

/** The major version of Postgres that PGlite is made of. */
const postgresMajor = "18";

function checkVersion(database: string): void {
  let found = "no Postgres data";
  try {
    found = `data of Postgres ${readFileSync(join(database, "PG_VERSION"), "utf8").trim()}`;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) {
      throw fileSystemError(error, `to read the database in ${JSON.stringify(database)}`);
    }
  }
  if (found === `data of Postgres ${postgresMajor}`) return;
  throw new DeepwrightError({
    code: "STORE_FORMAT_UNSUPPORTED",
    kind: "conflict",
    expected: `data of Postgres ${postgresMajor} in ${JSON.stringify(database)}`,
    got: found,
    todo: "Open it with the version of Deepwright that made it, or choose another directory.",
  });
}
