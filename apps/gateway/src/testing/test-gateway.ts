import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId, type RunId, stringifyJson } from "@deepwright/core";
import type { LineageEvent } from "@deepwright/lineage";
import { openStore, type Store } from "@deepwright/store";
import { findPostgres, startPostgres } from "@deepwright/tooling/testing";
import type { GatewayConfigInput } from "../config/config.js";
import { type Gateway, startGateway } from "../start-gateway.js";

export interface GraphqlAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  readonly data: any;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  readonly errors: any[] | undefined;
  readonly text: string;
}

/** A gateway on a database of its own, with what tests ask of one. */
export interface TestGateway extends Gateway {
  /** Statements sent to the database since the last look. */
  takeQueries(): string[];
  /** Defects that the gateway reported. */
  readonly defects: unknown[];
  graphql(query: string, variables?: object, headers?: Readonly<Record<string, string>>): Promise<GraphqlAnswer>;
  rpc(
    path: string,
    body: unknown,
  ): Promise<{ readonly status: number; readonly body: { result?: unknown; error?: { code: string } } }>;
  end(): Promise<void>;
}

function counting(store: Store, queries: string[]): Store {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (name === "query") {
        return (text: string, parameters: never) => {
          queries.push(text);
          return target.query(text, parameters);
        };
      }
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** A database of a test's own, and what takes it away. */
interface TestDatabase {
  readonly uri: string;
  remove(): Promise<void>;
}

async function makeFolder(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), "deepwright-gateway-"));
  return {
    uri: `file:${join(folder, "store")}`,
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function makeServer(): Promise<TestDatabase> {
  const server = await startPostgres();
  return { uri: server.uri, remove: () => server.stop() };
}

/** The databases on which a gateway must do the same. */
export const databases = [
  { name: "PGlite", available: true, make: makeFolder },
  {
    name: findPostgres() === null ? "Postgres (skipped: no server is installed)" : "Postgres",
    available: findPostgres() !== null,
    make: makeServer,
  },
] as const;

/** Starts one on a free port. */
export async function startTestGateway(
  config: GatewayConfigInput = {},
  makeDatabase: () => Promise<TestDatabase> = makeFolder,
): Promise<TestGateway> {
  const database = await makeDatabase();
  const store = await openStore(database.uri);
  if (store.kind === "http") throw new Error("expected a database");
  const queries: string[] = [];
  const defects: unknown[] = [];
  const gateway = await startGateway(
    { port: 0, upkeepIntervalMs: 3_600_000, ...config },
    { store: counting(store, queries), report: (error) => defects.push(error) },
  );
  return {
    ...gateway,
    defects,
    takeQueries: () => queries.splice(0),
    async graphql(query, variables = {}, headers = {}) {
      const response = await fetch(`${gateway.url}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: stringifyJson({ query, variables }),
      });
      const text = await response.text();
      const body = text.startsWith("{") ? JSON.parse(text) : {};
      return { status: response.status, data: body.data, errors: body.errors, text };
    },
    async rpc(path, body) {
      const response = await fetch(`${gateway.url}/rpc/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: stringifyJson(body),
      });
      return { status: response.status, body: (await response.json()) as never };
    },
    async end() {
      await gateway.close();
      await store.close();
      await database.remove();
    },
  };
}

export interface SeedOptions {
  readonly project?: string;
  readonly name: string;
  readonly startedAtMs: number;
  readonly configuration?: Readonly<Record<string, string | number | boolean>>;
  /** Values of the metric mae, one a step. */
  readonly mae?: readonly number[];
  readonly parentRunId?: RunId;
  /** Default: finished. */
  readonly running?: boolean;
}

/** Events of a whole run. */
export function runEvents(options: SeedOptions): { readonly id: RunId; readonly events: LineageEvent[] } {
  const id = newId<"run">();
  const { project = "est", name, startedAtMs, configuration = {}, mae = [], parentRunId } = options;
  const events: LineageEvent[] = [
    {
      type: "run-start",
      runId: id,
      project,
      name,
      command: ["python", "train.py"],
      startedAtMs,
      location: { host: "here", processId: 1, root: "/nowhere", workingDirectory: "/nowhere" },
      purpose: "user",
      objective: { metric: "mae", direction: "minimize" },
      ...(parentRunId ? { parentRunId } : {}),
    },
    { type: "component", runId: id, component: "configuration", entries: configuration },
  ];
  if (mae.length > 0) {
    const steps = mae.map((_, step) => step);
    const timesMs = steps.map((step) => startedAtMs + step);
    events.push({
      type: "metrics",
      runId: id,
      names: ["mae"],
      nameIndexes: steps.map(() => 0),
      steps,
      timesMs,
      values: mae,
    });
  }
  if (!options.running) {
    events.push({
      type: "run-end",
      runId: id,
      status: "finished",
      endedAtMs: startedAtMs + 5000,
      exitCode: 0,
      signal: null,
    });
  }
  return { id, events };
}

/** Records a run through the gateway. */
export async function seedRun(gateway: TestGateway, options: SeedOptions): Promise<RunId> {
  const { id, events } = runEvents(options);
  const { status, body } = await gateway.rpc("runs/ingest", { sourceId: newId(), firstSequence: 1, events });
  if (status !== 200) throw new Error(JSON.stringify(body));
  return id;
}
