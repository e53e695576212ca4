import { newId, type RunId } from "@deepwright/core";
import { createClient as createStreamClient } from "graphql-sse";
import { type Client, createClient } from "graphql-ws";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { databases, runEvents, startTestGateway, type TestGateway } from "./testing/test-gateway.js";

const token = "a-token-of-the-test";
for (const database of databases) {
  describe.skipIf(!database.available)(`a gateway on ${database.name}`, () => {
    let gateway: TestGateway;
    let client: Client;
    let runId: RunId;
    const sourceId = newId();
    let sequence = 1;

    const authorization = { authorization: `Bearer ${token}` };

    async function send(events: readonly unknown[]): Promise<void> {
      const response = await fetch(`${gateway.url}/rpc/runs/ingest`, {
        method: "POST",
        headers: { "content-type": "application/json", ...authorization },
        body: JSON.stringify({ sourceId, firstSequence: sequence, events }),
      });
      expect(response.status).toBe(200);
      sequence += events.length;
    }

    const metrics = (values: readonly number[], firstStep: number) => ({
      type: "metrics",
      runId,
      names: ["loss"],
      nameIndexes: values.map(() => 0),
      steps: values.map((_, index) => firstStep + index),
      timesMs: values.map((_, index) => 1e12 + firstStep + index),
      values,
    });

    beforeAll(async () => {
      gateway = await startTestGateway({ token }, database.make);
      client = createClient({
        url: `${gateway.url.replace("http", "ws")}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: authorization,
        retryAttempts: 0,
      });
      const run = runEvents({ name: "live", startedAtMs: 1e12, running: true });
      runId = run.id;
      await send(run.events);
    });
    afterAll(async () => {
      await client.dispose();
      await gateway.end();
    });

    const watch = "subscription S($id: ID!) { runChanged(id: $id) { status tags { key } metrics { name count } } }";

    interface Changed {
      readonly runChanged: { readonly status: string; readonly metrics: readonly { readonly count: number }[] };
    }

    describe("live runs over graphql-ws", () => {
      it("gives the run now and after each change, to its end", async () => {
        const events = client.iterate<Changed>({ query: watch, variables: { id: runId } });
        const next = async () => (await events.next()).value?.data?.runChanged;
        expect(await next()).toMatchObject({ status: "RUNNING", metrics: [] });
        await send([metrics([3, 2], 0)]);
        expect(await next()).toMatchObject({ metrics: [{ name: "loss", count: 2 }] });
        await gatewayQuery(
          'mutation M($id: ID!) { setRunTags(input: {runId: $id, set: [{key: "seen", value: ""}]}) { userErrors { code } } }',
        );
        expect(await next()).toMatchObject({ tags: [{ key: "seen" }] });
        await events.return?.();
      });

      it("gives every new point once, in order", async () => {
        const events = client.iterate<{ metricPoints: { name: string; steps: number[]; values: unknown[] }[] }>({
          query: 'subscription S($id: ID!) { metricPoints(id: $id, names: ["loss"]) { name steps values } }',
          variables: { id: runId },
        });
        const seen: unknown[] = [];
        const reading = (async () => {
          for await (const { data } of events) {
            seen.push(...(data?.metricPoints[0]?.values ?? []));
            if (seen.length >= 40) return;
          }
        })();
        // The stream begins somewhere after the subscription was sent: wait until it is there before points are sent.
        await expect.poll(async () => gateway.takeQueries().length, { timeout: 20_000 }).toBeGreaterThan(0);
        await new Promise((resolve) => setTimeout(resolve, 300));
        for (let batch = 0; batch < 4; batch++) {
          await send([
            metrics(
              Array.from({ length: 10 }, (_, index) => batch * 10 + index),
              100 + batch * 10,
            ),
          ]);
        }
        await reading;
        expect(seen).toEqual(Array.from({ length: 40 }, (_, index) => index));
      });

      it("runs queries too, and refuses what HTTP refuses", async () => {
        const once = async (query: string) => {
          const events = client.iterate({ query });
          try {
            return (await events.next()).value;
          } catch (error) {
            return error;
          }
        };
        expect(await once("{ gatewayVersion }")).toEqual({ data: { gatewayVersion: "0.0.0" } });
        expect(
          JSON.stringify(await once(`{ runs { nodes { ${"parent { ".repeat(20)}name${" }".repeat(20)} } } }`)),
        ).toContain("QUERY_TOO_LARGE");
        expect(JSON.stringify(await once(`subscription { runChanged(id: "${newId()}") { name } }`))).toContain(
          "RUN_NOT_FOUND",
        );
      });

      it("asks for the token", async () => {
        const stranger = createClient({
          url: `${gateway.url.replace("http", "ws")}/graphql`,
          webSocketImpl: WebSocket,
          retryAttempts: 0,
        });
        await expect(stranger.iterate({ query: "{ gatewayVersion }" }).next()).rejects.toMatchObject({ code: 4403 });
        await stranger.dispose();
      });

      it("refuses a page of another site", async () => {
        const socket = new WebSocket(`${gateway.url.replace("http", "ws")}/graphql`, "graphql-transport-ws", {
          origin: "https://evil.example",
        });
        const status = await new Promise((resolve) => {
          socket.on("unexpected-response", (_, response) => resolve(response.statusCode));
          socket.on("error", resolve);
        });
        expect(status).toBe(403);
      });
    });

    async function gatewayQuery(query: string): Promise<void> {
      const { errors } = await gateway.graphql(query, { id: runId }, authorization);
      expect(errors).toBeUndefined();
    }

    describe("live runs over server-sent events", () => {
      it("gives changes to a client of graphql-sse", async () => {
        const stream = createStreamClient({
          url: `${gateway.url}/graphql/stream`,
          headers: authorization,
          retryAttempts: 0,
        });
        const events = stream.iterate<Changed>({ query: watch, variables: { id: runId } });
        const first = await events.next();
        expect(first.value?.data?.runChanged.status).toBe("RUNNING");
        await send([{ type: "run-end", runId, status: "finished", endedAtMs: 2e12, exitCode: 0, signal: null }]);
        const second = await events.next();
        expect(second.value?.data?.runChanged.status).toBe("FINISHED");
        await events.return?.();
        stream.dispose();
      });

      it("asks for the token", async () => {
        const response = await fetch(`${gateway.url}/graphql/stream`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ query: "{ gatewayVersion }" }),
        });
        expect(response.status).toBe(401);
      });
    });

    it("met no defect on the way", () => {
      expect(gateway.defects).toEqual([]);
    });
  });
}
