import { DeepwrightError } from "@deepwright/core";

/** A linear fit with the covariance of its coefficients up to the noise variance. */
export interface LinearFit {
  readonly coefficients: Float64Array;
  /** (X'X + P)⁻¹, row by row; times the noise variance it is the posterior covariance of the coefficients. */
  readonly covariance: readonly Float64Array[];
  /** Sum of squared residuals. */
  readonly residualSquares: number;
  /** Trace of the hat matrix: how many parameters were really spent. */
  readonly effectiveParameters: number;
}

/**
 * Least squares with a separate penalty per coefficient: the posterior mean under a normal prior with precision
 * `penalties[j]` times the noise variance's inverse (Hoerl and Kennard 1970, Technometrics 12, generalised ridge).
 * Solved by Cholesky decomposition of the normal equations. A penalty of 0 leaves a coefficient free.
 *
 * @param rows predictors, all rows equally long
 * @param targets one number a row
 * @param penalties one number of at least 0 a column
 * @throws DeepwrightError `INVALID_ARGUMENT` for shapes that do not fit, `SINGULAR_FIT` when columns without a penalty
 *   can't be told apart
 * @example
 * ```ts
 * const fit = ridge([[1, 0], [1, 1], [1, 2]], [1, 3, 5], [0, 0]);
 * console.log(Array.from(fit.coefficients)); // [1, 2]
 * ```
 */
export function ridge(
  rows: readonly ArrayLike<number>[],
  targets: ArrayLike<number>,
  penalties: ArrayLike<number>,
): LinearFit {
  const width = penalties.length;
  if (rows.length !== targets.length || rows.some((row) => row.length !== width)) {
    throw new DeepwrightError({
      code: "INVALID_ARGUMENT",
      expected: `one target a row and ${width} predictors in each`,
      got: `${rows.length} rows, ${targets.length} targets`,
      todo: "Give a rectangular matrix with one target for each of its rows.",
    });
  }
  const gram = Array.from({ length: width }, () => new Float64Array(width));
  const moment = new Float64Array(width);
  rows.forEach((row, index) => {
    for (let j = 0; j < width; j++) {
      const left = row[j] as number;
      if (left === 0) continue;
      moment[j] = (moment[j] as number) + left * (targets[index] as number);
      const line = gram[j] as Float64Array;
      for (let k = 0; k <= j; k++) line[k] = (line[k] as number) + left * (row[k] as number);
    }
  });
  const plain = gram.map((line) => Float64Array.from(line));
  gram.forEach((line, j) => {
    line[j] = (line[j] as number) + (penalties[j] as number);
  });
  const covariance = invert(cholesky(gram));
  const coefficients = Float64Array.from(covariance, (line) =>
    line.reduce((sum, value, k) => sum + value * (moment[k] as number), 0),
  );
  let residualSquares = 0;
  rows.forEach((row, index) => {
    let fitted = 0;
    for (let j = 0; j < width; j++) fitted += (row[j] as number) * (coefficients[j] as number);
    residualSquares += ((targets[index] as number) - fitted) ** 2;
  });
  let effectiveParameters = 0;
  for (let j = 0; j < width; j++) {
    for (let k = 0; k < width; k++) {
      const entry = k <= j ? (plain[j] as Float64Array)[k] : (plain[k] as Float64Array)[j];
      effectiveParameters += ((covariance[j] as Float64Array)[k] as number) * (entry as number);
    }
  }
  return { coefficients, covariance, residualSquares, effectiveParameters };
}

/** Lower triangular factor of a symmetric positive definite matrix given by its lower half. */
function cholesky(matrix: readonly Float64Array[]): Float64Array[] {
  const factor = matrix.map((line) => Float64Array.from(line));
  for (let j = 0; j < factor.length; j++) {
    const line = factor[j] as Float64Array;
    for (let k = 0; k <= j; k++) {
      const other = factor[k] as Float64Array;
      let sum = line[k] as number;
      for (let m = 0; m < k; m++) sum -= (line[m] as number) * (other[m] as number);
      if (k < j) line[k] = sum / (other[k] as number);
      else if (sum > 1e-12 * (line[k] as number)) line[k] = Math.sqrt(sum);
      else throw singular(j);
    }
  }
  return factor;
}

function singular(column: number): DeepwrightError {
  return new DeepwrightError({
    code: "SINGULAR_FIT",
    expected: "predictors that can be told apart",
    got: `column ${column}, which the columns before it determine`,
    todo: "Leave the column out or give it a penalty above 0.",
  });
}

/** Inverse of L L', both halves. */
function invert(factor: readonly Float64Array[]): Float64Array[] {
  const size = factor.length;
  const inverse = Array.from({ length: size }, () => new Float64Array(size));
  for (let column = 0; column < size; column++) {
    const solution = new Float64Array(size);
    for (let j = column; j < size; j++) {
      let sum = j === column ? 1 : 0;
      for (let m = column; m < j; m++) sum -= ((factor[j] as Float64Array)[m] as number) * (solution[m] as number);
      solution[j] = sum / ((factor[j] as Float64Array)[j] as number);
    }
    for (let j = size - 1; j >= 0; j--) {
      let sum = solution[j] as number;
      for (let m = j + 1; m < size; m++) sum -= ((factor[m] as Float64Array)[j] as number) * (solution[m] as number);
      solution[j] = sum / ((factor[j] as Float64Array)[j] as number);
      (inverse[j] as Float64Array)[column] = solution[j] as number;
    }
  }
  return inverse;
}
