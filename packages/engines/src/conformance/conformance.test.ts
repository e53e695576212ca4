import {
  findPostgres,
  findSpark,
  type PostgresServer,
  type SparkServer,
  startPostgres,
  startSpark,
} from "@deepwright/tooling/testing";
import { afterAll, beforeAll, describe, it } from "vitest";
import { openEngine } from "../open-engine.js";
import { conformanceSuite, sparkDialect } from "./index.js";

const has = {
  files: false,
  arrow: true,
  writesParquet: false,
  memoryLimit: false,
  transactions: true,
  snapshots: true,
};

describe("the conformance suite on duckdb", () => {
  const capabilities = {
    ...has,
    name: "duckdb",
    files: true,
    writesParquet: true,
    memoryLimit: true,
    snapshots: false,
  } as const;
  for (const { name, skip, run } of conformanceSuite(() => openEngine({ kind: "duckdb" }), capabilities)) {
    it.skipIf(skip !== null)(skip === null ? name : `${name} (skipped: ${skip})`, run);
  }
});

const programs = findPostgres();

describe.skipIf(programs === null)(
  `the conformance suite on postgres${programs ? "" : " (skipped: no initdb)"}`,
  () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(() => server.stop());
    const open = () => openEngine({ kind: "postgres", uri: server.uri });
    for (const { name, skip, run } of conformanceSuite(open, { ...has, name: "postgres" })) {
      it.skipIf(skip !== null)(skip === null ? name : `${name} (skipped: ${skip})`, run);
    }
  },
);

const { reason } = findSpark();

describe.skipIf(reason !== null)(
  `the conformance suite on spark${reason === null ? "" : ` (skipped: ${reason})`}`,
  () => {
    let server: SparkServer;
    beforeAll(async () => {
      server = await startSpark();
    }, 240_000);
    afterAll(() => server?.stop());
    const open = () => openEngine({ kind: "spark", uri: server.uri });
    const capabilities = {
      ...has,
      name: "spark",
      files: true,
      writesParquet: true,
      transactions: false,
      snapshots: false,
    } as const;
    for (const { name, skip, run } of conformanceSuite(open, capabilities, sparkDialect)) {
      it.skipIf(skip !== null)(skip === null ? name : `${name} (skipped: ${skip})`, run, 120_000);
    }
  },
);
