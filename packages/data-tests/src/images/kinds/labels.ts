import { z } from "zod";
import { boundsShape, describeBounds, someBound } from "../../suite/common.js";
import type { ImageFacts } from "../image-facts.js";
import { type FailingImage, ImageFault, imageKind, imageShape } from "./image-kind.js";

const level = z.enum(["split", "label"]);

function groupsOf(images: readonly ImageFacts[], by: z.output<typeof level>): Map<string, number> {
  const groups = new Map<string, number>();
  for (const image of images) {
    const name = image[by];
    if (name !== null) groups.set(name, (groups.get(name) ?? 0) + 1);
  }
  if (groups.size === 0 && images.length > 0)
    throw new ImageFault(`no level of the folders is a ${by}; say so by \`folders\``);
  return groups;
}

export const imageCountBetween = imageKind({
  expects: "the number of images to be within bounds, in all or of each split or label",
  options: z
    .strictObject({ ...imageShape, ...boundsShape, by: level.optional() })
    .refine(someBound, "min or max is needed"),
  plan({ where, by, min = 0, max = Number.POSITIVE_INFINITY }, context) {
    const images = context.images(where);
    const groups = by === undefined ? new Map([["", images.length]]) : groupsOf(images, by);
    const failing: FailingImage[] = [...groups]
      .filter(([, count]) => count < min || count > max)
      .map(([name, count]) => ({ path: null, row: { ...(by !== undefined && { [by]: name }), images: count } }));
    const bounds = describeBounds(min === 0 ? undefined : min, Number.isFinite(max) ? max : undefined);
    return {
      expected: `the number of images${by === undefined ? "" : ` of each ${by}`} to be ${bounds}`,
      passed: failing.length === 0,
      observed: by === undefined ? images.length : failing.length,
      // An empty folder is counted, too.
      considered: by === undefined ? 1 : groups.size,
      failing,
      unit: by ?? "folder",
    };
  },
});

export const labelsInSet = imageKind({
  expects: "exactly these labels, each with images",
  options: z.strictObject({ ...imageShape, labels: z.array(z.string().min(1)).min(1) }),
  plan({ where, labels }, context) {
    const images = context.images(where);
    const groups = groupsOf(images, "label");
    const failing: FailingImage[] = [
      ...labels
        .filter((label) => !groups.has(label))
        .map((label) => ({ path: null, row: { label, problem: "no image" } })),
      ...images
        .filter(({ label }) => label === null || !labels.includes(label))
        .map(({ path, label }) => ({ path, row: { path, label } })),
    ];
    return {
      expected: `labels to be ${labels.slice(0, 12).join(", ")}`,
      passed: failing.length === 0,
      observed: [...groups.keys()].sort(),
      considered: images.length,
      failing,
      unit: "image",
    };
  },
});

export const labelShareBetween = imageKind({
  expects: "the share of each label among the images to be within bounds",
  options: z.strictObject({ ...imageShape, ...boundsShape }).refine(someBound, "min or max is needed"),
  plan({ where, min = 0, max = 1 }, context) {
    const images = context.images(where);
    const groups = groupsOf(images, "label");
    const failing: FailingImage[] = [...groups]
      .map(([label, count]) => ({ label, share: count / images.length, images: count }))
      .filter(({ share }) => share < min || share > max)
      .map((row) => ({ path: null, row }));
    return {
      expected: `the share of each label to be between ${min} and ${max}`,
      passed: failing.length === 0,
      observed: failing.length,
      considered: groups.size,
      failing,
      unit: "label",
    };
  },
});

export const labelsInEverySplit = imageKind({
  expects: "every label to have images in every split",
  options: z.strictObject({ ...imageShape, where: z.undefined().optional() }),
  plan(_options, context) {
    const images = context.images(undefined);
    const [splits, labels] = [groupsOf(images, "split"), groupsOf(images, "label")];
    const there = new Set(images.map(({ split, label }) => JSON.stringify([split, label])));
    const failing: FailingImage[] = [...splits.keys()].flatMap((split) =>
      [...labels.keys()]
        .filter((label) => !there.has(JSON.stringify([split, label])))
        .map((label) => ({ path: null, row: { split, label, images: 0 } })),
    );
    return {
      expected: "every label to be in every split",
      passed: failing.length === 0,
      observed: failing.length,
      considered: splits.size * labels.size,
      failing,
      unit: "pair",
    };
  },
});
