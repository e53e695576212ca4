import { rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { emptyPayload, jsonPayload, linkKinds, linkProtocol } from "../link/message.js";
import { readFrames, writeFrame } from "../link/socket-frames.js";
import type { Client, Scheduler } from "./scheduler.js";

/** Serves other processes. Only the holder of the directory's lock may call it: it takes a dead owner's socket away. */
export async function serveSocket(address: string, scheduler: Scheduler): Promise<{ close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const client: Client = {
      send(message) {
        if (socket.writable) writeFrame(socket, message);
      },
    };
    client.send({ id: 0, kind: linkKinds.hello, transaction: 0, payload: jsonPayload({ protocol: linkProtocol }) });
    readFrames(socket, (message) => scheduler.submit(client, message));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      sockets.delete(socket);
      scheduler.leave(client);
    });
  });
  if (process.platform !== "win32") rmSync(address, { force: true });
  await listening(server, address);
  return {
    async close() {
      server.close();
      for (const socket of sockets) {
        writeFrame(socket, { id: 0, kind: linkKinds.closing, transaction: 0, payload: emptyPayload });
      }
      await allEnded(sockets);
    },
  };
}

function listening(server: Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(address, () => resolve());
  });
}

/** Clients hang up when their open requests are answered; one that does not within five seconds is cut off. */
async function allEnded(sockets: ReadonlySet<Socket>): Promise<void> {
  const waits = [...sockets].map((socket) => new Promise((resolve) => socket.once("close", resolve)));
  const timer = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, 5000);
  await Promise.all(waits);
  clearTimeout(timer);
}
