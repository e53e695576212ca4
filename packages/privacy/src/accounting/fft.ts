/**
 * Discrete Fourier transform in place, of complex numbers with a power of two of them (Cooley and Tukey, radix 2). The
 * inverse is not divided by the length.
 *
 * @param inverse whether the exponent is positive
 */
export function fourierTransform(real: Float64Array, imaginary: Float64Array, inverse = false): void {
  const size = real.length;
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      const [a, b] = [real[i] as number, imaginary[i] as number];
      real[i] = real[j] as number;
      imaginary[i] = imaginary[j] as number;
      real[j] = a;
      imaginary[j] = b;
    }
  }
  const { cosines, sines } = twiddles(size);
  const sign = inverse ? 1 : -1;
  for (let half = 1; half < size; half *= 2) {
    const stride = size / (2 * half);
    for (let start = 0; start < size; start += 2 * half) {
      for (let k = 0, w = 0; k < half; k++, w += stride) {
        const [top, bottom] = [start + k, start + k + half];
        const c = cosines[w] as number;
        const s = sign * (sines[w] as number);
        const x = real[bottom] as number;
        const y = imaginary[bottom] as number;
        const turnedX = c * x - s * y;
        const turnedY = c * y + s * x;
        real[bottom] = (real[top] as number) - turnedX;
        imaginary[bottom] = (imaginary[top] as number) - turnedY;
        real[top] = (real[top] as number) + turnedX;
        imaginary[top] = (imaginary[top] as number) + turnedY;
      }
    }
  }
}

interface Twiddles {
  readonly size: number;
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
}

let known: Twiddles = { size: 0, cosines: new Float64Array(0), sines: new Float64Array(0) };

/** Each from the library's functions, not from the one before: errors don't add up. */
function twiddles(size: number): Twiddles {
  if (known.size === size) return known;
  const cosines = new Float64Array(size / 2);
  const sines = new Float64Array(size / 2);
  for (let k = 0; k < size / 2; k++) {
    cosines[k] = Math.cos((2 * Math.PI * k) / size);
    sines[k] = Math.sin((2 * Math.PI * k) / size);
  }
  known = { size, cosines, sines };
  return known;
}
