import { z } from "zod";
import { suiteInvalid } from "../errors.js";
import type { Severity } from "../results/result.js";
import { checkAgainst } from "../suite/suite.js";
import { type ArrayKindName, arrayCatalogue } from "./catalogue.js";

type Options<Name extends ArrayKindName> = z.input<(typeof arrayCatalogue)[Name]["options"]>;

/** One expectation about arrays as JSON, YAML and TypeScript write it. */
export type ArrayExpectation = { [Name in ArrayKindName]: { readonly kind: Name } & Options<Name> }[ArrayKindName];

export interface ArraySuite {
  readonly name: string;
  readonly description?: string | undefined;
  readonly owner?: string | undefined;
  /** Default: `error`. */
  readonly severity?: Severity | undefined;
  readonly expectations: readonly ArrayExpectation[];
}

/**
 * Checks a suite about arrays.
 *
 * @throws DeepwrightError `SUITE_INVALID` that names the expectation and the field
 */
export function checkArraySuite(value: unknown): ArraySuite {
  const checked = checkAgainst(arrayCatalogue, value);
  if (checked.key !== undefined) {
    throw suiteInvalid("no key in a suite about arrays", "one", "Remove `key`: an element is named by its indexes.");
  }
  return checked as unknown as ArraySuite;
}

/** Arrays as a suite names them. */
export const arrayReference = z.strictObject({
  /** Path of a file or Zarr folder, or the `http(s)` address of a Zarr store or GeoTIFF. */
  array: z.string().min(1),
  /** Array of the file that expectations are about which name none. */
  variable: z.string().min(1).optional(),
  /** Markers of missing values, instead of those that the file declares. */
  missing: z.array(z.union([z.number(), z.nan()])).optional(),
  /** Arrays to open in a Zarr store behind http that lists none. */
  variables: z.array(z.string().min(1)).min(1).optional(),
});

export type ArrayReference = z.output<typeof arrayReference>;
