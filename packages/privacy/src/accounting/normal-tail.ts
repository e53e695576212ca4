import { normal } from "@deepwright/stats";

const standard = normal();
/** From here on the continued fraction needs few terms. */
const far = 4;

/**
 * The Mills ratio of the standard normal distribution: P(X > x) / density(x). Keeps all its digits where both are too
 * small for a number.
 */
export function millsRatio(x: number): number {
  if (x < far) return standard.survival(x) / standard.density(x);
  // Laplace's continued fraction 1 / (x + 1 / (x + 2 / (x + 3 / ...))), from the inside.
  const terms = Math.ceil(20 + 2400 / (x * x));
  let fraction = x;
  for (let k = terms; k >= 1; k--) fraction = x + k / fraction;
  return 1 / fraction;
}
