import { hashBytes, type Tensor } from "./tensor.js";

const signature = Buffer.from([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]);
const undefinedAddress = 0xffffffffffffffffn;
const messageType = { dataspace: 1, datatype: 3, layout: 8, continuation: 16, symbolTable: 17 } as const;
const maximumDepth = 64;
const maximumNodes = 500_000;

interface Message {
  readonly type: number;
  readonly body: Buffer;
}

/**
 * Data sets of an HDF5 file as h5py and Keras write it by default: superblock version 0, groups by symbol tables, version 1 object
 * headers, contiguous or compact data (HDF5 File Format Specification 3.0, sections II.A, III.A to D, IV.A). Newer or chunked layouts are refused.
 *
 * @throws RangeError when the file is of another layout
 */
export function readHdf5(file: Buffer): Tensor[] {
  if (!file.subarray(0, 8).equals(signature)) throw new RangeError("no HDF5 file");
  if ((file[8] as number) > 1 || file[13] !== 8 || file[14] !== 8)
    throw new RangeError("a layout of HDF5 that is not read");
  // The root's symbol table entry lies behind the superblock: name offset, then the address of its object header.
  const rootEntry = (file[8] === 0 ? 24 : 28) + 32;
  const found: Found = { tensors: [], nodesLeft: maximumNodes };
  visit(file, address(file, rootEntry + 8), "", found, 0);
  return found.tensors;
}

interface Found {
  readonly tensors: Tensor[];
  nodesLeft: number;
}

/** A damaged file can lead in circles. */
function countNode(found: Found): void {
  found.nodesLeft -= 1;
  if (found.nodesLeft < 0) throw new RangeError("more nodes than a model has");
}

function visit(file: Buffer, headerAt: number, path: string, found: Found, depth: number): void {
  if (depth > maximumDepth) throw new RangeError("groups within groups without end");
  const messages = readMessages(file, headerAt, found);
  const table = messages.find((message) => message.type === messageType.symbolTable);
  if (table) {
    const heapAt = address(table.body, 8);
    if (file.toString("latin1", heapAt, heapAt + 4) !== "HEAP") throw new RangeError("no local heap");
    const names = address(file, heapAt + 24);
    visitTree(file, address(table.body, 0), names, path, found, depth);
    return;
  }
  const tensor = readDataset(file, messages, path);
  if (tensor) found.tensors.push(tensor);
}

/** Version 1 B-tree of a group; its leaves are symbol table nodes. */
function visitTree(file: Buffer, at: number, names: number, path: string, found: Found, depth: number): void {
  countNode(found);
  if (file.toString("latin1", at, at + 4) !== "TREE" || depth > maximumDepth)
    throw new RangeError("no tree of a group");
  const level = file[at + 5] as number;
  const count = file.readUInt16LE(at + 6);
  for (let index = 0; index < count; index++) {
    const childAt = address(file, at + 24 + 8 + index * 16);
    if (level > 0) visitTree(file, childAt, names, path, found, depth + 1);
    else visitSymbols(file, childAt, names, path, found, depth);
  }
}

function visitSymbols(file: Buffer, at: number, names: number, path: string, found: Found, depth: number): void {
  if (file.toString("latin1", at, at + 4) !== "SNOD") throw new RangeError("no symbol table");
  const count = file.readUInt16LE(at + 6);
  for (let index = 0; index < count; index++) {
    const entry = at + 8 + index * 40;
    const nameAt = names + address(file, entry);
    const name = file.toString("utf8", nameAt, file.indexOf(0, nameAt));
    visit(file, address(file, entry + 8), path === "" ? name : `${path}/${name}`, found, depth + 1);
  }
}

/** Messages of a version 1 object header with its continuations. */
function readMessages(file: Buffer, at: number, found: Found): Message[] {
  if (file[at] !== 1) throw new RangeError("an object header of HDF5 that is not read");
  const messages: Message[] = [];
  const blocks: [start: number, length: number][] = [[at + 16, file.readUInt32LE(at + 8)]];
  for (let block = blocks.shift(); block; block = blocks.shift()) {
    countNode(found);
    let position = block[0];
    const end = block[0] + block[1];
    while (position + 8 <= end) {
      const type = file.readUInt16LE(position);
      const length = file.readUInt16LE(position + 2);
      const body = file.subarray(position + 8, position + 8 + length);
      if (type === messageType.continuation) blocks.push([address(body, 0), address(body, 8)]);
      else messages.push({ type, body });
      position += 8 + length;
    }
  }
  return messages;
}

function readDataset(file: Buffer, messages: readonly Message[], name: string): Tensor | null {
  const find = (type: number): Buffer | undefined => messages.find((message) => message.type === type)?.body;
  const space = find(messageType.dataspace);
  const type = find(messageType.datatype);
  const layout = find(messageType.layout);
  if (!space || !type || !layout) return null;
  const first = space[0] === 1 ? 8 : 4;
  const shape = Array.from({ length: space[1] as number }, (_, index) => address(space, first + index * 8));
  return { name, type: typeName(type), shape, hash: hashBytes(readLayout(file, layout)) };
}

function typeName(body: Buffer): string {
  const typeClass = (body[0] as number) & 0x0f;
  const bits = 8 * body.readUInt32LE(4);
  if (typeClass === 0) return `${((body[1] as number) & 8) === 0 ? "uint" : "int"}${bits}`;
  if (typeClass === 1) return `float${bits}`;
  return typeClass === 3 ? "string" : `class${typeClass}`;
}

function readLayout(file: Buffer, body: Buffer): Buffer {
  if (body[0] !== 3) throw new RangeError("a data layout of HDF5 that is not read");
  if (body[1] === 0) return body.subarray(4, 4 + body.readUInt16LE(2));
  if (body[1] !== 1) throw new RangeError("chunked data of HDF5, which is not read");
  if (body.readBigUInt64LE(2) === undefinedAddress) return Buffer.alloc(0);
  const start = address(body, 2);
  const length = address(body, 10);
  if (start + length > file.length) throw new RangeError("data behind the end of the file");
  return file.subarray(start, start + length);
}

const address = (buffer: Buffer, at: number): number => Number(buffer.readBigUInt64LE(at));
