import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { hasJpegEnd, readJpegHeader } from "./headers/jpeg.js";
import { readPngHeader } from "./headers/png.js";
import { formatOfBytes, readHeader } from "./headers/read-header.js";
import type { ImageFacts, ImageFormat, ImageHeader, ImageMeasures } from "./image-facts.js";
import { lumaOf } from "./measures/luma.js";
import { measure } from "./measures/measure.js";

/** What one image may take. */
export interface ImageLimits {
  /** Pixels; an image that says it has more is not decoded. */
  readonly pixels: number;
  /** Bytes of a file. */
  readonly bytes: number;
}

export type ReadImage = Pick<ImageFacts, "sizeBytes" | "hash" | "header" | "measures" | "problem">;

const nothing = { sizeBytes: null, hash: null, header: null, measures: null } as const;

/**
 * Reads one image: hash, header, and what its pixels say where it is JPEG or PNG. Never throws what the file is the reason of.
 *
 * @param path absolute
 */
export async function readImage(path: string, limits: ImageLimits): Promise<ReadImage> {
  let bytes: Buffer;
  try {
    const handle = await open(path, "r");
    try {
      const { size } = await handle.stat();
      if (size > limits.bytes)
        return { ...nothing, sizeBytes: size, problem: `a file of ${size} bytes, more than ${limits.bytes}` };
      bytes = await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code } = error as { readonly code?: string };
    return { ...nothing, problem: `it can't be read (${code ?? String(error)})` };
  }
  const known = { sizeBytes: bytes.length, hash: createHash("sha256").update(bytes).digest("hex") };
  if (bytes.length === 0) return { ...nothing, ...known, problem: "an empty file" };
  const format = formatOfBytes(bytes);
  if (format === null) return { ...nothing, ...known, problem: "no image format" };
  const found = attempt(() => readHeader(format, bytes));
  const header = typeof found === "string" ? null : found;
  if (header === null) return { ...nothing, ...known, problem: `a damaged header of ${format}` };
  const measured = await decodeAndMeasure(format, header, bytes, limits);
  const plain = plainHeader(header);
  return typeof measured === "string"
    ? { ...known, header: plain, measures: null, problem: measured }
    : { ...known, header: plain, measures: measured, problem: null };
}

const attempt = <Result>(work: () => Result): Result | string => {
  try {
    return work();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

function plainHeader({
  format,
  width,
  height,
  colorMode,
  channels,
  bitDepth,
  orientation,
  privateTags,
}: ImageHeader): ImageHeader {
  return { format, width, height, colorMode, channels, bitDepth, orientation, privateTags };
}

/** A text says why not. */
async function decodeAndMeasure(
  format: ImageFormat,
  { width, height }: ImageHeader,
  bytes: Buffer,
  limits: ImageLimits,
): Promise<ImageMeasures | string> {
  if (width === 0 || height === 0) return `an image of ${width} x ${height} pixels`;
  if (width * height > limits.pixels) {
    return `${width} x ${height} pixels, more than ${limits.pixels.toLocaleString("en-US")}`;
  }
  if (format !== "jpeg" && format !== "png") return `${format} is not decoded here`;
  const decoded = format === "jpeg" ? await decodeJpeg(bytes, limits) : await decodePng(bytes);
  if (typeof decoded === "string") return decoded;
  if (decoded.data.length < 4 * width * height) return "fewer pixels than its header says";
  return measure(lumaOf(decoded.data, decoded.width, decoded.height));
}

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue, alpha. */
  readonly data: Uint8Array;
}

async function decodeJpeg(bytes: Buffer, limits: ImageLimits): Promise<Pixels | string> {
  const header = readJpegHeader(bytes);
  if (header === null || !hasJpegEnd(bytes, header.scan)) return "it ends too early";
  const { default: jpeg } = await import("jpeg-js");
  const result = attempt(() =>
    jpeg.decode(bytes, {
      useTArray: true,
      tolerantDecoding: false,
      maxResolutionInMP: Math.ceil(limits.pixels / 1e6),
      // Coefficients, lines and pixels: about 16 bytes for each.
      maxMemoryUsageInMB: Math.ceil((limits.pixels * 16) / 1e6) + 64,
    }),
  );
  return typeof result === "string" ? `damaged (${result})` : result;
}

async function decodePng(bytes: Buffer): Promise<Pixels | string> {
  if (readPngHeader(bytes)?.hasEnd !== true) return "it ends too early";
  const { PNG } = await import("pngjs");
  const result = attempt(() => PNG.sync.read(bytes));
  return typeof result === "string" ? `damaged (${result})` : result;
}
