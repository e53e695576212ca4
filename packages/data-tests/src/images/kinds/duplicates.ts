import { z } from "zod";
import type { ImageFacts } from "../image-facts.js";
import { nearPairs } from "../measures/near-pairs.js";
import { type FailingImage, type ImageContext, ImageFault, imageKind, imageShape } from "./image-kind.js";
import { blankContrast } from "./pixels.js";

/** Which pairs count: all, or those of two splits (a leak), or those of two labels (a contradiction). */
const across = z.enum(["all", "splits", "labels"]).optional();
type Across = z.output<typeof across>;

function counts(left: ImageFacts, right: ImageFacts, across: Across): boolean {
  if (across === "splits") return left.split !== right.split;
  return across === "labels" ? left.label !== right.label : true;
}

function requireLevel(context: ImageContext, across: Across): void {
  const level = across === "splits" ? "split" : across === "labels" ? "label" : null;
  if (level === null || context.scanned.images.some((image) => image[level] !== null)) return;
  throw new ImageFault(`no level of the folders is a ${level}; say so by \`folders\``);
}

const where = (across: Across): string => (across === undefined || across === "all" ? "" : ` across ${across}`);

export const noExactDuplicates = imageKind({
  expects: "no file to equal another byte by byte (SHA-256), within or across splits or labels",
  options: z.strictObject({ ...imageShape, across }),
  plan({ where: filter, across }, context) {
    requireLevel(context, across);
    const images = context.images(filter);
    const unread = images.filter(({ hash }) => hash === null);
    const failing: FailingImage[] = unread.map(({ path, problem }) => ({ path, row: { path, problem } }));
    const byHash = new Map<string, ImageFacts[]>();
    for (const image of images) {
      if (image.hash === null) continue;
      const same = byHash.get(image.hash);
      const first = same?.find((each) => counts(each, image, across));
      if (first !== undefined) failing.push({ path: image.path, row: { path: image.path, same_as: first.path } });
      if (same === undefined) byHash.set(image.hash, [image]);
      else same.push(image);
    }
    return {
      expected: `files to be unique${where(across)}`,
      passed: failing.length === 0,
      observed: failing.length,
      considered: images.length,
      failing,
      unit: "image",
    };
  },
});

/**
 * Bits of 64 in which hashes of near-duplicates differ at most. Krawetz ("Looks Like It", 2011) takes up to 5 for the same picture with small
 * changes, and 10 for another one. With independent, even bits two different images would lie within 5 with a probability of 4.5e-13: less than
 * one pair in 400 among 100,000 images; within 10 it would be 1e-8, some 50 pairs.
 */
const usualDistance = 5;

export const noNearDuplicates = imageKind({
  expects:
    "no image to look like another: perceptual hashes that differ in more than `distance` of 64 bits, 5 by default; blank images are not looked at, and images that can't be decoded break it",
  options: z.strictObject({ ...imageShape, across, distance: z.int().min(0).max(15).optional() }),
  plan({ where: filter, across, distance = usualDistance }, context) {
    requireLevel(context, across);
    const images = context.images(filter);
    const failing: FailingImage[] = images
      .filter(({ measures }) => measures === null)
      .map(({ path, problem }) => ({ path, row: { path, problem } }));
    const shown = images.filter(({ measures }) => measures !== null && measures.contrast >= blankContrast);
    const hashes = shown.map(({ measures }) => measures?.perceptualHash ?? "");
    const told = new Set<string>();
    for (const pair of nearPairs(hashes, distance)) {
      const [first, second] = [shown[pair.first] as ImageFacts, shown[pair.second] as ImageFacts];
      if (!counts(first, second, across) || told.has(second.path)) continue;
      told.add(second.path);
      failing.push({ path: second.path, row: { path: second.path, looks_like: first.path, bits: pair.distance } });
    }
    return {
      expected: `images to differ by more than ${distance} of 64 bits${where(across)}`,
      passed: failing.length === 0,
      observed: failing.length,
      considered: images.length,
      failing,
      unit: "image",
    };
  },
});
