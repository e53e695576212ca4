import { crc32 } from "node:zlib";

/**
 * A segment is the magic and then frames: length of the payload (u32), CRC-32 of the payload (u32), payload. All numbers
 * are little-endian. The first byte of the payload is the kind of frame.
 */
export const segmentMagic = Buffer.from("DWLOG001", "latin1");
export const frameHeaderBytes = 8;

/** A longer length can only come from a damaged file. */
export const maximumPayloadBytes = 256 * 1024 * 1024;

export const frameKinds = {
  /** One event as JSON in UTF-8. */
  event: 1,
  /** Points of one call: time, step (f64 each), then name index (u16) and value (f64) for each point. */
  points: 2,
  /** The next index of the segment's dictionary of metric names stands for this name (UTF-8). */
  name: 3,
  /** Ends a group of points, which then is one event. Any event frame does so too. */
  seal: 4,
} as const;

/** Writes header and CRC of a frame whose payload already stands in `target`; gives the offset after the frame. */
export function closeFrame(target: Buffer, start: number, payloadBytes: number): number {
  const payloadStart = start + frameHeaderBytes;
  const end = payloadStart + payloadBytes;
  target.writeUInt32LE(payloadBytes, start);
  target.writeUInt32LE(crc32(target.subarray(payloadStart, end)), start + 4);
  return end;
}

/** A whole frame in a buffer of its own. */
export function encodeFrame(kind: number, body: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(frameHeaderBytes + 1 + body.length);
  frame[frameHeaderBytes] = kind;
  frame.set(body, frameHeaderBytes + 1);
  closeFrame(frame, 0, body.length + 1);
  return frame;
}

export type FrameResult =
  | { readonly state: "whole"; readonly kind: number; readonly body: Buffer; readonly end: number }
  /** The buffer ends before the frame does. */
  | { readonly state: "incomplete" }
  /** Length or CRC can't be right. */
  | { readonly state: "damaged" };

/** Reads the frame that starts at `offset`. The body is a view into `buffer`. */
export function decodeFrame(buffer: Buffer, offset: number): FrameResult {
  if (offset + frameHeaderBytes > buffer.length) return { state: "incomplete" };
  const payloadBytes = buffer.readUInt32LE(offset);
  if (payloadBytes === 0 || payloadBytes > maximumPayloadBytes) return { state: "damaged" };
  const start = offset + frameHeaderBytes;
  const end = start + payloadBytes;
  if (end > buffer.length) return { state: "incomplete" };
  const payload = buffer.subarray(start, end);
  if (crc32(payload) !== buffer.readUInt32LE(offset + 4)) return { state: "damaged" };
  return { state: "whole", kind: payload[0] as number, body: payload.subarray(1), end };
}
