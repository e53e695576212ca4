import type { ImageFormat, ImageHeader } from "../image-facts.js";
import { readExif } from "./exif.js";

const unknown = { colorMode: null, channels: null, bitDepth: null, orientation: null, privateTags: [] } as const;

/** Sizes of formats whose pixels are not decoded here. `null` where the bytes are too few or damaged. */
export function readOtherHeader(format: ImageFormat, bytes: Buffer): ImageHeader | null {
  const size = sizeOf(format, bytes);
  if (size === null) return null;
  const exif = format === "tiff" ? readExif(bytes) : format === "webp" ? exifOfWebp(bytes) : {};
  return { format, ...unknown, ...size, ...exif };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function sizeOf(format: ImageFormat, bytes: Buffer): Size | null {
  if (format === "gif")
    return bytes.length < 10 ? null : { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
  if (format === "bmp") {
    return bytes.length < 26
      ? null
      : { width: Math.abs(bytes.readInt32LE(18)), height: Math.abs(bytes.readInt32LE(22)) };
  }
  if (format === "webp") return sizeOfWebp(bytes);
  if (format === "tiff") return sizeOfTiff(bytes);
  return sizeOfIsobmff(bytes);
}

/** Source: RFC 9649, "WebP Image Format", 2. */
function sizeOfWebp(bytes: Buffer): Size | null {
  if (bytes.length < 30) return null;
  const kind = bytes.toString("latin1", 12, 16);
  if (kind === "VP8 ") return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
  if (kind === "VP8L") {
    const bits = bytes.readUInt32LE(21);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  return kind === "VP8X" ? { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 } : null;
}

function exifOfWebp(bytes: Buffer): ReturnType<typeof readExif> | object {
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32LE(at + 4);
    if (bytes.toString("latin1", at, at + 4) === "EXIF") {
      const body = bytes.subarray(at + 8, at + 8 + length);
      return readExif(body.toString("latin1", 0, 6) === "Exif\0\0" ? body.subarray(6) : body);
    }
    at += 8 + length + (length % 2);
  }
  return {};
}

/** Source: Adobe, "TIFF Revision 6.0", section 2; tags 256 and 257. */
function sizeOfTiff(bytes: Buffer): Size | null {
  const little = bytes[0] === 0x49;
  const short = (at: number): number => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const long = (at: number): number => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  if (bytes.length < 8) return null;
  const directory = long(4);
  if (directory + 2 > bytes.length) return null;
  const found = new Map<number, number>();
  for (let index = 0; index < short(directory); index++) {
    const entry = directory + 2 + 12 * index;
    if (entry + 12 > bytes.length) break;
    found.set(short(entry), short(entry + 2) === 3 ? short(entry + 8) : long(entry + 8));
  }
  const [width, height] = [found.get(256), found.get(257)];
  return width === undefined || height === undefined ? null : { width, height };
}

/** AVIF and HEIC: the largest image spatial extent. Source: ISO/IEC 23008-12, 6.5.3. */
function sizeOfIsobmff(bytes: Buffer): Size | null {
  let best: Size | null = null;
  for (
    let at = bytes.indexOf("ispe", 0, "latin1");
    at >= 0 && at + 16 <= bytes.length;
    at = bytes.indexOf("ispe", at + 4, "latin1")
  ) {
    const size = { width: bytes.readUInt32BE(at + 8), height: bytes.readUInt32BE(at + 12) };
    if (best === null || size.width * size.height > best.width * best.height) best = size;
  }
  return best;
}
