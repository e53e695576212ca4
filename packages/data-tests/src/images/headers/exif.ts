import type { PrivateTag } from "../image-facts.js";

export interface ExifFacts {
  readonly orientation: number | null;
  readonly privateTags: readonly PrivateTag[];
}

const tags: Readonly<Record<number, PrivateTag>> = {
  315: "artist",
  40093: "artist",
  42032: "owner",
  42033: "serial-number",
  42037: "serial-number",
};
const pointers = { exif: 0x8769, location: 0x8825 } as const;
const orientationTag = 0x0112;
/** Latitude and longitude in the directory of the location. */
const latitudeTag = 2;
const longitudeTag = 4;

/**
 * Orientation and what tells of persons in EXIF data, which is a TIFF file of its own. Damaged data tells what can still be read.
 *
 * Source: CIPA DC-008-2019, "Exchangeable image file format for digital still cameras: Exif Version 2.32", 4.6.
 *
 * @param bytes from the byte order mark on
 */
export function readExif(bytes: Buffer): ExifFacts {
  const order = bytes.toString("latin1", 0, 2);
  if (order !== "II" && order !== "MM") return { orientation: null, privateTags: [] };
  const little = order === "II";
  const short = (at: number): number => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const long = (at: number): number => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const found = new Set<PrivateTag>();
  let orientation: number | null = null;
  const visited = new Set<number>();
  const directory = (at: number, visit: (tag: number, entry: number) => void): void => {
    // A directory may point to itself.
    if (visited.has(at) || at + 2 > bytes.length) return;
    visited.add(at);
    const count = short(at);
    for (let index = 0; index < count; index++) {
      const entry = at + 2 + 12 * index;
      if (entry + 12 > bytes.length) return;
      visit(short(entry), entry);
    }
  };
  const visit = (tag: number, entry: number): void => {
    if (tag === orientationTag) orientation = short(entry + 8);
    const told = tags[tag];
    if (told !== undefined && long(entry + 4) > 1) found.add(told);
    if (tag === pointers.exif) directory(long(entry + 8), visit);
    if (tag === pointers.location) {
      directory(long(entry + 8), (each) => {
        if (each === latitudeTag || each === longitudeTag) found.add("location");
      });
    }
  };
  if (bytes.length >= 8) directory(long(4), visit);
  return { orientation, privateTags: [...found].sort() };
}

/** What an XMP packet, which is XML, tells of persons. Source: Adobe, "XMP Specification Part 2", 3.2 and 3.4. */
export function privateTagsOfXmp(text: string): PrivateTag[] {
  const found: PrivateTag[] = [];
  if (/exif:GPS(Latitude|Longitude)\b/.test(text)) found.push("location");
  if (/aux:OwnerName\b|exifEX:CameraOwnerName\b/.test(text)) found.push("owner");
  if (/aux:SerialNumber\b|exifEX:BodySerialNumber\b/.test(text)) found.push("serial-number");
  return found;
}
