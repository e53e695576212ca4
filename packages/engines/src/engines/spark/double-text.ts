/**
 * SQL for the canonical text of a double. Before Java 19 `Double.toString`, which Spark's cast uses, can give a digit more than
 * are needed to read the double back (JDK-4511638), so texts of 15 and 16 digits are tried first.
 */
export function doubleText(value: string, depth: number): string {
  const rounded = (digits: number): string => `format_string('%.${digits - 1}e', ${value})`;
  return [
    `CASE WHEN abs(${value}) < 9e18D AND ${value} = rint(${value}) THEN CAST(CAST(${value} AS BIGINT) AS STRING)`,
    `WHEN isnan(${value}) THEN 'NaN'`,
    `WHEN abs(${value}) = double('Infinity') THEN CASE WHEN ${value} > 0 THEN 'Infinity' ELSE '-Infinity' END`,
    `WHEN abs(${value}) >= 1e-4D AND abs(${value}) < 1e15D THEN CASE`,
    ...[15, 16].map((digits) => `WHEN CAST(${rounded(digits)} AS DOUBLE) = ${value} THEN ${plain(rounded(digits))}`),
    `ELSE ${plain(`CAST(${value} AS STRING)`)} END`,
    `WHEN ${value} IS NOT NULL THEN 'f' || ${doubleBits(value, depth)} END`,
  ].join(" ");
}

/** Scientific notation as plain one, without trailing zeros. Fifteen digits stand before the point at most, and twenty behind it. */
const plain = (text: string): string => `trim(TRAILING '0' FROM CAST(CAST(${text} AS DECIMAL(38, 20)) AS STRING))`;

/**
 * The 16 hexadecimal digits of IEEE 754 binary64, which Spark has no function for: sign, exponent and mantissa by
 * multiplications with powers of two, which are exact.
 */
function doubleBits(value: string, depth: number): string {
  const size = `m${depth}`;
  const exponent = `x${depth}`;
  const smallestNormal = "2.2250738585072014e-308D";
  const guess = `CAST(floor(log2(${size})) AS INT)`;
  // The logarithm may round to the next integer.
  const corrected = `CASE WHEN ${size} < pow(2D, ${guess}) THEN ${guess} - 1 WHEN ${size} >= pow(2D, ${guess} + 1) THEN ${guess} + 1 ELSE ${guess} END`;
  const normal = `CAST(${size} * pow(2D, -${exponent}) * 4503599627370496D AS BIGINT) + (${exponent} + 1022L) * 4503599627370496L`;
  const subnormal = `CAST(${size} * pow(2D, 537) * pow(2D, 537) AS BIGINT)`;
  const normalBits = `transform(array(${corrected}), ${exponent} -> ${normal})[0]`;
  const magnitude = `transform(array(abs(${value})), ${size} -> CASE WHEN ${size} < ${smallestNormal} THEN ${subnormal} ELSE ${normalBits} END)[0]`;
  const sign = `CASE WHEN ${value} < 0 THEN shiftleft(1L, 63) ELSE 0L END`;
  return `lower(lpad(hex(${magnitude} | ${sign}), 16, '0'))`;
}
