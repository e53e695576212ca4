import type { z } from "zod";
import { type catalogue, type KindName, kindNames } from "../expectations/catalogue.js";
import { checkSuite, type Expectation, type Suite } from "./suite.js";

type Builders = {
  readonly [Name in KindName]: (
    options: z.input<(typeof catalogue)[Name]["options"]>,
  ) => { readonly kind: Name } & z.input<(typeof catalogue)[Name]["options"]>;
};

/**
 * One builder for each kind of expectation.
 *
 * @example
 * ```ts
 * console.log(expectations.between({ column: "price", min: 0, max: 10 }));
 * // { kind: 'between', column: 'price', min: 0, max: 10 }
 * ```
 */
export const expectations = Object.fromEntries(
  kindNames.map((kind) => [kind, (options: object) => ({ kind, ...options }) as Expectation]),
) as unknown as Builders;

/**
 * A checked suite.
 *
 * @throws DeepwrightError `SUITE_INVALID`
 */
export function defineSuite(suite: Suite): Suite {
  return checkSuite(suite);
}
