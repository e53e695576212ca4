import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { newId } from "@deepwright/core";
import type { LineageEvent } from "@deepwright/lineage";
import type { Benchmark, BenchmarkContext } from "../benchmark.js";
import { jsonClient } from "../measure/json-client.js";
import { freePort, type ServerProcess, startServer } from "../measure/server-process.js";
import { formatFigure, interleave, median, medianRatio } from "../measure/statistics.js";
import { startGatewayProcess } from "../peers/deepwright.js";
import { ingestClient, runStart } from "./ingest.js";

const query = `query List($filter: RunFilter) {
  runs(project: "bench", filter: $filter, first: 100) {
    nodes { id uuid name projectName status command startedAt endedAt exitCode signal }
    pageInfo { hasNextPage endCursor }
  }
}`;
const startMs = Date.UTC(2026, 0, 1);

async function startDefaultApollo(context: BenchmarkContext, answer: string): Promise<ServerProcess> {
  const file = join(context.folder, "answer.json");
  writeFileSync(file, answer);
  const port = await freePort();
  return startServer({
    command: process.execPath,
    arguments: [fileURLToPath(new URL("../peers/default-apollo.js", import.meta.url)), String(port), file],
    url: `http://127.0.0.1:${port}`,
    readyPath: "/ready",
    environment: { NODE_ENV: "production" },
  });
}

/** Processor time of a GraphQL list of 100 runs, beside Apollo with its defaults that has the list in memory. */
export const graphqlListBenchmark: Benchmark = {
  name: "graphql-list",
  async run(context) {
    const gateway = await startGatewayProcess(context.folder);
    context.defer(() => gateway.stop());
    const client = jsonClient(gateway.url);
    context.defer(() => client.close());
    const events: LineageEvent[] = [];
    for (let index = 0; index < 200; index++) {
      const start = { ...runStart(newId<"run">(), `run-${index}`), startedAtMs: startMs + index };
      const end = { status: "finished", endedAtMs: startMs + index + 1, exitCode: 0, signal: null } as const;
      events.push(start, { type: "run-end", runId: start.runId, ...end });
    }
    await ingestClient(client).send(events);
    const body = (variables: object): string => JSON.stringify({ query, variables });
    const answer = await client.post("/graphql", body({}));
    const listOf = (text: string) => (JSON.parse(text) as { data: { runs: { nodes: unknown[] } } }).data.runs.nodes;
    const expected = JSON.stringify(listOf(answer));
    if (listOf(answer).length !== 100) throw new Error(`expected a list of 100, got ${listOf(answer).length}`);
    const apollo = await startDefaultApollo(context, answer);
    context.defer(() => apollo.stop());
    const apolloClient = jsonClient(apollo.url);
    context.defer(() => apolloClient.close());

    const sameBody = body({});
    let asked = 0;
    // A condition that all runs meet and that was never asked before: no cache can have its answer.
    const newBody = (): string => body({ filter: { startedAfter: new Date(startMs - 1000 - asked++).toISOString() } });
    const measure =
      (server: ServerProcess, requests: number, ask: () => Promise<string>) => async (): Promise<number> => {
        let last = "";
        const before = server.cpuSeconds();
        for (let request = 0; request < requests; request++) last = await ask();
        const milliseconds = ((server.cpuSeconds() - before) * 1000) / requests;
        if (JSON.stringify(listOf(last)) !== expected) throw new Error(`another list: ${last.slice(0, 300)}`);
        return milliseconds;
      };
    const scale = context.quick ? 0.05 : 1;
    const candidates = {
      apollo: measure(apollo, Math.ceil(2000 * scale), () => apolloClient.post("/graphql", sameBody)),
      ours: measure(gateway, Math.ceil(4000 * scale), () => client.post("/graphql", sameBody)),
      oursUncached: measure(gateway, Math.ceil(500 * scale), () => client.post("/graphql", newBody())),
    };
    await interleave(1, candidates);
    const results = await interleave(context.rounds, candidates);
    const row = (what: string, ours: readonly number[]) => {
      const ratio = medianRatio(ours, results.apollo);
      return {
        what: `GraphQL list of 100 runs, ${what} (PGlite)`,
        asked: "<= 0.25 x default Apollo on Fastify that has the list in memory",
        measured: `${formatFigure(median(ours))} CPU-ms = ${formatFigure(ratio)} x`,
        beside: `${formatFigure(median(results.apollo))} CPU-ms`,
        reached: ratio <= 0.25,
      };
    };
    return [
      row("read from the store, nothing written since", results.ours),
      row("read from the store by each request", results.oursUncached),
    ];
  },
};
