export function median(values) {
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
    absolute += error;
    relative += error / actual[i];
    errors.push(error / actual[i]);
  }
  return {
    mae: absolute / actual.length,
    mape: (100 * relative) / actual.length,
    mdape: 100 * median(errors),
  };
}

export function printMetrics(result, decimals) {
  console.log(`mae=${result.mae.toFixed(decimals)}`);
  console.log(`mape=${result.mape.toFixed(decimals)}`);
  console.log(`mdape=${result.mdape.toFixed(decimals)}`);
}
