import { seededRng } from "@deepwright/core";
import jpeg from "jpeg-js";
import { PNG } from "pngjs";

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue, alpha. */
  readonly data: Uint8Array;
}

/** A picture of random waves and a little noise; another one for each seed. */
export function picture(seed: number, width = 96, height = 72): Picture {
  const rng = seededRng(seed);
  const waves = Array.from({ length: 10 }, () => ({
    x: (rng.uniform() - 0.5) * 12,
    y: (rng.uniform() - 0.5) * 12,
    phase: rng.uniform() * 2 * Math.PI,
    color: rng.integer(3),
  }));
  const data = new Uint8Array(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const color = [128, 128, 128];
      for (const wave of waves) {
        const value =
          22 * Math.sin((2 * Math.PI * (wave.x * x)) / width + (2 * Math.PI * wave.y * y) / height + wave.phase);
        for (let channel = 0; channel < 3; channel++) {
          color[channel] = (color[channel] as number) + (channel === wave.color ? 1.4 : 0.7) * value;
        }
      }
      const at = 4 * (y * width + x);
      for (let channel = 0; channel < 3; channel++) {
        data[at + channel] = Math.max(1, Math.min(254, Math.round((color[channel] as number) + 8 * rng.uniform())));
      }
      data[at + 3] = 255;
    }
  }
  return { width, height, data };
}

/** The picture with each channel of each pixel changed. */
export function changed(
  { width, height, data }: Picture,
  change: (value: number, x: number, y: number) => number,
): Picture {
  const next = Uint8Array.from(data, (value, at) => {
    const pixel = Math.floor(at / 4);
    return at % 4 === 3
      ? value
      : Math.max(0, Math.min(255, Math.round(change(value, pixel % width, Math.floor(pixel / width)))));
  });
  return { width, height, data: next };
}

/** Means over neighborhoods: out of focus. */
export function blurred({ width, height, data }: Picture, radius: number): Picture {
  const next = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 4; channel++) {
        let [sum, count] = [0, 0];
        for (let v = Math.max(0, y - radius); v <= Math.min(height - 1, y + radius); v++) {
          for (let u = Math.max(0, x - radius); u <= Math.min(width - 1, x + radius); u++) {
            sum += data[4 * (v * width + u) + channel] as number;
            count += 1;
          }
        }
        next[4 * (y * width + x) + channel] = Math.round(sum / count);
      }
    }
  }
  return { width, height, data: next };
}

export function jpegBytes(image: Picture, quality = 92): Buffer {
  return jpeg.encode(image as { width: number; height: number; data: Uint8Array }, quality).data;
}

export function pngBytes({ width, height, data }: Picture, colorType: 0 | 2 | 6 = 2): Buffer {
  const png = new PNG({ width, height });
  png.data = Buffer.from(data);
  return PNG.sync.write(png, { colorType });
}

export interface ExifContent {
  readonly orientation?: number;
  readonly location?: boolean;
  readonly artist?: string;
}

/** The JPEG with EXIF data behind its first marker. */
export function withExif(bytes: Buffer, { orientation, location, artist }: ExifContent): Buffer {
  const entries: { tag: number; type: number; count: number; value: Buffer }[] = [];
  const long = (value: number): Buffer => {
    const four = Buffer.alloc(4);
    four.writeUInt32LE(value);
    return four;
  };
  if (orientation !== undefined)
    entries.push({ tag: 0x0112, type: 3, count: 1, value: Buffer.from([orientation, 0, 0, 0]) });
  if (artist !== undefined)
    entries.push({ tag: 0x013b, type: 2, count: artist.length + 1, value: Buffer.from(`${artist}\0`) });
  const directoryLength = 2 + 12 * (entries.length + (location === true ? 1 : 0)) + 4;
  let end = 8 + directoryLength;
  const tails: Buffer[] = [];
  const write = (each: (typeof entries)[number]): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt16LE(each.tag, 0);
    head.writeUInt16LE(each.type, 2);
    head.writeUInt32LE(each.count, 4);
    if (each.value.length <= 4) return Buffer.concat([head, each.value, Buffer.alloc(4 - each.value.length)]);
    const place = end;
    tails.push(each.value);
    end += each.value.length;
    return Buffer.concat([head, long(place)]);
  };
  const written = entries.map(write);
  if (location === true) {
    const gps = Buffer.concat([Buffer.from([1, 0]), Buffer.from([2, 0, 5, 0, 3, 0, 0, 0]), long(0), long(0)]);
    written.push(write({ tag: 0x8825, type: 4, count: 1, value: long(end) }));
    tails.push(gps);
  }
  const count = Buffer.alloc(2);
  count.writeUInt16LE(written.length);
  const tiff = Buffer.concat([Buffer.from("II*\0"), long(8), count, ...written, long(0), ...tails]);
  const body = Buffer.concat([Buffer.from("Exif\0\0"), tiff]);
  const segment = Buffer.from([0xff, 0xe1, 0, 0]);
  segment.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([bytes.subarray(0, 2), segment, body, bytes.subarray(2)]);
}
