import type { ImageFormat, ImageHeader } from "../image-facts.js";
import { readJpegHeader } from "./jpeg.js";
import { readOtherHeader } from "./other-formats.js";
import { readPngHeader } from "./png.js";

/** The format that the first bytes say; `null` where they are no image's. */
export function formatOfBytes(bytes: Buffer): ImageFormat | null {
  const start = bytes.toString("latin1", 0, 16);
  if (start.startsWith("\xff\xd8\xff")) return "jpeg";
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) return "gif";
  if (start.startsWith("RIFF") && start.slice(8, 12) === "WEBP") return "webp";
  if (start.startsWith("II*\0") || start.startsWith("MM\0*")) return "tiff";
  if (start.slice(4, 8) === "ftyp") {
    const brand = start.slice(8, 12);
    if (brand === "avif" || brand === "avis") return "avif";
    if (["heic", "heix", "hevc", "mif1", "msf1"].includes(brand)) return "heic";
  }
  if (start.startsWith("BM") && bytes.length >= 26 && bytes.readUInt32LE(14) >= 12 && bytes.readUInt32LE(14) <= 124)
    return "bmp";
  return null;
}

/** @returns `null` where the header is damaged */
export function readHeader(format: ImageFormat, bytes: Buffer): ImageHeader | null {
  if (format === "jpeg") return readJpegHeader(bytes);
  if (format === "png") return readPngHeader(bytes);
  return readOtherHeader(format, bytes);
}

/** Formats by what file names end with. */
export const formatsByExtension: Readonly<Record<string, ImageFormat>> = {
  jpg: "jpeg",
  jpeg: "jpeg",
  jpe: "jpeg",
  jfif: "jpeg",
  png: "png",
  gif: "gif",
  bmp: "bmp",
  webp: "webp",
  tif: "tiff",
  tiff: "tiff",
  avif: "avif",
  heic: "heic",
  heif: "heic",
};

export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot + 1).toLowerCase();
}
