import { chunksPresent } from "./kinds/chunks.js";
import {
  coordinateBetween,
  coordinateMonotonic,
  coordinateRegular,
  timeCovers,
  timeGapsAtMost,
} from "./kinds/coordinates.js";
import {
  maximumBetween,
  meanBetween,
  minimumBetween,
  missingShareAtMost,
  saturatedShareAtMost,
  standardDeviationBetween,
  sumBetween,
} from "./kinds/figures.js";
import { crsEquals, extentEquals, extentWithin, resolutionEquals } from "./kinds/raster.js";
import { slicesUnique, slicesVary } from "./kinds/slices.js";
import { jumpsAtMost, notFrozen } from "./kinds/steps.js";
import {
  attributeEquals,
  dimensionLengthBetween,
  dimensionsEqual,
  dtypeInSet,
  hasVariables,
  missingMarkerEquals,
  shapeEquals,
  unitsEqual,
} from "./kinds/structure.js";
import { alignedWith, matchesArray } from "./kinds/two-arrays.js";
import {
  valuesBetween,
  valuesFinite,
  valuesInSet,
  valuesNotInSet,
  valuesNotMissing,
  valuesWhole,
} from "./kinds/values.js";

/** All kinds of expectations about arrays by name; `expects` and `options` of each are its documentation. */
export const arrayCatalogue = {
  hasVariables,
  shapeEquals,
  dimensionsEqual,
  dimensionLengthBetween,
  dtypeInSet,
  attributeEquals,
  unitsEqual,
  missingMarkerEquals,
  chunksPresent,
  coordinateMonotonic,
  coordinateRegular,
  coordinateBetween,
  timeGapsAtMost,
  timeCovers,
  valuesBetween,
  valuesFinite,
  valuesNotMissing,
  valuesInSet,
  valuesNotInSet,
  valuesWhole,
  meanBetween,
  sumBetween,
  standardDeviationBetween,
  minimumBetween,
  maximumBetween,
  missingShareAtMost,
  saturatedShareAtMost,
  notFrozen,
  jumpsAtMost,
  slicesUnique,
  slicesVary,
  crsEquals,
  resolutionEquals,
  extentEquals,
  extentWithin,
  alignedWith,
  matchesArray,
} as const;

export type ArrayKindName = keyof typeof arrayCatalogue;
