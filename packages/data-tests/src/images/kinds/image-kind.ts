import type { CellValue } from "@deepwright/engines";
import { z } from "zod";
import { commonShape } from "../../suite/common.js";
import type { ImageFacts } from "../image-facts.js";
import type { ScannedFolder } from "../scan-images.js";

/** A kind of expectation about a folder of images. */
export interface ImageKind<Schema extends z.ZodType> {
  /** Completes "Expects ...", for the catalogue's documentation. */
  readonly expects: string;
  readonly options: Schema;
  /** @throws ImageFault where the folder does not allow the question */
  plan(options: z.output<Schema>, context: ImageContext): ImagePlan | Promise<ImagePlan>;
}

export function imageKind<Schema extends z.ZodType>(definition: ImageKind<Schema>): ImageKind<Schema> {
  return definition;
}

export interface ImageContext {
  readonly scanned: ScannedFolder;
  /** Where relative paths of annotation files begin. */
  readonly folder: string;
  /** Images that `where` lets through. */
  images(where: ImageFilter | undefined): readonly ImageFacts[];
}

export interface ImagePlan {
  readonly expected: string;
  readonly passed: boolean;
  readonly observed: CellValue;
  /** Images, labels, pairs looked at. */
  readonly considered: number;
  /** All that fails, the path of an image first where one is the reason. */
  readonly failing: readonly FailingImage[];
  /** What is counted, in one word. */
  readonly unit: string;
  readonly reason?: string;
}

export interface FailingImage {
  /** `null` where the reason is no single image. */
  readonly path: string | null;
  readonly row: Readonly<Record<string, CellValue>>;
}

/** Why a question can't be asked of these images. */
export class ImageFault extends Error {
  readonly code: "VARIABLE_MISSING" | "NOT_ANSWERABLE" = "NOT_ANSWERABLE";
}

const filter = z.strictObject({
  split: z.string().min(1).optional(),
  label: z.string().min(1).optional(),
});
export type ImageFilter = z.output<typeof filter>;

const { where: _, ...common } = commonShape;

/** What every expectation about images may say. */
export const imageShape = { ...common, where: filter.optional() } as const;

/** What every expectation about single images may say. */
export const eachShape = {
  ...imageShape,
  /** Least fraction of the images that must be as expected, 0 .. 1. Default: 1. */
  mostly: z.number().min(0).max(1).optional(),
} as const;

interface EachOptions {
  readonly where?: ImageFilter | undefined;
  readonly mostly?: number | undefined;
}

/**
 * A plan that asks one question of every image.
 *
 * @param failure what is wrong, as cells of the failing row; `null` where nothing is
 */
export function eachImage(
  context: ImageContext,
  { where, mostly = 1 }: EachOptions,
  expected: string,
  failure: (image: ImageFacts) => Readonly<Record<string, CellValue>> | null,
): ImagePlan {
  const images = context.images(where);
  const failing: FailingImage[] = [];
  for (const image of images) {
    const found = failure(image);
    if (found !== null) failing.push({ path: image.path, row: { path: image.path, ...found } });
  }
  const good = images.length - failing.length;
  return {
    expected,
    passed: good >= mostly * images.length,
    observed: images.length === 0 ? null : good / images.length,
    considered: images.length,
    failing,
    unit: "image",
  };
}

/** What a header says must hold; an image without one fails with its problem. */
export function ofHeader(
  image: ImageFacts,
  failure: (header: NonNullable<ImageFacts["header"]>) => Readonly<Record<string, CellValue>> | null,
): Readonly<Record<string, CellValue>> | null {
  return image.header === null ? { problem: image.problem } : failure(image.header);
}

/** What pixels say must hold; an image that is not decoded fails with its problem. */
export function ofMeasures(
  image: ImageFacts,
  failure: (measures: NonNullable<ImageFacts["measures"]>) => Readonly<Record<string, CellValue>> | null,
): Readonly<Record<string, CellValue>> | null {
  return image.measures === null ? { problem: image.problem } : failure(image.measures);
}
