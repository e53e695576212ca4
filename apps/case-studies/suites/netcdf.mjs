/**
 * Reads variables of a NetCDF-3 classic file (CDF-1 and CDF-2), without records, into typed arrays.
 *
 * Source: "The NetCDF Classic Format Specification", Unidata.
 *
 * @param {Buffer} buffer the whole file
 */
export function readNetcdf(buffer) {
  if (buffer.toString("latin1", 0, 3) !== "CDF" || ![1, 2].includes(buffer[3]))
    throw new Error("This is no NetCDF-3 file.");
  const wide = buffer[3] === 2;
  let at = 8;
  const int = () => {
    at += 4;
    return buffer.readInt32BE(at - 4);
  };
  const padded = (bytes) => Math.ceil(bytes / 4) * 4;
  const name = () => {
    const length = int();
    const text = buffer.toString("utf8", at, at + length);
    at += padded(length);
    return text;
  };
  const sizes = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 6: 8 };
  const list = (read) => {
    int();
    return Array.from({ length: int() }, read);
  };
  const attribute = () => {
    const key = name();
    const type = int();
    const count = int();
    const start = at;
    at += padded(count * sizes[type]);
    return [key, type === 2 ? buffer.toString("utf8", start, start + count) : read(type, start, count)];
  };
  const read = (type, start, count) => {
    const readers = { 1: "readInt8", 3: "readInt16BE", 4: "readInt32BE", 5: "readFloatBE", 6: "readDoubleBE" };
    return Float64Array.from({ length: count }, (_, index) => buffer[readers[type]](start + index * sizes[type]));
  };
  const dimensions = list(() => ({ name: name(), length: int() }));
  list(attribute);
  const variables = list(() => {
    const key = name();
    const shape = Array.from({ length: int() }, int).map((index) => dimensions[index]);
    const attributes = Object.fromEntries(list(attribute));
    const type = int();
    int();
    const start = wide ? Number(buffer.readBigInt64BE(at)) : buffer.readInt32BE(at);
    at += wide ? 8 : 4;
    const count = shape.reduce((product, { length }) => product * length, 1);
    return [key, { shape, attributes, values: () => read(type, start, count) }];
  });
  return Object.fromEntries(variables);
}
