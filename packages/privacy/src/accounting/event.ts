/**
 * What a mechanism did to the data, as far as privacy is concerned. Noise is relative to how much one person can move
 * the result: of a query with sensitivity 3 and Gaussian noise of standard deviation 6, `noiseMultiplier` is 2.
 */
export type PrivacyEvent =
  /** Gaussian noise; also of many queries at once by their joint L2 sensitivity. */
  | { readonly kind: "gaussian"; readonly noiseMultiplier: number }
  /** Laplace noise of scale `noiseMultiplier` times the L1 sensitivity. */
  | { readonly kind: "laplace"; readonly noiseMultiplier: number }
  /** Discrete Laplace noise of this scale on an integer that one person moves by at most `sensitivity`. */
  | { readonly kind: "discrete-laplace"; readonly scale: number; readonly sensitivity: number }
  /** Discrete Gaussian noise with this sigma on an integer that one person moves by at most `sensitivity`. */
  | { readonly kind: "discrete-gaussian"; readonly sigma: number; readonly sensitivity: number }
  /** A mechanism of which only its guarantee is known. */
  | { readonly kind: "epsilon-delta"; readonly epsilon: number; readonly delta: number }
  /** Zero-concentrated differential privacy (Bun and Steinke 2016) with `rho`. */
  | { readonly kind: "zero-concentrated"; readonly rho: number }
  /** Each person takes part with this probability, independently of the others. */
  | { readonly kind: "poisson-sampled"; readonly probability: number; readonly event: PrivacyEvent }
  /** A batch of fixed size, drawn without replacement. */
  | {
      readonly kind: "fixed-batch";
      readonly batchSize: number;
      readonly sourceSize: number;
      readonly event: PrivacyEvent;
    }
  | { readonly kind: "composed"; readonly events: readonly PrivacyEvent[] }
  | { readonly kind: "repeated"; readonly times: number; readonly event: PrivacyEvent };

/**
 * Which data sets the guarantee compares.
 *
 * - `add-or-remove-one`: with and without one person
 * - `replace-one`: one person's data replaced by any other's: both what was there goes and something comes, so noise
 *   calibrated to the first protects half as much here
 */
export type Neighbors = "add-or-remove-one" | "replace-one";
