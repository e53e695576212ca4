import { requireInteger, requireOpenProbability, requirePositive } from "../arguments.js";
import { type RandomBits, systemBits } from "../random/random-bits.js";
import { discreteGaussian } from "./discrete-gaussian.js";
import type { NoiseMechanism } from "./laplace.js";

/**
 * Releases integers by discrete Gaussian noise. The cost of a release follows from its event by an accountant; the noise
 * for a wanted epsilon and delta is found by `calibrateGaussian`.
 *
 * @param options.sigma above 0, in the unit of the value
 * @param options.sensitivity integer of at least 1: by how much one person can move the value
 * @param options.bits default: the operating system's generator
 * @throws DeepwrightError `INVALID_ARGUMENT`
 */
export function gaussianMechanism(options: {
  readonly sigma: number;
  readonly sensitivity: number;
  readonly bits?: RandomBits;
}): NoiseMechanism {
  const { sigma } = options;
  const sensitivity = requireInteger("sensitivity", options.sensitivity, 1);
  const noise = discreteGaussian(sigma, options.bits ?? systemBits());
  requirePositive("sigma", sigma);
  return {
    event: { kind: "discrete-gaussian", sigma, sensitivity },
    release: (value) => value + noise(),
    errorBound(confidence) {
      const miss = 1 - requireOpenProbability("confidence", confidence);
      // Sub-Gaussian (Canonne et al. 2020, corollary 17 and proposition 25): the tail is summed, not bounded.
      const weight = (x: number): number => Math.exp((-x * x) / (2 * sigma * sigma));
      let total = 1;
      const reach = Math.ceil(40 * sigma) + 1;
      for (let x = 1; x <= reach; x++) total += 2 * weight(x);
      let tail = total - 1;
      for (let k = 0; ; k++) {
        if (tail <= miss * total || k > reach) return k;
        tail -= 2 * weight(k + 1);
      }
    },
  };
}
