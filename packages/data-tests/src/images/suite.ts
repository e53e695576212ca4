import { z } from "zod";
import { suiteInvalid } from "../errors.js";
import type { Severity } from "../results/result.js";
import { checkAgainst } from "../suite/suite.js";
import { type ImageKindName, imageCatalogue } from "./catalogue.js";

type Options<Name extends ImageKindName> = z.input<(typeof imageCatalogue)[Name]["options"]>;

/** One expectation about a folder of images as JSON, YAML and TypeScript write it. */
export type ImageExpectation = { [Name in ImageKindName]: { readonly kind: Name } & Options<Name> }[ImageKindName];

export interface ImageSuite {
  readonly name: string;
  readonly description?: string | undefined;
  readonly owner?: string | undefined;
  /** Default: `error`. */
  readonly severity?: Severity | undefined;
  readonly expectations: readonly ImageExpectation[];
}

/**
 * Checks a suite about images.
 *
 * @throws DeepwrightError `SUITE_INVALID` that names the expectation and the field
 */
export function checkImageSuite(value: unknown): ImageSuite {
  const checked = checkAgainst(imageCatalogue, value);
  if (checked.key !== undefined) {
    throw suiteInvalid("no key in a suite about images", "one", "Remove `key`: an image is named by its path.");
  }
  return checked as unknown as ImageSuite;
}

/** A folder of images as a suite names it. */
export const imagesReference = z.strictObject({
  images: z.string().min(1),
  /** What the levels of folders mean, from the top. */
  folders: z
    .array(z.enum(["split", "label"]))
    .max(2)
    .optional(),
});

export type ImagesReference = z.output<typeof imagesReference>;
