import { DeepwrightError, stringifyJson } from "@deepwright/core";
import type { FastifyInstance } from "fastify";
import { readJson } from "../server/read-json.js";

/** A method with its input checked: throws a typed error for a wrong one. */
export type RpcMethod = (input: unknown) => Promise<unknown>;
/** The methods that are offered, by service and name. Nothing else can be called. */
export type RpcServices = Readonly<Record<string, Readonly<Record<string, RpcMethod>>>>;

function find(services: RpcServices, service: string, method: string): RpcMethod {
  const methods = Object.hasOwn(services, service) ? services[service] : undefined;
  const found = methods && Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (found) return found;
  const known = methods
    ? `a method of ${service}: ${Object.keys(methods).join(", ")}`
    : `a service: ${Object.keys(services).join(", ")}`;
  throw new DeepwrightError({
    code: "METHOD_NOT_FOUND",
    kind: "not-found",
    expected: known,
    got: JSON.stringify(`${service}/${method}`.slice(0, 100)),
    todo: "Use a client of the same version as the gateway.",
  });
}

const jsonType = "application/json; charset=utf-8";

/**
 * `POST /rpc/:service/:method` with the input as JSON; the answer is `{ "result": ... }` or `{ "error": ... }`. NaN and
 * infinities travel as `{"$number": "NaN"}`. Mounted in a scope of its own, whose body parser keeps the text: ingest
 * comes here, and parsing is most of its cost.
 */
export async function mountRpc(server: FastifyInstance, services: RpcServices, maxBytes: number): Promise<void> {
  await server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      "application/json",
      { parseAs: "buffer", bodyLimit: maxBytes },
      (_request, body: Buffer, done) => {
        try {
          done(null, body.length === 0 ? undefined : readJson(body.toString("utf8")));
        } catch (error) {
          done(error as Error, undefined);
        }
      },
    );
    scope.post<{ Params: { service: string; method: string } }>(
      "/rpc/:service/:method",
      { bodyLimit: maxBytes },
      async (request, reply) => {
        const { service, method } = request.params;
        const result = await find(services, service, method)(request.body);
        return reply.type(jsonType).send(stringifyJson({ result: result ?? null }));
      },
    );
    // Hand-tuned: no look-up, and the receipt is written as text, since it is all that this road answers.
    const ingest = services.runs?.ingest;
    if (ingest) {
      scope.post("/rpc/runs/ingest", { bodyLimit: maxBytes }, async (request, reply) => {
        const receipt = (await ingest(request.body)) as { readonly acknowledgedThrough: number; readonly refused?: unknown };
        const text =
          receipt.refused === undefined
            ? `{"result":{"acknowledgedThrough":${receipt.acknowledgedThrough}}}`
            : stringifyJson({ result: receipt });
        return reply.type(jsonType).send(text);
      });
    }
  });
}
