export function median(values) {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function evaluate(actual, predicted) {
  const errors = [];
  let absolute = 0;
  let relative = 0;
  for (let i = 0; i < actual.length; i++) {
    const error = Math.abs(predicted[i] - actual[i]);
    const share = error / actual[i];
    absolute += error;
    relative += share;
    errors.push(share);
  }
  return {
    mae: absolute / actual.length,
    mape: (100 * relative) / actual.length,
    mdape: 100 * median(errors),
  };
}

export function printMetrics(result, decimals) {
  for (const name of ["mae", "mape", "mdape"]) console.log(`${name}=${result[name].toFixed(decimals)}`);
}
