import { annotationsMatch } from "./kinds/annotations.js";
import { noExactDuplicates, noNearDuplicates } from "./kinds/duplicates.js";
import {
  aspectRatioBetween,
  bitDepthInSet,
  channelsInSet,
  colorModeInSet,
  extensionMatchesFormat,
  fileSizeBetween,
  formatInSet,
  heightBetween,
  imagesDecodable,
  noPrivateMetadata,
  onlyImages,
  orientationInSet,
  widthBetween,
} from "./kinds/files.js";
import { imageCountBetween, labelShareBetween, labelsInEverySplit, labelsInSet } from "./kinds/labels.js";
import { brightnessBetween, clippedShareBetween, contrastBetween, notBlank, sharpnessBetween } from "./kinds/pixels.js";

/** All kinds of expectations about images by name; `expects` and `options` of each are its documentation. */
export const imageCatalogue = {
  imageCountBetween,
  imagesDecodable,
  onlyImages,
  formatInSet,
  extensionMatchesFormat,
  widthBetween,
  heightBetween,
  aspectRatioBetween,
  fileSizeBetween,
  colorModeInSet,
  channelsInSet,
  bitDepthInSet,
  orientationInSet,
  noPrivateMetadata,
  notBlank,
  brightnessBetween,
  contrastBetween,
  sharpnessBetween,
  clippedShareBetween,
  noExactDuplicates,
  noNearDuplicates,
  labelsInSet,
  labelShareBetween,
  labelsInEverySplit,
  annotationsMatch,
} as const;

export type ImageKindName = keyof typeof imageCatalogue;
