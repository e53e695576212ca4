import { z } from "zod";
import { boundsShape, describeBounds, someBound } from "../../suite/common.js";
import { extensionOf, formatsByExtension } from "../headers/read-header.js";
import { colorModes, imageFormats, privateTags } from "../image-facts.js";
import { eachImage, eachShape, imageKind, imageShape, ofHeader } from "./image-kind.js";

const within = (value: number | null, min: number | undefined, max: number | undefined): boolean =>
  value !== null && value >= (min ?? Number.NEGATIVE_INFINITY) && value <= (max ?? Number.POSITIVE_INFINITY);

export const imagesDecodable = imageKind({
  expects: "every image to decode to the end: JPEG and PNG are decoded, other formats fail, for nothing here can tell",
  options: z.strictObject(eachShape),
  plan: (options, context) =>
    eachImage(context, options, "images to be decodable", ({ problem }) => (problem === null ? null : { problem })),
});

export const onlyImages = imageKind({
  expects: "no other files in the folder but images and those that `except` lets pass by their ending",
  options: z.strictObject({
    ...imageShape,
    where: z.undefined().optional(),
    except: z.array(z.string().min(1)).optional(),
  }),
  plan({ except = [] }, { scanned }) {
    const allowed = new Set(except.map((ending) => ending.toLowerCase().replace(/^\./, "")));
    const failing = scanned.others.filter((path) => !allowed.has(extensionOf(path)));
    return {
      expected: "all files to be images",
      passed: failing.length === 0,
      observed: failing.length,
      considered: scanned.images.length + scanned.others.length,
      failing: failing.map((path) => ({ path, row: { path } })),
      unit: "file",
    };
  },
});

export const formatInSet = imageKind({
  expects: "the format, as the bytes say it, to be one of some",
  options: z.strictObject({ ...eachShape, formats: z.array(z.enum(imageFormats)).min(1) }),
  plan: ({ formats, ...options }, context) =>
    eachImage(context, options, `images to be ${formats.join(" or ")}`, (image) =>
      ofHeader(image, ({ format }) => (formats.includes(format) ? null : { format })),
    ),
});

export const extensionMatchesFormat = imageKind({
  expects: "the ending of the name to fit the format that the bytes say",
  options: z.strictObject(eachShape),
  plan: (options, context) =>
    eachImage(context, options, "endings to fit the formats", (image) =>
      ofHeader(image, ({ format }) => (formatsByExtension[extensionOf(image.path)] === format ? null : { format })),
    ),
});

const sideKind = (side: "width" | "height") =>
  imageKind({
    expects: `the ${side} in pixels to be within bounds`,
    options: z.strictObject({ ...eachShape, ...boundsShape }).refine(someBound, "min or max is needed"),
    plan: ({ min, max, ...options }, context) =>
      eachImage(context, options, `${side}s to be ${describeBounds(min, max)}`, (image) =>
        ofHeader(image, (header) => (within(header[side], min, max) ? null : { [side]: header[side] })),
      ),
  });

export const widthBetween = sideKind("width");
export const heightBetween = sideKind("height");

export const aspectRatioBetween = imageKind({
  expects: "width by height to be within bounds",
  options: z.strictObject({ ...eachShape, ...boundsShape }).refine(someBound, "min or max is needed"),
  plan: ({ min, max, ...options }, context) =>
    eachImage(context, options, `aspect ratios to be ${describeBounds(min, max)}`, (image) =>
      ofHeader(image, ({ width, height }) => (within(width / height, min, max) ? null : { width, height })),
    ),
});

export const fileSizeBetween = imageKind({
  expects: "the bytes of a file to be within bounds",
  options: z.strictObject({ ...eachShape, ...boundsShape }).refine(someBound, "min or max is needed"),
  plan: ({ min, max, ...options }, context) =>
    eachImage(context, options, `sizes of files to be ${describeBounds(min, max)} bytes`, ({ sizeBytes, problem }) =>
      within(sizeBytes, min, max) ? null : sizeBytes === null ? { problem } : { bytes: sizeBytes },
    ),
});

export const colorModeInSet = imageKind({
  expects: "the color mode to be one of some",
  options: z.strictObject({ ...eachShape, modes: z.array(z.enum(colorModes)).min(1) }),
  plan: ({ modes, ...options }, context) =>
    eachImage(context, options, `color modes to be ${modes.join(" or ")}`, (image) =>
      ofHeader(image, ({ colorMode }) =>
        colorMode !== null && modes.includes(colorMode) ? null : { mode: colorMode },
      ),
    ),
});

export const channelsInSet = imageKind({
  expects: "the number of channels to be one of some",
  options: z.strictObject({ ...eachShape, channels: z.array(z.int().min(1)).min(1) }),
  plan: ({ channels, ...options }, context) =>
    eachImage(context, options, `images to have ${channels.join(" or ")} channels`, (image) =>
      ofHeader(image, ({ channels: found }) =>
        found !== null && channels.includes(found) ? null : { channels: found },
      ),
    ),
});

export const bitDepthInSet = imageKind({
  expects: "the bits of a channel to be one of some",
  options: z.strictObject({ ...eachShape, bits: z.array(z.int().min(1)).min(1) }),
  plan: ({ bits, ...options }, context) =>
    eachImage(context, options, `channels to have ${bits.join(" or ")} bits`, (image) =>
      ofHeader(image, ({ bitDepth }) => (bitDepth !== null && bits.includes(bitDepth) ? null : { bits: bitDepth })),
    ),
});

export const orientationInSet = imageKind({
  expects: "the EXIF orientation to be one of some; by default 1, upright, for many decoders ignore it. None means 1",
  options: z.strictObject({ ...eachShape, orientations: z.array(z.int().min(1).max(8)).min(1).optional() }),
  plan: ({ orientations = [1], ...options }, context) =>
    eachImage(context, options, `orientations to be ${orientations.join(" or ")}`, (image) =>
      ofHeader(image, ({ orientation }) => (orientations.includes(orientation ?? 1) ? null : { orientation })),
    ),
});

export const noPrivateMetadata = imageKind({
  expects: "no EXIF or XMP that tells of a person: location, artist, owner, serial number of a device",
  options: z.strictObject({ ...eachShape, tags: z.array(z.enum(privateTags)).min(1).optional() }),
  plan: ({ tags = [...privateTags], ...options }, context) =>
    eachImage(context, options, `images to tell no ${tags.join(", ")}`, (image) =>
      ofHeader(image, (header) => {
        const told = header.privateTags.filter((tag) => tags.includes(tag));
        return told.length === 0 ? null : { tells: told.join(", ") };
      }),
    ),
});
