import { z } from "zod";
import { boundsShape, describeBounds, someBound } from "../../suite/common.js";
import type { ImageMeasures } from "../image-facts.js";
import { eachImage, eachShape, imageKind, ofMeasures } from "./image-kind.js";

/** Standard deviation of luma below which an image shows nothing: less than one step of 8 bits. */
export const blankContrast = 1;

export const notBlank = imageKind({
  expects:
    "every image to show something: a standard deviation of its luma (0 .. 255) of at least `contrast`, 1 by default",
  options: z.strictObject({ ...eachShape, contrast: z.number().positive().optional() }),
  plan: ({ contrast = blankContrast, ...options }, context) =>
    eachImage(context, options, `images to have a contrast of at least ${contrast}`, (image) =>
      ofMeasures(image, (found) =>
        found.contrast >= contrast ? null : { contrast: found.contrast, brightness: found.brightness },
      ),
    ),
});

const measureKind = (measure: Exclude<keyof ImageMeasures, "perceptualHash">, what: string) =>
  imageKind({
    expects: `${what} to be within bounds`,
    options: z.strictObject({ ...eachShape, ...boundsShape }).refine(someBound, "min or max is needed"),
    plan: ({ min, max, ...options }, context) =>
      eachImage(context, options, `${what} to be ${describeBounds(min, max)}`, (image) =>
        ofMeasures(image, (found) => {
          const value = found[measure];
          return value >= (min ?? Number.NEGATIVE_INFINITY) && value <= (max ?? Number.POSITIVE_INFINITY)
            ? null
            : { [measure]: value };
        }),
      ),
  });

export const brightnessBetween = measureKind("brightness", "mean luma (0 .. 255)");
export const contrastBetween = measureKind("contrast", "the standard deviation of luma");
export const sharpnessBetween = measureKind(
  "sharpness",
  "the variance of the Laplacian of luma, small where an image is blurred,",
);
export const clippedShareBetween = measureKind("clipped", "the share of black and white pixels");
