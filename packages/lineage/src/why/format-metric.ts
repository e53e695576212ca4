/** A metric value with the digits that matter: `23.7`, `0.0312`, `1.3e-7`, `NaN`. */
export function formatMetric(value: number): string {
  if (!Number.isFinite(value) || value === 0) return String(value);
  const size = Math.abs(value);
  if (size >= 1e7 || size < 1e-4) return value.toExponential(2).replace("e+", "e");
  const digits = Math.max(0, 3 - Math.floor(Math.log10(size)));
  return String(Number(value.toFixed(Math.min(digits, 8))));
}
