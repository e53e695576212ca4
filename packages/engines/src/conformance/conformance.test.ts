import { findPostgres, type PostgresServer, startPostgres } from "@deepwright/tooling/testing";
import { afterAll, beforeAll, describe, it } from "vitest";
import { openEngine } from "../open-engine.js";
import { conformanceSuite } from "./index.js";

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
