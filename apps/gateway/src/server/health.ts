import type { Store } from "@deepwright/store";
import type { FastifyInstance } from "fastify";
import { gatewayVersion } from "../version.js";

/** By this name a gateway knows another one. */
export const serviceName = "deepwright-gateway";

/**
 * `/health`: the process answers. `/ready`: the database answers too and the gateway is not about to stop; status 503
 * with the reason otherwise. Neither asks for the token.
 */
export function mountHealth(server: FastifyInstance, store: Store, isStopping: () => boolean): void {
  server.get("/health", async () => ({ status: "ok", service: serviceName, version: gatewayVersion }));
  server.get("/ready", async (_request, reply) => {
    if (isStopping()) return reply.code(503).send({ status: "stopping" });
    try {
      await store.query("select 1");
      return { status: "ready" };
    } catch {
      return reply.code(503).send({ status: "database away" });
    }
  });
}
