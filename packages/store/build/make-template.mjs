// Makes dist/template.tar.gz: a data directory that initdb has been through, so that a first start takes no seconds.
import { writeFileSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";

const database = await PGlite.create();
// Nobody makes databases in a store, so it needs no templates of them: two thirds of the files that a first start writes.
await database.exec("update pg_database set datistemplate = false");
for (const name of ["template0", "template1"]) await database.exec(`drop database ${name}`);
// Nor the log of initdb: the log begins again in a segment of zeros, and old ones are deleted.
await database.exec("set wal_recycle = off");
for (const statement of ["checkpoint", "select pg_switch_wal()", "checkpoint"]) await database.exec(statement);
const dump = await database.dumpDataDir("gzip");
writeFileSync(new URL("../dist/template.tar.gz", import.meta.url), Buffer.from(await dump.arrayBuffer()));
await database.close();
