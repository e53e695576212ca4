// Makes dist/template.tar.gz: a data directory that initdb has been through, so that a first start takes no seconds.
import { writeFileSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";

const database = await PGlite.create();
const dump = await database.dumpDataDir("gzip");
writeFileSync(new URL("../dist/template.tar.gz", import.meta.url), Buffer.from(await dump.arrayBuffer()));
await database.close();
