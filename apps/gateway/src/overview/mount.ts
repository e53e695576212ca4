import { isDeepwrightError, parseId } from "@deepwright/core";
import type { FastifyInstance } from "fastify";
import { statusOf } from "../server/errors.js";
import { html } from "./html.js";
import { type OverviewServices, overviewPage } from "./overview-page.js";
import { page } from "./parts.js";
import { runPage } from "./run-page.js";

const type = "text/html; charset=utf-8";

/** `/` and `/runs/<id>`: pages without scripts. */
export function mountOverview(server: FastifyInstance, services: OverviewServices): void {
  server.get("/", async (_request, reply) => reply.type(type).send(await overviewPage(services)));
  server.get<{ Params: { id: string } }>("/runs/:id", async (request, reply) => {
    try {
      return reply.type(type).send(await runPage(services, parseId("run", request.params.id)));
    } catch (error) {
      if (!isDeepwrightError(error) || error.kind === "internal") throw error;
      const body = html`<p><a href="/">All runs</a></p><p>${error.message}</p>`;
      return reply.code(statusOf(error)).type(type).send(page("Deepwright", body));
    }
  });
}
