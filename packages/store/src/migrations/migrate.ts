import { DeepwrightError, sha256 } from "@deepwright/core";
import type { Driver, DriverTransaction } from "../sql/driver.js";
import { encodeParameter } from "../sql/encode-parameter.js";
import type { Migration, PackageMigrations } from "../store.js";

/** Any number that no other program locks: the first digits of the SHA-256 of `deepwright.migrate`. */
const lockKey = "5284127046115394";

interface Applied {
  readonly package: string;
  readonly name: string;
  readonly checksum: string;
}

/**
 * Applies the migrations that a database lacks, each in a transaction of its own under one lock, so that two processes
 * that start at once take turns.
 *
 * @throws DeepwrightError `DATABASE_TOO_NEW` when the database has migrations that this version does not know,
 *   `MIGRATION_CHANGED` when a released migration is not what was applied; nothing is changed in either case
 */
export async function migrate(driver: Driver, packages: readonly PackageMigrations[]): Promise<void> {
  const table = "select to_regclass('deepwright_migration') is not null as there";
  const [exists] = await driver.execute([{ text: table, parameters: [] }], "objects");
  const there = (exists?.rows[0] as { there: boolean } | undefined)?.there ?? false;
  if (there && pending(packages, await readApplied(driver)).length === 0) return;
  for (;;) {
    const transaction = await driver.begin();
    try {
      const more = await applyNext(transaction, packages);
      await transaction.commit();
      if (!more) return;
    } catch (error) {
      await transaction.rollback();
      throw error;
    }
  }
}

/** Applies one migration; false when none is left. */
async function applyNext(transaction: DriverTransaction, packages: readonly PackageMigrations[]): Promise<boolean> {
  await transaction.script(`select pg_advisory_xact_lock(${lockKey});
    create table if not exists deepwright_migration (
      package text not null, name text not null, checksum text not null,
      applied_at timestamptz not null default now(), primary key (package, name)
    )`);
  const [next] = pending(packages, await readApplied(transaction));
  if (!next) return false;
  await transaction.script(next.migration.sql);
  await transaction.execute(
    [
      {
        // The time of this statement: a transaction that waited for the lock began before the one that it waited for.
        text: "insert into deepwright_migration (package, name, checksum, applied_at) values ($1, $2, $3, clock_timestamp())",
        parameters: [next.package, next.migration.name, sha256(next.migration.sql)].map(encodeParameter),
      },
    ],
    "objects",
  );
  return true;
}

async function readApplied(executor: Pick<Driver, "execute">): Promise<readonly Applied[]> {
  const text = "select package, name, checksum from deepwright_migration";
  const [result] = await executor.execute([{ text, parameters: [] }], "objects");
  return (result?.rows ?? []) as Applied[];
}

function pending(
  packages: readonly PackageMigrations[],
  applied: readonly Applied[],
): readonly { readonly package: string; readonly migration: Migration }[] {
  return packages.flatMap((each) => {
    const own = new Map(applied.filter((row) => row.package === each.package).map((row) => [row.name, row.checksum]));
    const known = new Map(each.migrations.map((migration) => [migration.name, sha256(migration.sql)]));
    for (const [name, checksum] of own) {
      if (!known.has(name)) throw tooNew(each.package, name);
      if (known.get(name) !== checksum) throw changed(each.package, name);
    }
    return each.migrations
      .filter((migration) => !own.has(migration.name))
      .map((migration) => ({ package: each.package, migration }));
  });
}

const tooNew = (name: string, migration: string): DeepwrightError =>
  new DeepwrightError({
    code: "DATABASE_TOO_NEW",
    kind: "conflict",
    expected: `a database that this version of @deepwright/${name} knows`,
    got: `one that has the later migration ${migration}`,
    todo: `Install the version of @deepwright/${name} that made it, or a newer one.`,
  });

const changed = (name: string, migration: string): DeepwrightError =>
  new DeepwrightError({
    code: "MIGRATION_CHANGED",
    kind: "conflict",
    expected: `migration ${migration} of @deepwright/${name} as it was applied`,
    got: "another text of the same name",
    todo: "Restore the released migration and write a new one for the change.",
  });
