import { createConnection } from "node:net";
import { DeepwrightError } from "@deepwright/core";
import { Link } from "./link/link.js";
import { linkKinds, linkProtocol, readJsonPayload } from "./link/message.js";
import { readFrames, writeFrame } from "./link/socket-frames.js";

/**
 * Connects to the process that owns the directory.
 *
 * @param timeoutMs how long to wait for its first word; it may be in the middle of a long query
 * @returns undefined when nobody answers at the address
 * @throws DeepwrightError `STORE_VERSION_MISMATCH`
 */
export function connectToOwner(
  address: string,
  timeoutMs: number,
  onNotification: (channel: string, payload: string) => void,
  onUnusable: () => void,
): Promise<Link | undefined> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(address);
    let link: Link | undefined;
    const timer = setTimeout(() => socket.destroy(), timeoutMs);
    readFrames(socket, (message) => {
      if (link !== undefined) link.receive(message);
      else if (message.kind === linkKinds.hello) {
        clearTimeout(timer);
        const { protocol } = readJsonPayload<{ protocol: number }>(message.payload);
        if (protocol !== linkProtocol) {
          socket.destroy();
          reject(versionMismatch(protocol));
          return;
        }
        link = new Link(
          {
            send: (request) => writeFrame(socket, request),
            setReferenced(referenced) {
              if (referenced) socket.ref();
              else socket.unref();
            },
            end: () => socket.destroy(),
          },
          onNotification,
          onUnusable,
        );
        resolve(link);
      }
    });
    let cause: unknown;
    socket.on("error", (error) => {
      cause = error;
    });
    socket.on("close", () => {
      clearTimeout(timer);
      link?.lost(cause);
      resolve(undefined);
    });
  });
}

function versionMismatch(protocol: number): DeepwrightError {
  return new DeepwrightError({
    code: "STORE_VERSION_MISMATCH",
    kind: "conflict",
    expected: `a process with protocol ${linkProtocol} as owner of the database`,
    got: `protocol ${protocol}`,
    todo: "Stop the other process, or use the same version of Deepwright in both.",
  });
}
