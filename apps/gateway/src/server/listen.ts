import { DeepwrightError } from "@deepwright/core";
import type { FastifyInstance } from "fastify";
import { serviceName } from "./health.js";

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}

/**
 * Begins to listen and gives the address.
 *
 * @throws DeepwrightError `PORT_TAKEN`, `PORT_NOT_ALLOWED` or `ADDRESS_NOT_AVAILABLE`
 */
export async function listen(server: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    const failures: Readonly<Record<string, readonly [code: string, expected: string, todo: string]>> = {
      EADDRINUSE: ["PORT_TAKEN", "a free port", "Choose another with --port, or --port 0 for any free one."],
      EACCES: ["PORT_NOT_ALLOWED", "a port that this user may listen on", "Choose one above 1023 with --port."],
      EADDRNOTAVAIL: ["ADDRESS_NOT_AVAILABLE", "an address of this computer", "Choose another with --host."],
      ENOTFOUND: ["ADDRESS_NOT_AVAILABLE", "an address of this computer", "Choose another with --host."],
    };
    const failure = failures[codeOf(error)];
    if (!failure) throw error;
    const [code, expected, todo] = failure;
    const holder = code === "PORT_TAKEN" && (await isGateway(urlOf(host, port)));
    const got = `${host} port ${port}${holder ? ", where a Deepwright gateway answers already" : ""}`;
    const instead = holder ? `Open ${urlOf(host, port)}, or choose another port with --port.` : todo;
    throw new DeepwrightError({ code, kind: "conflict", expected, got, todo: instead, cause: error });
  }
  const address = server.server.address();
  return urlOf(host, typeof address === "object" && address !== null ? address.port : port);
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${port}`;
}

/** Whether another gateway answers there; it is the usual reason for a taken port. */
async function isGateway(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(2_000) });
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null && "service" in body && body.service === serviceName;
  } catch {
    return false;
  }
}
