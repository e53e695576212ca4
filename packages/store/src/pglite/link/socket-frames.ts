import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import type { LinkKind, LinkMessage } from "./message.js";

/** Length of what follows, id, kind, transaction. */
const headerBytes = 4 + 4 + 1 + 4;

export function writeFrame(socket: Socket, { id, kind, transaction, payload }: LinkMessage): void {
  const header = Buffer.allocUnsafe(headerBytes);
  header.writeUInt32BE(headerBytes - 4 + payload.byteLength, 0);
  header.writeUInt32BE(id, 4);
  header.writeUInt8(kind, 8);
  header.writeUInt32BE(transaction, 9);
  socket.cork();
  socket.write(header);
  if (payload.byteLength > 0) socket.write(payload);
  socket.uncork();
}

/** Calls back with each whole frame that the socket brings. */
export function readFrames(socket: Socket, receive: (message: LinkMessage) => void): void {
  const chunks: Buffer[] = [];
  let available = 0;
  let needed = 4;
  socket.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    available += chunk.byteLength;
    while (available >= needed) {
      const joined = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      const size = 4 + joined.readUInt32BE(0);
      if (available < size) {
        // Joined once per frame, not per chunk: a large frame comes in many chunks.
        chunks.splice(0, chunks.length, joined);
        needed = size;
        break;
      }
      const payload = new Uint8Array(size - headerBytes);
      payload.set(joined.subarray(headerBytes, size));
      const message: LinkMessage = {
        id: joined.readUInt32BE(4),
        kind: joined.readUInt8(8) as LinkKind,
        transaction: joined.readUInt32BE(9),
        payload,
      };
      available -= size;
      needed = 4;
      chunks.splice(0, chunks.length);
      if (available > 0) chunks.push(joined.subarray(size));
      receive(message);
    }
  });
}
