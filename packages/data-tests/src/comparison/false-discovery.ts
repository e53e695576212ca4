/**
 * Which hypotheses to reject so that on average at most a fraction `rate` of the rejected are true. Source: Y. Benjamini and Y. Hochberg,
 * "Controlling the false discovery rate", J. R. Stat. Soc. B 57 (1995), section 3.1; holds for independent and for positively
 * dependent tests.
 *
 * @param pValues within 0 .. 1
 * @param rate above 0, at most 1
 * @example
 * ```ts
 * console.log(rejectedByFalseDiscovery([0.001, 0.04, 0.03, 0.9], 0.05)); // [ true, false, false, false ]
 * ```
 */
export function rejectedByFalseDiscovery(pValues: readonly number[], rate: number): boolean[] {
  const sorted = [...pValues].sort((left, right) => left - right);
  let bound = -1;
  sorted.forEach((p, index) => {
    if (p <= ((index + 1) / sorted.length) * rate) bound = p;
  });
  return pValues.map((p) => p <= bound);
}
