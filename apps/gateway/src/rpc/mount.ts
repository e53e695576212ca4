import { stringifyJson } from "@deepwright/core";
import type { IngestReceipt } from "@deepwright/lineage";
import type { FastifyInstance } from "fastify";
import { readJson } from "../server/read-json.js";

/** Calls a method by its names; throws a typed error for an unknown one and for a wrong input. */
export type RpcCall = (service: string, method: string, input: unknown) => Promise<unknown>;

export interface RpcOptions {
  readonly call: RpcCall;
  /** The method `runs.ingest`, which has a road of its own. */
  readonly ingest: (batch: never) => Promise<IngestReceipt>;
  readonly maxBytes: number;
}

const jsonType = "application/json; charset=utf-8";

/**
 * `POST /rpc/:service/:method` with the input as JSON, as `openStore("http://...")` of the store package calls it: the
 * answer is the result as JSON (`null` for none), or `{ "error": ... }` with a status of 400 or more. NaN and infinities
 * travel as `{"$number": "NaN"}`. Mounted in a scope of its own, whose body parser keeps the text: ingest
 * comes here, and parsing is most of its cost.
 */
export async function mountRpc(server: FastifyInstance, { call, ingest, maxBytes }: RpcOptions): Promise<void> {
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
        const result = await call(service, method, request.body);
        return reply.type(jsonType).send(stringifyJson(result ?? null));
      },
    );
    // Hand-tuned: no look-up, and the receipt is written as text, since it is all that this road answers.
    scope.post("/rpc/runs/ingest", { bodyLimit: maxBytes }, async (request, reply) => {
      const receipt = await ingest(request.body as never);
      const text =
        receipt.refused === undefined
          ? `{"acknowledgedThrough":${receipt.acknowledgedThrough}}`
          : stringifyJson(receipt);
      return reply.type(jsonType).send(text);
    });
  });
}
