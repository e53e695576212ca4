import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import { invalidRequest } from "../server/errors.js";
import type { LiveResult, LiveRunner } from "./subscribe.js";

const requestSchema = z.object({
  query: z.string().min(1),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
});

/** Comments that keep proxies from closing a silent stream. */
const keepAliveMs = 12_000;

/**
 * GraphQL over server-sent events, distinct connections mode: `POST /graphql/stream` with the operation as JSON; results
 * come as events `next`, the end as `complete`.
 */
export function mountEventStream(server: FastifyInstance, runner: LiveRunner, streams: Set<() => void>): void {
  server.post("/graphql/stream", async (request, reply) => {
    const parsed = requestSchema.safeParse(request.body);
    if (!parsed.success) throw invalidRequest("a JSON object with query, operationName and variables");
    const { query, operationName, variables } = parsed.data;
    const result = await runner.readAndRun({
      query,
      operationName: operationName ?? undefined,
      variables: variables ?? {},
    });
    await send(reply, Symbol.asyncIterator in result ? result : once(result), streams);
    return reply;
  });
}

async function* once(result: LiveResult): AsyncGenerator<LiveResult, void, undefined> {
  yield result;
}

async function send(
  reply: FastifyReply,
  results: AsyncIterableIterator<LiveResult>,
  streams: Set<() => void>,
): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
    connection: "keep-alive",
    "x-accel-buffering": "no",
  });
  raw.write(":\n\n");
  const end = (): void => void results.return?.();
  raw.on("close", end);
  streams.add(end);
  const keepAlive = setInterval(() => raw.write(":\n\n"), keepAliveMs);
  try {
    for await (const result of results) {
      if (!raw.write(`event: next\ndata: ${JSON.stringify(result)}\n\n`) && !raw.closed) {
        await new Promise<void>((resolve) => {
          raw.once("drain", resolve);
          raw.once("close", resolve);
        });
      }
    }
    raw.write("event: complete\ndata:\n\n");
  } finally {
    clearInterval(keepAlive);
    streams.delete(end);
    raw.end();
  }
}
