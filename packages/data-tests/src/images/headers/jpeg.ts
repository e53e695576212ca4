import type { ImageHeader, PrivateTag } from "../image-facts.js";
import { privateTagsOfXmp, readExif } from "./exif.js";

/** Markers that begin a frame (SOF0 .. SOF15), without the tables among them. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

const xmpStart = "http://ns.adobe.com/xap/1.0/\0";

export interface JpegHeader extends ImageHeader {
  /** Byte after the marker that begins the coded pixels. */
  readonly scan: number;
}

/**
 * Source: ITU-T T.81, annex B; JEITA CP-3451 for APP1.
 *
 * @returns `null` where there is no frame before the pixels
 */
export function readJpegHeader(bytes: Buffer): JpegHeader | null {
  let at = 2;
  let frame: { width: number; height: number; components: number; bitDepth: number } | null = null;
  let orientation: number | null = null;
  const found = new Set<PrivateTag>();
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xd8 || (marker >= 0xd0 && marker <= 0xd7) || marker === 0x01) {
      at += 2;
      continue;
    }
    const length = bytes.readUInt16BE(at + 2);
    const body = bytes.subarray(at + 4, at + 2 + length);
    if (isFrame(marker) && body.length >= 6) {
      frame = {
        bitDepth: body[0] as number,
        height: body.readUInt16BE(1),
        width: body.readUInt16BE(3),
        components: body[5] as number,
      };
    } else if (marker === 0xe1 && body.toString("latin1", 0, 6) === "Exif\0\0") {
      const exif = readExif(body.subarray(6));
      orientation ??= exif.orientation;
      for (const tag of exif.privateTags) found.add(tag);
    } else if (marker === 0xe1 && body.toString("latin1", 0, xmpStart.length) === xmpStart) {
      for (const tag of privateTagsOfXmp(body.toString("utf8"))) found.add(tag);
    } else if (marker === 0xda) {
      if (frame === null) return null;
      const { width, height, components, bitDepth } = frame;
      const colorMode = components === 1 ? "gray" : components === 4 ? "cmyk" : "rgb";
      return {
        format: "jpeg",
        width,
        height,
        colorMode,
        channels: components,
        bitDepth,
        orientation,
        privateTags: [...found].sort(),
        scan: at + 2 + length,
      };
    } else if (marker === 0xd9) return null;
    at += 2 + length;
  }
  return null;
}

/** Whether the end of the image follows its pixels; a file that was cut lacks it. */
export function hasJpegEnd(bytes: Buffer, scan: number): boolean {
  return bytes.indexOf("\xff\xd9", scan, "latin1") >= 0;
}
