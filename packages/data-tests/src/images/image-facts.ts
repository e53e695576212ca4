export const imageFormats = ["jpeg", "png", "gif", "bmp", "webp", "tiff", "avif", "heic"] as const;
export type ImageFormat = (typeof imageFormats)[number];

export const colorModes = ["gray", "gray-alpha", "rgb", "rgba", "palette", "cmyk"] as const;
export type ColorMode = (typeof colorModes)[number];

/** What tells of a person: where it was, who made it, with which device. */
export const privateTags = ["location", "artist", "owner", "serial-number"] as const;
export type PrivateTag = (typeof privateTags)[number];

/** What the first bytes of an image say. */
export interface ImageHeader {
  readonly format: ImageFormat;
  /** Pixels, before the orientation is applied. */
  readonly width: number;
  readonly height: number;
  /** `null` where the format does not tell before it is decoded. */
  readonly colorMode: ColorMode | null;
  readonly channels: number | null;
  /** Bits of a channel. */
  readonly bitDepth: number | null;
  /** EXIF's 1 .. 8; `null` where there is none, which means 1. */
  readonly orientation: number | null;
  readonly privateTags: readonly PrivateTag[];
}

/** What the pixels say, with channels weighted to luma (ITU-R BT.601), 0 .. 255. */
export interface ImageMeasures {
  /** Mean of the luma. */
  readonly brightness: number;
  /** Standard deviation of the luma. */
  readonly contrast: number;
  /** Variance of the Laplacian of the luma; the smaller, the more blurred. */
  readonly sharpness: number;
  /** Share of pixels whose luma is 0 or 255. */
  readonly clipped: number;
  /** Perceptual hash: 64 bits as 16 hexadecimal digits. */
  readonly perceptualHash: string;
}

/** One file of a folder of images. */
export interface ImageFacts {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  /** Names of the folders that it lies in, by what their levels mean: `split`, `label`. */
  readonly split: string | null;
  readonly label: string | null;
  readonly sizeBytes: number | null;
  /** SHA-256 of the bytes of the file; `null` where it can't be read. */
  readonly hash: string | null;
  readonly header: ImageHeader | null;
  readonly measures: ImageMeasures | null;
  /** Why the file is not read, has no header, or can't be decoded; else `null`. */
  readonly problem: string | null;
}
