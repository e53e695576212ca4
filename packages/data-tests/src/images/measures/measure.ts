import type { ImageMeasures } from "../image-facts.js";
import type { Luma } from "./luma.js";
import { perceptualHash } from "./perceptual-hash.js";

/**
 * What the luma of an image says. Sharpness is the variance of the Laplacian over the inner pixels (0 where there are none).
 *
 * Source: Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy" (2000), 3.1 (LAPV of Pertuz et al. 2013).
 */
export function measure(luma: Luma): ImageMeasures {
  const { width, height, values } = luma;
  let [sum, squares, clipped] = [0, 0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
    if (value <= 0.5 || value >= 254.5) clipped += 1;
  }
  const brightness = sum / values.length;
  let [edges, edgeSquares] = [0, 0];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const edge =
        (values[at - width] as number) +
        (values[at + width] as number) +
        (values[at - 1] as number) +
        (values[at + 1] as number) -
        4 * (values[at] as number);
      edges += edge;
      edgeSquares += edge * edge;
    }
  }
  const inner = Math.max(1, (width - 2) * (height - 2));
  return {
    brightness,
    contrast: Math.sqrt(Math.max(0, squares / values.length - brightness * brightness)),
    sharpness: Math.max(0, edgeSquares / inner - (edges / inner) ** 2),
    clipped: clipped / values.length,
    perceptualHash: perceptualHash(luma),
  };
}
