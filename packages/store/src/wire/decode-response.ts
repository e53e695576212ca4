import { Buffer } from "node:buffer";
import { databaseError } from "../errors/database-error.js";
import { decoderFor, type ValueDecoder } from "../sql/decode-value.js";
import type { RowShape, StatementResult } from "../sql/result.js";

export interface Response {
  readonly results: StatementResult[];
  /** What the server answered instead, if a statement failed; nothing of the message was kept then. */
  readonly error: Error | undefined;
  /** `I` idle, `T` in a transaction, `E` in a failed one; undefined: the server broke off. */
  readonly status: string | undefined;
}

interface Column {
  readonly name: string;
  readonly decode: ValueDecoder | undefined;
}

/** Reads what Postgres answered to a message of `encode-message.ts`, one result a statement. */
export function decodeResponse(bytes: Uint8Array, shape: RowShape): Response {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const results: StatementResult[] = [];
  let error: Error | undefined;
  let status: string | undefined;
  let columns: readonly Column[] = [];
  let rows: unknown[] = [];
  for (let offset = 0; offset + 5 <= source.length; ) {
    const code = source[offset] as number;
    const body = offset + 5;
    offset += 1 + source.readInt32BE(offset + 1);
    if (code === 0x44) rows.push(readRow(source, body, columns, shape));
    else if (code === 0x54) columns = readColumns(source, body, shape);
    else if (code === 0x43 || code === 0x49) {
      const tag = code === 0x43 ? source.toString("latin1", body, offset - 1) : "";
      results.push(finishResult(tag, rows));
      rows = [];
      columns = [];
    } else if (code === 0x45) error ??= databaseError(readFields(source, body));
    else if (code === 0x5a) status = String.fromCharCode(source[body] as number);
  }
  return { results, error, status };
}

function finishResult(tag: string, rows: unknown[]): StatementResult {
  const words = tag.split(" ");
  const count = Number(words.at(-1));
  return { rows, command: words[0] ?? "", rowCount: Number.isNaN(count) || tag === "" ? 0 : count };
}

function readColumns(source: Buffer, start: number, shape: RowShape): Column[] {
  const count = source.readInt16BE(start);
  const columns: Column[] = [];
  let offset = start + 2;
  for (let index = 0; index < count; index++) {
    const end = source.indexOf(0, offset);
    columns.push({
      name: source.toString("utf8", offset, end),
      decode: decoderFor(source.readInt32BE(end + 7), shape),
    });
    offset = end + 19;
  }
  return columns;
}

function readRow(source: Buffer, start: number, columns: readonly Column[], shape: RowShape): unknown {
  const row: Record<string, unknown> = {};
  const cells: unknown[] = [];
  let offset = start + 2;
  for (const { name, decode } of columns) {
    const length = source.readInt32BE(offset);
    offset += 4;
    let value: unknown = null;
    if (length >= 0) {
      const text = source.toString("utf8", offset, offset + length);
      value = decode === undefined ? text : decode(text);
      offset += length;
    }
    if (shape === "objects") row[name] = value;
    else cells.push(value);
  }
  return shape === "objects" ? row : cells;
}

/** Fields of an ErrorResponse by their letter (PostgreSQL documentation, 54.8). */
function readFields(source: Buffer, start: number): Record<string, string> {
  const fields: Record<string, string> = {};
  for (let offset = start; source[offset] !== 0; ) {
    const end = source.indexOf(0, offset + 1);
    fields[String.fromCharCode(source[offset] as number)] = source.toString("utf8", offset + 1, end);
    offset = end + 1;
  }
  return fields;
}

/** SQLSTATE of "cached plan must not change result type". */
const stalePlan = "0A000";

/** Notifications in a response, whether it is complete, and whether a prepared statement was out of date. Only walks over the messages' lengths. */
export function scanResponse(bytes: Uint8Array): {
  readonly notifications: readonly { channel: string; payload: string }[];
  readonly status: string | undefined;
  readonly isPlanStale: boolean;
} {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const notifications: { channel: string; payload: string }[] = [];
  let status: string | undefined;
  let isPlanStale = false;
  for (let offset = 0; offset + 5 <= source.length; ) {
    const code = source[offset] as number;
    const body = offset + 5;
    offset += 1 + source.readInt32BE(offset + 1);
    if (code === 0x5a) status = String.fromCharCode(source[body] as number);
    else if (code === 0x45) isPlanStale ||= readFields(source, body).C === stalePlan;
    else if (code === 0x41) {
      const channelEnd = source.indexOf(0, body + 4);
      const payloadEnd = source.indexOf(0, channelEnd + 1);
      notifications.push({
        channel: source.toString("utf8", body + 4, channelEnd),
        payload: source.toString("utf8", channelEnd + 1, payloadEnd),
      });
    }
  }
  return { notifications, status, isPlanStale };
}
