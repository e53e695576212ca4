import { DeepwrightError } from "@deepwright/core";
import type { RemoteStore } from "@deepwright/store";
import type { z } from "zod";
import type { GraphService, RunService } from "../contract/index.js";
import { graphInputs } from "../graph/inputs.js";
import { runInputs } from "../runs/inputs.js";
import { checkInput, refuseNulWithin } from "./check-input.js";

/** Everything that lineage offers on a database and, unchanged, through a gateway. */
export interface LineageServices {
  readonly runs: RunService;
  readonly graph: GraphService;
}

/** The input schema of every method of every service; a gateway offers exactly these as `/rpc/<service>/<method>`. */
export const serviceInputs: {
  readonly [Service in keyof LineageServices]: Readonly<Record<keyof LineageServices[Service], z.ZodType>>;
} = { runs: runInputs, graph: graphInputs };

type Methods = Record<string, (input: unknown) => Promise<unknown>>;

/** Puts the check of each input in front of a service. */
export function checkedService<Service extends keyof LineageServices>(
  service: Service,
  implementation: LineageServices[Service],
): LineageServices[Service] {
  const methods = implementation as unknown as Methods;
  return derive(service, (method, schema) => async (input) => {
    // Batches are large and have a check of their own, event by event.
    if (service === "runs" && method === "ingest") return methods.ingest?.(input);
    const checked = checkInput(schema, input, `${service}.${method}`);
    refuseNulWithin(checked, `${service}.${method}`);
    return methods[method]?.(checked);
  });
}

/** A service whose every method is a call to a gateway. */
export function remoteService<Service extends keyof LineageServices>(
  service: Service,
  store: RemoteStore,
): LineageServices[Service] {
  return derive(service, (method) => (input) => store.call(service, method, input ?? null));
}

function derive<Service extends keyof LineageServices>(
  service: Service,
  make: (method: string, schema: z.ZodType) => (input: unknown) => Promise<unknown>,
): LineageServices[Service] {
  const inputs: Readonly<Record<string, z.ZodType>> = serviceInputs[service];
  return Object.fromEntries(
    Object.entries(inputs).map(([method, schema]) => [method, make(method, schema)]),
  ) as unknown as LineageServices[Service];
}

/**
 * Calls a method by its names, as a gateway does for `POST /rpc/<service>/<method>`. The input is checked.
 *
 * @param services an open lineage
 * @param input the request's body, read with `parseJson` of `@deepwright/core`
 * @throws DeepwrightError `SERVICE_METHOD_NOT_FOUND`, `INVALID_INPUT`, and what the method throws
 */
export async function callService(
  services: LineageServices,
  service: string,
  method: string,
  input: unknown,
): Promise<unknown> {
  const inputs = Object.hasOwn(serviceInputs, service) ? serviceInputs[service as keyof LineageServices] : undefined;
  if (inputs === undefined || !Object.hasOwn(inputs, method)) {
    throw new DeepwrightError({
      code: "SERVICE_METHOD_NOT_FOUND",
      kind: "not-found",
      expected: "a method of the services runs and graph",
      got: JSON.stringify(`${service}.${method}`),
      todo: "Use a client of the gateway's version.",
    });
  }
  const methods = services[service as keyof LineageServices] as unknown as Methods;
  return methods[method]?.(input);
}
