/** One field of a protocol buffer message (https://protobuf.dev/programming-guides/encoding/). */
export interface ProtobufField {
  readonly number: number;
  /** Value of a varint or fixed-width field. */
  readonly value: bigint;
  /** Content of a length-delimited field. */
  readonly bytes: Buffer;
}

const none = Buffer.alloc(0);

/** Fields of a message in their order. @throws RangeError when the bytes are no message */
export function* readFields(message: Buffer): Generator<ProtobufField> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) break;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError("a number of the message does not end");
  };
  const take = (length: number): Buffer => {
    if (at + length > message.length) throw new RangeError("a field of the message is longer than the message");
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const key = varint();
    const number = Number(key >> 3n);
    const wire = Number(key & 7n);
    if (wire === 0) yield { number, value: varint(), bytes: none };
    else if (wire === 1) yield { number, value: take(8).readBigUInt64LE(), bytes: none };
    else if (wire === 2) yield { number, value: 0n, bytes: take(Number(varint())) };
    else if (wire === 5) yield { number, value: BigInt(take(4).readUInt32LE()), bytes: none };
    else throw new RangeError(`unknown wire type ${wire}`);
  }
}

/** Numbers of a repeated varint field, packed or not. */
export function* readVarints(field: ProtobufField): Generator<number> {
  if (field.bytes.length === 0) {
    yield Number(BigInt.asIntN(64, field.value));
    return;
  }
  let value = 0n;
  let shift = 0n;
  for (const byte of field.bytes) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (byte >= 0x80) continue;
    yield Number(BigInt.asIntN(64, value));
    value = 0n;
    shift = 0n;
  }
}
