/** Luma of each pixel, 0 .. 255. */
export interface Luma {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/**
 * Source: ITU-R BT.601-7, 2.5.1.
 *
 * @param pixels red, green, blue and alpha of each pixel, as decoders give them; alpha is laid over black
 */
export function lumaOf(pixels: Uint8Array, width: number, height: number): Luma {
  const values = new Float32Array(width * height);
  for (let index = 0, at = 0; index < values.length; index++, at += 4) {
    const luma =
      0.299 * (pixels[at] as number) + 0.587 * (pixels[at + 1] as number) + 0.114 * (pixels[at + 2] as number);
    values[index] = (luma * (pixels[at + 3] as number)) / 255;
  }
  return { width, height, values };
}

/** Means over boxes of pixels: a smaller picture of the same. */
export function shrink({ width, height, values }: Luma, toWidth: number, toHeight: number): Float64Array {
  const small = new Float64Array(toWidth * toHeight);
  for (let row = 0; row < toHeight; row++) {
    const [top, bottom] = edges(row, toHeight, height);
    for (let column = 0; column < toWidth; column++) {
      const [left, right] = edges(column, toWidth, width);
      let sum = 0;
      for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sum += values[y * width + x] as number;
      small[row * toWidth + column] = sum / ((bottom - top) * (right - left));
    }
  }
  return small;
}

/** At least one pixel. */
function edges(index: number, count: number, length: number): [number, number] {
  const start = Math.min(length - 1, Math.floor((index * length) / count));
  return [start, Math.max(start + 1, Math.floor(((index + 1) * length) / count))];
}
