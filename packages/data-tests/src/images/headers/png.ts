import type { ColorMode, ImageHeader } from "../image-facts.js";
import { privateTagsOfXmp, readExif } from "./exif.js";

const modes: Readonly<Record<number, { readonly colorMode: ColorMode; readonly channels: number }>> = {
  0: { colorMode: "gray", channels: 1 },
  2: { colorMode: "rgb", channels: 3 },
  3: { colorMode: "palette", channels: 1 },
  4: { colorMode: "gray-alpha", channels: 2 },
  6: { colorMode: "rgba", channels: 4 },
};

/**
 * Source: W3C, "Portable Network Graphics (PNG) Specification (Third Edition)", 5 and 11.
 *
 * @returns `null` where the first chunk is no header
 */
export function readPngHeader(bytes: Buffer): (ImageHeader & { readonly hasEnd: boolean }) | null {
  if (bytes.length < 33 || bytes.toString("latin1", 12, 16) !== "IHDR") return null;
  const mode = modes[bytes[25] as number];
  if (mode === undefined) return null;
  let orientation: number | null = null;
  let hasEnd = false;
  const found = new Set<ImageHeader["privateTags"][number]>();
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (type === "eXIf") {
      const exif = readExif(body);
      orientation = exif.orientation;
      for (const tag of exif.privateTags) found.add(tag);
    } else if (type === "iTXt" && body.toString("latin1", 0, 17) === "XML:com.adobe.xmp") {
      for (const tag of privateTagsOfXmp(body.toString("utf8"))) found.add(tag);
    } else if (type === "IEND") hasEnd = true;
    at += 12 + length;
  }
  return {
    format: "png",
    width: bytes.readUInt32BE(16),
    height: bytes.readUInt32BE(20),
    ...mode,
    bitDepth: bytes[24] as number,
    orientation,
    privateTags: [...found].sort(),
    hasEnd,
  };
}
