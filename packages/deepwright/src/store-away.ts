import { connect } from "node:net";
import { redactStoreUri, type StoreLocation } from "@deepwright/lineage/recorder";
import type { CliContext } from "./context.js";

const defaultPorts: Readonly<Record<string, number>> = {
  "http:": 80,
  "https:": 443,
  "postgres:": 5432,
  "postgresql:": 5432,
};
const timeoutMs = 300;

/** Says in one line that the run waits on this computer, when nobody answers at the store's address. */
export async function warnWhenStoreIsAway(location: StoreLocation, cli: CliContext): Promise<void> {
  if (location.uri.startsWith("file:")) return;
  const { hostname, port, protocol } = new URL(location.uri);
  if (await answers(hostname || "localhost", Number(port) || (defaultPorts[protocol] ?? 80))) return;
  cli.note(
    `deepwright: ${redactStoreUri(location.uri)} does not answer; the run is safe in ${location.directory}/spool and is delivered when it does.`,
  );
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: host.replace(/^\[|\]$/g, ""), port, timeout: timeoutMs });
    const end = (answered: boolean) => (): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.once("connect", end(true)).once("error", end(false)).once("timeout", end(false));
  });
}
