import { Buffer } from "node:buffer";
import { refuseNul } from "@deepwright/core";
import type { EncodedStatement } from "../sql/driver.js";

const header = 5;
const executeAndDescribeBytes = 7 + 10;
const syncBytes = 5;

/**
 * Statements as one message of Postgres' extended query protocol: Parse, Bind, Describe, Execute for each and one Sync,
 * so that they are one implicit transaction (PostgreSQL documentation, 54.2.4 Pipelining).
 *
 * @returns bytes in a buffer of their own, which can be transferred to a worker
 */
export function encodeStatements(statements: readonly EncodedStatement[]): Uint8Array<ArrayBuffer> {
  let size = syncBytes;
  for (const { text, parameters } of statements) {
    size += header + 1 + Buffer.byteLength(refuseNul(text, "SQL")) + 1 + 2;
    size += header + 2 + 2 + parameters.length * 6 + 2 + 2 + executeAndDescribeBytes;
    for (const parameter of parameters) {
      if (parameter !== null)
        size += typeof parameter === "string" ? Buffer.byteLength(parameter) : parameter.byteLength;
    }
  }
  const target = Buffer.allocUnsafeSlow(size);
  let offset = 0;
  for (const statement of statements) offset = writeStatement(target, offset, statement);
  target.write("S", offset, "latin1");
  target.writeInt32BE(4, offset + 1);
  return new Uint8Array(target.buffer);
}

function writeStatement(target: Buffer, start: number, { text, parameters }: EncodedStatement): number {
  let offset = start + header;
  target[offset++] = 0;
  offset += target.write(text, offset);
  target[offset++] = 0;
  offset = target.writeInt16BE(0, offset);
  finish(target, "P", start, offset);

  const bind = offset;
  offset += header;
  target[offset++] = 0;
  target[offset++] = 0;
  offset = target.writeUInt16BE(parameters.length, offset);
  for (const parameter of parameters) offset = target.writeInt16BE(parameter instanceof Uint8Array ? 1 : 0, offset);
  offset = target.writeUInt16BE(parameters.length, offset);
  for (const parameter of parameters) {
    if (parameter === null) {
      offset = target.writeInt32BE(-1, offset);
    } else if (typeof parameter === "string") {
      const length = target.write(parameter, offset + 4);
      target.writeInt32BE(length, offset);
      offset += 4 + length;
    } else {
      target.writeInt32BE(parameter.byteLength, offset);
      target.set(parameter, offset + 4);
      offset += 4 + parameter.byteLength;
    }
  }
  offset = target.writeInt16BE(0, offset);
  finish(target, "B", bind, offset);

  target.write("D\0\0\0\x06P\0", offset, "latin1");
  target.write("E\0\0\0\x09\0\0\0\0\0", offset + 7, "latin1");
  return offset + executeAndDescribeBytes;
}

/** Text that may hold several statements, as a message of the simple query protocol. */
export function encodeScript(text: string): Uint8Array<ArrayBuffer> {
  const target = Buffer.allocUnsafeSlow(header + Buffer.byteLength(refuseNul(text, "SQL")) + 1);
  const end = header + target.write(text, header);
  target[end] = 0;
  finish(target, "Q", 0, end + 1);
  return new Uint8Array(target.buffer);
}

function finish(target: Buffer, code: string, start: number, end: number): void {
  target.write(code, start, "latin1");
  target.writeInt32BE(end - start - 1, start + 1);
}
