import { DeepwrightError, refuseNul } from "@deepwright/core";
import type { PoolClient, QueryArrayConfig, QueryConfig } from "pg";
import { storeClosed, transactionAborted, transactionEnded } from "../errors/store-errors.js";
import { decoderFor } from "../sql/decode-value.js";
import type { Driver, DriverTransaction, EncodedStatement } from "../sql/driver.js";
import type { RowShape, StatementResult } from "../sql/result.js";
import { missingPg, postgresError } from "./errors.js";
import { PostgresListener } from "./listener.js";
import { isConfusion, StatementNames } from "./statement-names.js";

const asText = (text: string): unknown => text;

function queryConfig(
  { text, parameters }: EncodedStatement,
  shape: RowShape,
  name: string | undefined,
): QueryConfig | QueryArrayConfig {
  const values = parameters.map((value) =>
    value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value,
  );
  const types = { getTypeParser: (oid: number) => decoderFor(oid, shape) ?? asText };
  const config = {
    text: refuseNul(text, "SQL"),
    values,
    types: types as NonNullable<QueryConfig["types"]>,
    ...(name === undefined ? {} : { name }),
  };
  return shape === "drizzle" ? { ...config, rowMode: "array" } : config;
}

async function run(
  client: PoolClient,
  statements: readonly EncodedStatement[],
  shape: RowShape,
  names: StatementNames,
): Promise<StatementResult[]> {
  const results: StatementResult[] = [];
  for (const statement of statements) {
    const config = queryConfig(statement, shape, names.nameOf(statement.text));
    const { rows, rowCount, command } = await client.query(config as QueryConfig).catch((error: unknown) => {
      if (isConfusion(error)) names.disable();
      throw error;
    });
    results.push({ rows, rowCount: rowCount ?? 0, command });
  }
  return results;
}

/** The address without its password, which may stand in two places. */
function redact(address: string): string {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    // Neither the address nor what URL says about it is told: a password may be in both.
    throw new DeepwrightError({
      code: "INVALID_STORE_URI",
      kind: "usage",
      expected: "an address such as postgres://user:password@host:5432/database",
      got: "one that is no URL",
      todo: "Write characters such as @, : and / in the user or password as %40, %3A and %2F.",
    });
  }
  url.password = "";
  url.searchParams.delete("password");
  return url.href;
}

/** A Postgres server through a pool of `pg`, which is loaded here and nowhere else. */
export async function openPostgresDriver(address: string): Promise<Driver> {
  const uri = redact(address);
  const { default: pg } = await import("pg").catch((error: unknown) => Promise.reject(missingPg(error)));
  const pool = new pg.Pool({ connectionString: address, max: 10, application_name: "deepwright" });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on("error", () => undefined);
  // The pool listens to idle connections only. One that breaks in use fails the query that runs on it, or the next.
  pool.on("connect", (client) => void client.on("error", () => undefined));
  const names = new StatementNames();
  let closed = false;
  const acquire = async (): Promise<PoolClient> => {
    if (closed) throw storeClosed();
    try {
      return await pool.connect();
    } catch (error) {
      throw postgresError(error);
    }
  };
  const listener = new PostgresListener((config) => new pg.Client(config), {
    connectionString: address,
    application_name: "deepwright listener",
  });
  const withClient = async <Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> => {
    const client = await acquire();
    try {
      const result = await work(client);
      client.release();
      return result;
    } catch (error) {
      const typed = postgresError(error);
      client.release("code" in typed && typed.code === "STORE_UNAVAILABLE");
      throw typed;
    }
  };
  // A wrong address shows now, not at the first statement.
  await withClient((client) => client.query("select 1")).catch(async (error: unknown) => {
    await pool.end();
    throw error;
  });
  return {
    kind: "postgres",
    uri,
    execute: (statements, shape) =>
      withClient(async (client) => {
        if (statements.length === 1) {
          // What failed alone was kept nowhere, so it can be sent again without a name.
          return run(client, statements, shape, names).catch((error: unknown) =>
            isConfusion(error) ? run(client, statements, shape, names) : Promise.reject(error),
          );
        }
        await client.query("begin");
        try {
          const results = await run(client, statements, shape, names);
          await client.query("commit");
          return results;
        } catch (error) {
          // A broken connection has rolled back by itself, and can't say so.
          await client.query("rollback").catch(() => undefined);
          throw error;
        }
      }),
    begin: async () => begin(await acquire(), names),
    listen: (channel, callback) => listener.listen(channel, callback),
    async close() {
      if (closed) return;
      closed = true;
      await listener.close();
      await pool.end();
    },
  };
}

async function begin(client: PoolClient, names: StatementNames): Promise<DriverTransaction> {
  let released = false;
  let ended = false;
  const release = (broken: boolean): void => {
    if (!released) client.release(broken);
    released = true;
  };
  const attempt = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      throw postgresError(error);
    }
  };
  // After its end the connection is another's, or the pool's.
  const inside: typeof attempt = (work) => (ended ? Promise.reject(transactionEnded()) : attempt(work));
  await attempt(() => client.query("begin")).catch((error: unknown) => {
    release(true);
    throw error;
  });
  return {
    execute: (statements, shape) => inside(() => run(client, statements, shape, names)),
    script: (text) => inside(async () => void (await client.query(refuseNul(text, "SQL")))),
    commit: () =>
      attempt(async () => {
        ended = true;
        const { command } = await client.query("commit");
        release(false);
        if (command !== "COMMIT") throw transactionAborted();
      }),
    async rollback() {
      ended = true;
      if (released) return;
      const broken = await client.query("rollback").then(
        () => false,
        () => true,
      );
      release(broken);
    },
  };
}
